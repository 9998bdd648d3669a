"""Registering where an invitation is needed: one stage must not cut the other flow short."""

from typing import Any

from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, World

TOKEN = "m.login.registration_token"
EMAIL = "m.login.email.identity"


async def prove_token(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """The request, and the server's answer to its first stage."""
    body = {"username": "alice", "password": PASSWORD}
    auth = {"type": TOKEN, "token": await world.invite(uses=1)}
    answer = await world.post("register", {**body, "auth": auth})
    assert answer.status_code == 401, answer.text
    return body, answer.json()


async def test_the_token_alone_leaves_the_choice_of_an_address(make_world: MakeWorld) -> None:
    """A client that proves the token first, as matrix-nio does, may still add an address."""
    async with make_world(HOLDFAST_REGISTRATION="token") as world:
        body, asked = await prove_token(world)
        assert asked["flows"] == [{"stages": [TOKEN, "m.login.dummy"]}, {"stages": [TOKEN, EMAIL]}]
        assert asked["completed"] == [TOKEN]
        stage = await world.prove_address("register/email", "alice@example.org")
        auth = {**stage, "session": asked["session"]}
        answer = await world.post("register", {**body, "auth": auth})
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        listed = (await world.get("account/3pid", token=token)).json()["threepids"]
        assert [each["address"] for each in listed] == ["alice@example.org"]


async def test_the_dummy_stage_goes_without_an_address(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_REGISTRATION="token") as world:
        body, asked = await prove_token(world)
        auth = {"type": "m.login.dummy", "session": asked["session"]}
        assert (await world.post("register", {**body, "auth": auth})).status_code == 200
        again = {"username": "bob", "password": PASSWORD, "auth": auth}
        assert (await world.post("register", again)).status_code == 401
