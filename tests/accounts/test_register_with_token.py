"""Creating an account on a server that asks for a registration token."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, Answer, World

STAGE = "m.login.registration_token"
VALIDITY = f"/_matrix/client/v1/register/{STAGE}/validity"


@pytest.fixture
async def invited(make_world: MakeWorld) -> AsyncIterator[World]:
    async with make_world(HOLDFAST_REGISTRATION="token") as world:
        yield world


async def register(world: World, name: str, token: str) -> Answer:
    """The token, and then the stage that says that no address is wanted."""
    stage = {"type": STAGE, "token": token}
    first = await world.post("register", {"username": name, "password": PASSWORD, "auth": stage})
    if first.json().get("completed") != [STAGE]:
        return first
    auth = {"type": "m.login.dummy", "session": first.json()["session"]}
    return await world.post("register", {"auth": auth})


async def is_valid(world: World, token: str) -> bool:
    valid: bool = (await world.get(VALIDITY, params={"token": token})).json()["valid"]
    return valid


async def test_nobody_registers_without(invited: World) -> None:
    flows = (await invited.post("register", {"username": "alice"})).json()["flows"]
    assert all(STAGE in flow["stages"] for flow in flows)
    dummy = {"type": "m.login.dummy"}
    answer = await invited.post(
        "register", {"username": "alice", "password": PASSWORD, "auth": dummy}
    )
    assert answer.status_code == 401
    assert (await register(invited, "alice", "made up")).status_code == 401


async def test_a_token_works_as_often_as_it_says(invited: World) -> None:
    token = await invited.invite(uses=2)
    for name in ("alice", "bob"):
        assert await is_valid(invited, token)
        assert (await register(invited, name, token)).status_code == 200
    assert not await is_valid(invited, token)
    assert (await register(invited, "carol", token)).status_code == 401


async def test_a_token_that_has_expired(invited: World) -> None:
    token = await invited.invite(expires_at=invited.clock.now + 1000)
    assert await is_valid(invited, token)
    invited.clock.turn(minutes=1)
    assert not await is_valid(invited, token)
    assert (await register(invited, "alice", token)).status_code == 401


async def test_a_failed_try_does_not_use_the_token_up(invited: World) -> None:
    token = await invited.invite(uses=1)
    assert (await register(invited, "Not Allowed", token)).status_code == 400
    assert (await register(invited, "alice", token)).status_code == 200


async def test_one_use_is_one_account_even_at_the_same_moment(invited: World) -> None:
    token = await invited.invite(uses=1)
    tries = [register(invited, f"user{number}", token) for number in range(4)]
    codes = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert codes.count(200) == 1
    assert set(codes) <= {200, 401, 403}


async def test_with_an_address_both_stages_are_needed(invited: World) -> None:
    token = await invited.invite(uses=1)
    by_mail = await invited.prove_address("register/email", "alice@example.org")
    first = await invited.post(
        "register", {"username": "alice", "password": PASSWORD, "auth": by_mail}
    )
    assert first.status_code == 401
    assert first.json()["completed"] == ["m.login.email.identity"]
    stage = {"type": STAGE, "token": token, "session": first.json()["session"]}
    done = await invited.post("register", {"auth": stage})
    assert done.status_code == 200, done.text
    identifier = {"type": "m.id.thirdparty", "medium": "email", "address": "alice@example.org"}
    answer = await invited.post(
        "login", {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
    )
    assert answer.json()["user_id"] == "@alice:hold.example"
