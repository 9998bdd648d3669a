"""Registration tokens: what an operator hands out, and what is left of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from holdfast.uia import registration_tokens
from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, Answer, World


@pytest.fixture
async def invited(make_world: MakeWorld) -> AsyncIterator[World]:
    async with make_world(HOLDFAST_REGISTRATION="token") as made:
        yield made


async def open_with(world: World, name: str, token: str) -> str:
    """A registration in which the token is proven and the last stage is still open."""
    stage = {"type": "m.login.registration_token", "token": token}
    body = {"username": name, "password": PASSWORD, "auth": stage}
    answer = await world.post("register", body)
    assert answer.json()["completed"] == ["m.login.registration_token"], answer.text
    return str(answer.json()["session"])


async def finish(world: World, session: str) -> Answer:
    auth = {"type": "m.login.dummy", "session": session}
    return await world.post("register", {"auth": auth})


async def is_valid(world: World, token: str) -> bool:
    path = "/_matrix/client/v1/register/m.login.registration_token/validity"
    return bool((await world.get(f"{path}?token={token}")).json()["valid"])


async def test_proving_it_is_not_using_it(invited: World) -> None:
    token = await invited.invite(uses=1)
    sessions = [await open_with(invited, name, token) for name in ("alice", "bob")]
    assert await is_valid(invited, token)
    assert (await finish(invited, sessions[0])).status_code == 200
    assert not await is_valid(invited, token)
    late = await finish(invited, sessions[1])
    assert late.status_code == 403
    assert (await invited.login("bob")).status_code == 403


async def test_one_use_is_one_account_though_both_had_proven_it(invited: World) -> None:
    token = await invited.invite(uses=1)
    names = [f"guest{number}" for number in range(6)]
    sessions = [await open_with(invited, name, token) for name in names]
    answers = await asyncio.gather(*(finish(invited, session) for session in sessions))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 403, 403, 403, 403, 403]
    signed_in = [(await invited.login(name)).status_code for name in names]
    assert signed_in.count(200) == 1


async def test_it_may_expire_between_two_stages(invited: World) -> None:
    token = await invited.invite(expires_at=invited.clock.now + 60_000)
    session = await open_with(invited, "alice", token)
    invited.clock.turn(minutes=2)
    assert not await is_valid(invited, token)
    assert (await finish(invited, session)).status_code == 403


async def test_it_may_be_revoked_between_two_stages(invited: World) -> None:
    token = await invited.invite()
    session = await open_with(invited, "alice", token)
    db = invited.server.context.db
    assert await db.write(lambda tx: registration_tokens.revoke(tx, token))
    assert (await finish(invited, session)).status_code == 403
    assert not await is_valid(invited, token)


async def test_the_token_itself_is_not_stored(invited: World) -> None:
    token = await invited.invite()
    session = await open_with(invited, "alice", token)
    rows = await invited.server.context.db.read(
        lambda tx: [
            *tx.all(lambda *row: row, "SELECT * FROM registration_tokens"),
            *tx.all(lambda *row: row, "SELECT * FROM uia_sessions"),
        ]
    )
    assert len(rows) == 2
    assert token not in repr(rows)
    assert (await finish(invited, session)).status_code == 200
