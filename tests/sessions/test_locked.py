"""What a locked session is, exactly."""

from typing import Any

import pytest

from holdfast.app import ROUTES
from holdfast.kit.http import Auth
from tests.world import EXTRAS, PASSWORD, Answer, Person, World, person, refused

NEW = "nimbus orchard vagrant"


def says_locked(answer: Answer) -> None:
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is True
    assert answer.headers["access-control-allow-origin"] == "*"


def says_gone(answer: Answer) -> None:
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is False


async def locked_phone(world: World, **body: Any) -> tuple[Person, Person]:
    """Alice, who has changed her account password, and her phone, locked by that."""
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE", **body)
    assert (await alice.change_password(NEW)).status_code == 200
    alice.password = NEW
    return alice, phone


ANSWERED = [
    (route.method, path)
    for route in ROUTES
    if route.auth is not Auth.NONE
    for path in route.paths
    if path.startswith("/_matrix/")
]


@pytest.mark.parametrize("how", ["header", "query"])
async def test_every_endpoint_answers_its_token_alike(world: World, how: str) -> None:
    _alice, phone = await locked_phone(world)
    assert ("GET", "/_matrix/client/versions") in ANSWERED
    for method, path in ANSWERED:
        url = path.replace("{", "").replace("}", "")
        if how == "header":
            says_locked(await world.call(method, url, json={}, token=phone.token))
        else:
            says_locked(await world.call(method, f"{url}?access_token={phone.token}", json={}))


async def test_versions_without_a_token_is_for_everybody(world: World) -> None:
    assert (await world.get("/_matrix/client/versions")).status_code == 200


async def test_its_refresh_token_is_answered_alike(world: World) -> None:
    _alice, phone = await locked_phone(world, refresh_token=True)
    says_locked(await world.post("refresh", {"refresh_token": phone.refresh_token}))
    says_locked(await phone.get("account/whoami"))


async def test_it_is_still_listed_with_its_state(world: World) -> None:
    alice, _phone = await locked_phone(world)
    told = (await alice.devices())["PHONE"]
    assert told["dev.holdfast.state"] == "locked"
    assert told["dev.holdfast.locked_ts"] == world.clock.now
    assert told["dev.holdfast.removal_ts"] == world.clock.now + 30 * 86_400_000


async def test_signing_in_with_its_device_id_lets_it_in_again(world: World) -> None:
    alice, phone = await locked_phone(world)
    answer = await world.login("alice", NEW, device_id="PHONE")
    back = person(world, NEW, answer)
    assert (back.user_id, back.device_id) == (phone.user_id, "PHONE")
    assert await back.is_signed_in()
    assert (await alice.devices())["PHONE"]["dev.holdfast.state"] == "signed_in"
    says_locked(await phone.get("account/whoami"))


async def test_and_no_other(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE")
    tablet = await alice.another_session(device_id="TABLET")
    await alice.change_password(NEW)
    await world.login("alice", NEW, device_id="PHONE")
    says_locked(await tablet.get("account/whoami"))
    says_locked(await phone.get("account/whoami"))
    assert (await alice.devices())["TABLET"]["dev.holdfast.state"] == "locked"


async def test_its_old_tokens_are_dead_for_good(world: World) -> None:
    """On Synapse the old access token works again once the session is signed in.

    Who still holds one, such as a second tab, is not told to discard the session's keys.
    """
    _alice, phone = await locked_phone(world, refresh_token=True)
    back = person(world, NEW, await world.login("alice", NEW, device_id="PHONE"))
    says_locked(await phone.get("account/whoami"))
    says_locked(await world.post("refresh", {"refresh_token": phone.refresh_token}))
    says_locked(await phone.post("logout"))
    assert await back.is_signed_in()


async def test_the_old_password_does_not_let_it_in(world: World) -> None:
    _alice, phone = await locked_phone(world)
    refused(await world.login("alice", PASSWORD, device_id="PHONE"), 403, "M_FORBIDDEN")
    says_locked(await phone.get("account/whoami"))


async def test_somebody_else_with_the_same_device_id(world: World) -> None:
    _alice, phone = await locked_phone(world)
    await world.register("bob", device_id="PHONE")
    says_locked(await phone.get("account/whoami"))


@pytest.mark.parametrize("path", ["logout", "logout/all"])
async def test_it_cannot_sign_itself_out(world: World, path: str) -> None:
    """A thief of the revoked token must not destroy the device and what waits for it."""
    alice, phone = await locked_phone(world)
    says_locked(await phone.post(path))
    assert "PHONE" in await alice.devices()
    says_locked(await phone.get("account/whoami"))


async def test_another_session_renames_it(world: World) -> None:
    alice, _phone = await locked_phone(world)
    await alice.put("devices/PHONE", {"display_name": "Lost phone"})
    assert (await alice.devices())["PHONE"]["display_name"] == "Lost phone"


async def test_another_session_removes_it(world: World) -> None:
    alice, phone = await locked_phone(world)
    await alice.delete("devices/PHONE", {"auth": alice.auth()})
    assert "PHONE" not in await alice.devices()
    says_gone(await phone.get("account/whoami"))


async def test_it_goes_by_itself_after_its_time(world: World) -> None:
    alice, phone = await locked_phone(world)
    world.clock.turn(days=30)
    await world.housekeeping()
    says_locked(await phone.get("account/whoami"))
    world.clock.turn(ms=1)
    await world.housekeeping()
    says_gone(await phone.get("account/whoami"))
    assert list(await alice.devices()) == [alice.device_id]


async def test_locking_again_does_not_prolong_it(world: World) -> None:
    alice, phone = await locked_phone(world)
    world.clock.turn(days=20)
    await alice.change_password("another ember vagrant")
    world.clock.turn(days=11)
    await world.housekeeping()
    says_gone(await phone.get("account/whoami"))


async def test_more_than_one_batch_goes(world: World) -> None:
    alice = await world.register("alice")
    await world.many_sessions(alice, 1001)
    await alice.change_password(NEW)
    world.clock.turn(days=31)
    await world.housekeeping()
    assert list(await alice.devices()) == [alice.device_id]


async def test_locking_chosen_sessions(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE")
    tablet = await alice.another_session(device_id="TABLET")
    chosen = ["PHONE", alice.device_id, "UNKNOWN"]
    assert (await alice.post(f"{EXTRAS}/lock_devices", {"devices": chosen})).json() == {}
    says_locked(await phone.get("account/whoami"))
    assert await tablet.is_signed_in()
    assert await alice.is_signed_in(), "one's own session is left out"
    assert (await world.login("alice", PASSWORD, device_id="PHONE")).status_code == 200
