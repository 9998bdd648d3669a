"""Somebody else has the mailbox, or the access token: how far they get, and who comes back."""

import pytest

from tests.recovery.test_by_key import SET_UP, has_key, is_set_up, secret, set_up
from tests.recovery.test_not_me import add_address, lock_path, press
from tests.recovery.test_reset_in_portal import MAIL, complete, requested
from tests.world import EXTRAS, PASSWORD, World, refused

OTHER = "alice@elsewhere.example"
STOLEN = "granite lantern mosaic"
OWN = "nimbus orchard vagrant"


async def test_a_stolen_mailbox(world: World) -> None:
    """It resets the password, for that is what a mailbox is for; the owner's other one ends it."""
    alice = await world.register("alice", email=MAIL)
    await add_address(alice, OTHER)
    world.clock.turn(days=10)
    thief = (await complete(world, await requested(world), STOLEN, default="keep")).json()
    assert thief["dev.holdfast.sessions"]["kept"] == [alice.device_id]
    session = (await world.login("alice", STOLEN)).json()
    await press(world, await lock_path(world, OTHER))
    told = await world.call("GET", "account/whoami", token=session["access_token"])
    refused(told, 401, "M_UNKNOWN_TOKEN")
    refused(await world.login("alice", STOLEN), 403, "M_FORBIDDEN")
    assert (await complete(world, await requested(world, OTHER), OWN)).status_code == 200
    back = await world.login("alice", OWN, device_id=alice.device_id)
    assert back.json()["device_id"] == alice.device_id, "with its keys"


async def test_a_stolen_access_token(world: World) -> None:
    """It opens no way back for the thief, and the owner's is not closed by it for good."""
    alice = await world.register("alice", email=MAIL)
    await has_key(alice, "KEY")
    assert (await set_up(alice, secret())).status_code == 200
    thief = await alice.another_session()
    mine = {"key_id": "KEY", "secret": secret()}
    assert "flows" in (await thief.put(SET_UP, mine)).json()
    paused = await alice.another_session(initial_device_display_name="Cinny Web")
    await alice.post(f"{EXTRAS}/lock_devices", {"devices": [paused.device_id]})
    answer = await thief.post(f"{EXTRAS}/let_in_devices", {"devices": [paused.device_id]})
    assert "flows" in answer.json()
    assert (await thief.delete(SET_UP)).status_code == 200
    assert "can no longer reset" in (await world.letter(MAIL)).subject, "its owner is told"
    assert not await is_set_up(alice)
    assert (await set_up(alice, secret())).status_code == 200
    assert (await world.login("alice", PASSWORD)).status_code == 200


@pytest.mark.parametrize("path", ["/_holdfast/not-me/x", "/_holdfast/confirm"])
async def test_another_website_presses_no_button(world: World, path: str) -> None:
    """What a page does takes a secret that stands in nothing but the mail, and no cookie exists."""
    alice = await world.register("alice", email=MAIL)
    await world.login("alice")
    headers = {"origin": "https://evil.example", "content-type": "text/plain"}
    answer = await world.http.post(path, headers=headers, content=b"sid=1&token=1")
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers
    assert await alice.is_signed_in()
