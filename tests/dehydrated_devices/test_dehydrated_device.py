"""A device that waits on the server, and gets the keys when no session does."""

from typing import Any

from tests.dehydrated_devices.dehydrating import (
    PATH,
    DehydratedDevice,
    events,
    number_of_events,
    send_to_all,
)
from tests.device_keys.devices import SIGNED, Identity, claim, query
from tests.sync.syncing import Client
from tests.to_device.mailing import waiting_in_queues
from tests.world import World, refused


async def test_put_get_delete(world: World) -> None:
    alice = await world.register("alice")
    refused(await alice.get(PATH), 404, "M_NOT_FOUND")
    refused(await alice.delete(PATH), 404, "M_NOT_FOUND")
    device = await DehydratedDevice(alice).put()
    shown = {"device_id": device.device_id, "device_data": device.device_data}
    told = (await alice.get(PATH)).json()
    assert set(told) == {"device_id", "device_data"}
    assert told["device_id"] == shown["device_id"]
    assert (await alice.delete(PATH)).json() == {"device_id": device.device_id}
    refused(await alice.get(PATH), 404, "M_NOT_FOUND")
    refused(await events(alice, device.device_id), 403, "M_FORBIDDEN")


async def test_others_know_it_like_any_device(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    laptop = Client(await alice.another_session())
    await laptop.sync()
    device = await DehydratedDevice(alice).put()
    heard = (await laptop.ask()).json()
    assert heard["device_lists"]["changed"] == [alice.user_id]
    listed = (await query(bob, alice.user_id))["device_keys"][alice.user_id][device.device_id]
    assert listed["dehydrated"] is True
    assert listed["unsigned"] == {"device_display_name": "Dehydrated device"}
    assert next(iter(await claim(bob, device))).startswith(f"{SIGNED}:")
    await send_to_all(bob, alice, "1")
    assert await number_of_events(alice, device) == 1


async def test_it_is_no_session(world: World) -> None:
    alice = await world.register("alice")
    device = await DehydratedDevice(alice).put()
    assert list(await alice.devices()) == [alice.device_id]
    path = f"devices/{device.device_id.replace('/', '%2F')}"
    refused(await alice.get(path), 404, "M_NOT_FOUND")
    refused(await alice.put(path, {"display_name": "Mine"}), 404, "M_NOT_FOUND")
    assert (await alice.delete(path, {"auth": alice.auth()})).status_code == 200
    body = {"auth": alice.auth(), "devices": [device.device_id]}
    assert (await alice.post("delete_devices", body)).status_code == 200
    assert await number_of_events(alice, device) == 0
    bob = await world.register("bob")
    assert device.device_id in (await query(bob, alice.user_id))["device_keys"][alice.user_id]


async def test_what_the_identity_signed_stays_signed(world: World) -> None:
    """Clients sign it before they upload it, and encrypt for no other."""
    alice = await world.register("alice")
    identity = Identity(alice.user_id)
    await identity.publish(alice)
    device = DehydratedDevice(alice)
    body = device.body()
    body["device_keys"] = identity.sign(body["device_keys"], identity.self_signing)
    assert (await alice.put(PATH, body)).status_code == 200
    told = (await query(alice, alice.user_id))["device_keys"][alice.user_id][device.device_id]
    signed_by = told["signatures"][alice.user_id]
    assert signed_by == body["device_keys"]["signatures"][alice.user_id]
    assert len(signed_by) == 2


async def test_it_survives_a_changed_password(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    await send_to_all(bob, alice, "before")
    remove = {"dev.holdfast.sessions": {"default": "remove"}}
    assert (await alice.change_password("a quite different sentence", **remove)).status_code == 200
    await send_to_all(bob, alice, "after")
    assert await number_of_events(alice, device) == 2


async def test_it_survives_a_reset(world: World) -> None:
    alice, bob = await world.register("alice", email="a@example.org"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    creds = await world.request_token("account/password/email", "a@example.org")
    letters = await world.letters("a@example.org")
    await world.press(letters[-1].link)
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    new = "a quite different sentence"
    answer = await world.post("account/password", {"auth": auth, "new_password": new})
    assert answer.status_code == 200, answer.text
    assert not await alice.is_signed_in()
    await send_to_all(bob, alice, "after")
    alice.token = (await world.login("alice", new)).json()["access_token"]
    assert (await alice.get(PATH)).json()["device_id"] == device.device_id
    assert await number_of_events(alice, device) == 1


async def test_it_survives_the_end_of_every_session(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    await alice.another_session()
    await alice.post("logout/all")
    world.clock.turn(ms=90 * 24 * 3600 * 1000)
    await world.housekeeping()
    await send_to_all(bob, alice, "1")
    alice.token = (await world.login("alice")).json()["access_token"]
    assert await number_of_events(alice, device) == 1


async def test_it_goes_with_the_account(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    await send_to_all(bob, alice, "1")
    await alice.post("account/deactivate", {"auth": alice.auth()})
    assert (await query(bob, alice.user_id))["device_keys"].get(alice.user_id, {}) == {}
    await send_to_all(bob, alice, "2")
    assert await claim(bob, device) == {}
    world.clock.turn(days=31)
    await world.housekeeping()
    count = "SELECT count(*) FROM dehydrated_devices"
    assert await world.server.context.db.read(lambda tx: tx.value(count)) == 0


async def test_another_one_takes_its_place(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    old = await DehydratedDevice(alice).put()
    await send_to_all(bob, alice, "1")
    new = await DehydratedDevice(alice).put()
    assert (await alice.get(PATH)).json()["device_id"] == new.device_id
    refused(await events(alice, old.device_id), 403, "M_FORBIDDEN")
    assert await number_of_events(alice, new) == 0
    assert await waiting_in_queues(alice) == 2  # the session's, and what may be brought back
    listed = (await query(bob, alice.user_id))["device_keys"][alice.user_id]
    assert set(listed) == {new.device_id}
    assert await claim(bob, old) == {}


async def test_no_session_can_have_its_name(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    answer = await world.login("alice", device_id=device.device_id)
    refused(answer, 400, "M_INVALID_PARAM")
    assert "dehydrated" in answer.json()["error"]
    by_token = {"type": "m.login.token", "token": await alice.login_token()}
    again = await world.post("login", {**by_token, "device_id": device.device_id})
    refused(again, 400, "M_INVALID_PARAM")
    assert (await world.login("bob", device_id=device.device_id)).status_code == 200
    assert bob.user_id
    await alice.delete(PATH)
    assert (await world.login("alice", device_id=device.device_id)).status_code == 200


async def test_it_cannot_have_the_name_of_a_session(world: World) -> None:
    alice = await world.register("alice")
    device = DehydratedDevice(alice)
    await alice.another_session(device_id=device.device_id)
    refused(await alice.put(PATH, device.body()), 400, "M_INVALID_PARAM")
    refused(await alice.get(PATH), 404, "M_NOT_FOUND")


async def test_signing_in_takes_no_more_statements(world: World) -> None:
    """Only a new session whose client has chosen its name makes one look."""
    alice = await world.register("alice")
    await alice.another_session(device_id="PHONE")
    normal = await world.count_statements(lambda: world.login("alice"))
    chosen = await world.count_statements(lambda: world.login("alice", device_id="NEW"))
    assert chosen == normal + 1


async def test_dehydrated_devices_are_ones_own(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    refused(await bob.get(PATH), 404, "M_NOT_FOUND")
    refused(await bob.delete(PATH), 404, "M_NOT_FOUND")
    refused(await events(bob, device.device_id), 403, "M_FORBIDDEN")
    await DehydratedDevice(bob).put()
    refused(await events(bob, device.device_id), 403, "M_FORBIDDEN")
    assert (await alice.get(PATH)).json()["device_id"] == device.device_id
    refused(await world.get(PATH), 401, "M_MISSING_TOKEN")


async def test_the_journal_tells_of_it(world: World) -> None:
    alice = await world.register("alice")
    device = await DehydratedDevice(alice).put()
    await DehydratedDevice(alice).put()
    await alice.delete(PATH)
    told = "SELECT by_device, facts FROM journal WHERE what = 'dehydrated_device_changed'"
    entries: list[Any] = await world.server.context.db.read(
        lambda tx: tx.all(lambda *row: row, told + " ORDER BY number")
    )
    assert [by for by, _facts in entries] == [alice.device_id] * 3
    for (_by, facts), change in zip(entries, ("created", "replaced", "deleted"), strict=True):
        assert f'"change":"{change}"' in facts
        assert "pickle" not in facts
    assert device.device_id in entries[0][1]


async def test_the_number_of_statements_does_not_grow(world: World) -> None:
    alice = await world.register("alice")
    await DehydratedDevice(alice).put()
    few = await world.count_statements(lambda: DehydratedDevice(alice).put(one_time_keys=1))
    many = await world.count_statements(lambda: DehydratedDevice(alice).put(one_time_keys=100))
    assert many == few
