"""Stage by stage: what was said and proven in one round counts in the next."""

from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, World

NEW = "another fine lighthouse"
MAIL = "alice@example.org"


async def test_the_body_of_the_first_round_is_enough(world: World) -> None:
    alice = await world.register("alice")
    session = (await alice.post("account/password", {"new_password": NEW})).json()["session"]
    auth = {**alice.auth(), "session": session}
    answer = await alice.post("account/password", {"auth": auth})
    assert answer.status_code == 200, answer.text
    assert (await world.login("alice", NEW)).status_code == 200


async def test_what_a_later_round_says_goes_before(world: World) -> None:
    first = await world.post("register", {"username": "alice", "password": PASSWORD})
    auth = {"type": "m.login.dummy", "session": first.json()["session"]}
    answer = await world.post("register", {"username": "bob", "auth": auth})
    assert answer.json()["user_id"] == "@bob:hold.example"
    assert (await world.login("bob")).status_code == 200


async def test_a_wrong_try_does_not_end_the_conversation(world: World) -> None:
    alice = await world.register("alice")
    session = (await alice.post("account/password", {"new_password": NEW})).json()["session"]
    wrong = await alice.post(
        "account/password", {"auth": {**alice.auth("wrong"), "session": session}}
    )
    assert wrong.status_code == 401
    assert wrong.json()["session"] == session
    right = await alice.post("account/password", {"auth": {**alice.auth(), "session": session}})
    assert right.status_code == 200


async def test_a_completed_stage_is_remembered(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_REGISTRATION="token") as world:
        token = await world.invite(uses=1)
        wanted = {"username": "alice", "password": PASSWORD}
        stage = {"type": "m.login.registration_token", "token": token}
        first = await world.post("register", {**wanted, "auth": stage})
        assert first.json()["completed"] == ["m.login.registration_token"]
        session = first.json()["session"]
        again = await world.post("register", {"auth": {"session": session}})
        assert again.status_code == 401
        assert again.json()["completed"] == ["m.login.registration_token"]
        mail = await world.prove_address("register/email", MAIL)
        answer = await world.post("register", {"auth": {**mail, "session": session}})
        assert answer.status_code == 200, answer.text


async def test_each_flow_is_enough_by_itself(world: World) -> None:
    """Who is signed in and forgot the account password can still change it, by mail."""
    alice = await world.register("alice", email=MAIL)
    asked = await alice.post("account/password", {"new_password": NEW})
    flows = [flow["stages"] for flow in asked.json()["flows"]]
    assert flows == [["m.login.password"], ["m.login.email.identity"]]
    stage = await world.prove_address("account/password/email", MAIL)
    answer = await alice.post(
        "account/password", {"auth": {**stage, "session": asked.json()["session"]}}
    )
    assert answer.status_code == 200, answer.text
    assert await alice.is_signed_in()


@pytest.mark.parametrize("stage", ["m.login.recaptcha", "m.login.dummy", "m.login.msisdn", ""])
async def test_a_stage_that_is_not_offered_proves_nothing(world: World, stage: str) -> None:
    alice = await world.register("alice")
    session = (await alice.post("account/deactivate")).json()["session"]
    auth = {"type": stage, "session": session}
    answer = await alice.post("account/deactivate", {"auth": auth})
    assert answer.status_code == 401
    assert answer.json()["errcode"] == "M_UNRECOGNIZED"
    assert answer.json()["session"] == session
    assert answer.json()["completed"] == []
    assert await alice.is_signed_in()


async def test_a_session_expires_with_all_it_proved(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_REGISTRATION="token") as world:
        stage = {"type": "m.login.registration_token", "token": await world.invite()}
        body: dict[str, Any] = {"username": "alice", "password": PASSWORD, "auth": stage}
        session = (await world.post("register", body)).json()["session"]
        world.clock.turn(minutes=31)
        auth = {"type": "m.login.dummy", "session": session}
        answer = await world.post("register", {"auth": auth})
        assert answer.status_code == 401
        assert answer.json()["session"] != session
        assert answer.json()["completed"] == ["m.login.dummy"]
        await world.housekeeping()
        assert await sessions_stored(world) == 1


async def sessions_stored(world: World) -> int:
    count = "SELECT count(*) FROM uia_sessions"
    return int(await world.server.context.db.read(lambda tx: tx.value(count)))


async def test_a_session_works_once(world: World) -> None:
    alice = await world.register("alice")
    other, third = await alice.another_session(), await alice.another_session()
    body = {"devices": [other.device_id]}
    session = (await alice.post("delete_devices", body)).json()["session"]
    auth = {**alice.auth(), "session": session}
    assert (await alice.post("delete_devices", {"auth": auth})).status_code == 200
    replay = {"devices": [third.device_id], "auth": {"session": session}}
    answer = await alice.post("delete_devices", replay)
    assert answer.status_code == 401
    assert answer.json()["completed"] == []
    assert await third.is_signed_in()
