"""Paused sessions: what a lock is for clients that would discard their keys otherwise."""

import asyncio
from functools import partial

import pytest

from tests.sync.syncing import Client, soon
from tests.world import EXTRAS, Answer, Person, World, refused

NEW = "nimbus orchard vagrant"


def says_paused(answer: Answer) -> None:
    refused(answer, 401, "M_USER_LOCKED")
    assert answer.json()["soft_logout"] is True
    assert "Settings, Sessions" in answer.json()["error"]


async def paused_cinny(world: World, **body: bool) -> tuple[Person, Person]:
    """Alice, who has changed her account password, and her Cinny, paused by that."""
    alice = await world.register("alice")
    cinny = await alice.another_session(initial_device_display_name="Cinny Web", **body)
    assert (await alice.change_password(NEW)).status_code == 200
    alice.password = NEW
    return alice, cinny


async def let_in(alice: Person, *device_ids: str) -> Answer:
    body = {"devices": list(device_ids), "auth": alice.auth()}
    return await alice.post(f"{EXTRAS}/let_in_devices", body)


async def test_its_token_goes_on_once_it_is_let_in_again(world: World) -> None:
    alice, cinny = await paused_cinny(world)
    says_paused(await cinny.get("account/whoami"))
    told = (await alice.devices())[cinny.device_id]
    assert (told["dev.holdfast.state"], told["dev.holdfast.paused"]) == ("locked", True)
    assert (await let_in(alice, cinny.device_id)).json() == {"let_in": [cinny.device_id]}
    assert await cinny.is_signed_in()
    told = (await alice.devices())[cinny.device_id]
    assert told["dev.holdfast.state"] == "signed_in"
    assert "dev.holdfast.paused" not in told


async def test_its_refresh_token_does_too(world: World) -> None:
    alice, cinny = await paused_cinny(world, refresh_token=True)
    says_paused(await world.post("refresh", {"refresh_token": cinny.refresh_token}))
    await let_in(alice, cinny.device_id)
    assert (await world.post("refresh", {"refresh_token": cinny.refresh_token})).status_code == 200


async def test_a_waiting_sync_ends_at_once(world: World) -> None:
    alice = await world.register("alice")
    cinny = Client(await alice.another_session(initial_device_display_name="Cinny Web"))
    await cinny.sync()
    async with cinny.waiting() as waiting:
        await alice.post(f"{EXTRAS}/lock_devices", {"devices": [cinny.person.device_id]})
        says_paused(await soon(waiting))


async def test_only_who_knows_the_account_password_lets_it_in(world: World) -> None:
    alice, cinny = await paused_cinny(world)
    body = {"devices": [cinny.device_id]}
    assert "flows" in (await alice.post(f"{EXTRAS}/let_in_devices", body)).json()
    old = {**body, "auth": {**alice.auth(), "password": "not the one"}}
    refused(await alice.post(f"{EXTRAS}/let_in_devices", old), 401, "M_FORBIDDEN")
    says_paused(await cinny.post(f"{EXTRAS}/let_in_devices", {**body, "auth": alice.auth()}))
    says_paused(await cinny.get("account/whoami"))


async def test_nobody_elses_and_none_that_is_locked_for_good(world: World) -> None:
    _alice, cinny = await paused_cinny(world)
    bob = await world.register("bob")
    phone = await bob.another_session(initial_device_display_name="Element")
    await bob.post(f"{EXTRAS}/lock_devices", {"devices": [phone.device_id]})
    chosen = (cinny.device_id, phone.device_id, bob.device_id, "UNKNOWN")
    assert (await let_in(bob, *chosen)).json() == {"let_in": []}
    says_paused(await cinny.get("account/whoami"))
    refused(await phone.get("account/whoami"), 401, "M_UNKNOWN_TOKEN")


async def test_signing_in_to_it_ends_its_tokens(world: World) -> None:
    alice, cinny = await paused_cinny(world)
    await world.login("alice", NEW, device_id=cinny.device_id)
    assert (await let_in(alice, cinny.device_id)).json() == {"let_in": []}
    refused(await cinny.get("account/whoami"), 401, "M_UNKNOWN_TOKEN")


async def test_a_stolen_refresh_token_is_never_let_in(world: World) -> None:
    """Its session is locked, not paused, whatever its client is: its tokens are in two hands."""
    alice = await world.register("alice")
    body = {"initial_device_display_name": "Cinny Web", "refresh_token": True}
    cinny = await alice.another_session(**body)
    stolen = {"refresh_token": cinny.refresh_token}
    for _ in range(2):
        new = (await world.post("refresh", {"refresh_token": cinny.refresh_token})).json()
        cinny.token, cinny.refresh_token = new["access_token"], new["refresh_token"]
        assert await cinny.is_signed_in()
    refused(await world.post("refresh", stolen), 401, "M_UNKNOWN_TOKEN")
    refused(await cinny.get("account/whoami"), 401, "M_UNKNOWN_TOKEN")
    assert (await let_in(alice, cinny.device_id)).json() == {"let_in": []}


async def test_let_in_and_locked_at_once(world: World) -> None:
    """Either comes first; what is shown is what is true."""
    alice, cinny = await paused_cinny(world)
    lock = alice.post(f"{EXTRAS}/lock_devices", {"devices": [cinny.device_id]})
    await asyncio.gather(let_in(alice, cinny.device_id), lock)
    state = (await alice.devices())[cinny.device_id]["dev.holdfast.state"]
    assert await cinny.is_signed_in() is (state == "signed_in")


async def test_the_number_of_statements(world: World) -> None:
    alice, cinny = await paused_cinny(world)
    others = [await alice.another_session() for _ in range(3)]
    chosen = [cinny.device_id, *(each.device_id for each in others)]
    counts = []
    for group in (chosen[:1], chosen):
        await alice.post(f"{EXTRAS}/lock_devices", {"devices": group})
        counts.append(await world.count_statements(partial(let_in, alice, *group)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("body", [{}, {"devices": "PHONE"}, {"devices": [1]}])
async def test_bad_bodies(world: World, body: dict[str, object]) -> None:
    alice = await world.register("alice")
    answer = await alice.post(f"{EXTRAS}/let_in_devices", {**body, "auth": alice.auth()})
    assert answer.status_code == 400
