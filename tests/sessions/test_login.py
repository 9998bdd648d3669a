"""Signing in with an account password: who, how, and what goes wrong."""

import pytest

from tests.world import PASSWORD, World


async def test_a_session_is_opened(world: World) -> None:
    await world.register("alice")
    answer = await world.login("alice", initial_device_display_name="Phone")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["user_id"] == "@alice:hold.example"
    assert body["well_known"] == {"m.homeserver": {"base_url": "https://hold.example"}}
    who = await world.get("account/whoami", token=body["access_token"])
    assert who.json() == {
        "user_id": "@alice:hold.example",
        "device_id": body["device_id"],
        "is_guest": False,
    }


@pytest.mark.parametrize("name", ["alice", "@alice:hold.example", "Alice", "@ALICE:Hold.Example"])
async def test_every_spelling_of_the_name_leads_to_the_account(world: World, name: str) -> None:
    await world.register("alice")
    assert (await world.login(name)).json()["user_id"] == "@alice:hold.example"


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(world: World) -> None:
    await world.register("alice")
    wrong = await world.login("alice", "not the password")
    unknown = await world.login("nobody", PASSWORD)
    assert wrong.status_code == unknown.status_code == 403
    for field in ("errcode", "error"):
        assert wrong.json()[field] == unknown.json()[field]
    assert wrong.json()["errcode"] == "M_FORBIDDEN"
