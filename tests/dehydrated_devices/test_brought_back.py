"""A dehydrated device that was deleted or replaced comes back with what was sent to it."""

from tests.dehydrated_devices.dehydrating import (
    PATH,
    DehydratedDevice,
    number_of_events,
    send_to_all,
)
from tests.device_keys.devices import claim, query
from tests.key_backup.backing_up import RESTORE, history, restore
from tests.to_device.mailing import waiting_in_queues
from tests.world import EXTRAS, World, refused


async def test_who_steals_a_token_destroys_nothing(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put(2)
    await send_to_all(bob, alice, "1")
    thief = await alice.another_session(device_id="THIEF")
    thief.password = "not known"
    assert (await thief.delete(PATH)).status_code == 200
    refused(await alice.get(PATH), 404, "M_NOT_FOUND")
    assert await claim(bob, device) == {}
    found = await history(alice)
    assert found["sessions"] == []
    (gone,) = found["dehydrated_devices"]
    assert gone["device_id"] == device.device_id
    answer = await thief.post(RESTORE, {"id": gone["id"], "auth": thief.auth()})
    refused(answer, 401, "M_FORBIDDEN")
    assert await restore(alice, gone["id"]) == 1
    back = (await alice.get(PATH)).json()
    assert back["device_id"] == device.device_id
    assert back["device_data"]["algorithm"] == device.device_data["algorithm"]
    assert await number_of_events(alice, device) == 1
    assert set((await query(bob, alice.user_id))["device_keys"][alice.user_id]) == {
        device.device_id
    }
    assert len(await claim(bob, device)) == 1
    assert (await history(alice))["dehydrated_devices"] == []
    newest = (await alice.get(f"{EXTRAS}/journal")).json()["entries"][0]
    assert newest["facts"] == {"change": "restored", "device_id": device.device_id}


async def test_the_one_that_waits_gives_way_and_can_come_back_in_turn(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    old = await DehydratedDevice(alice).put()
    await send_to_all(bob, alice, "old")
    new = await DehydratedDevice(alice).put()
    await send_to_all(bob, alice, "new")
    for expected, other in ((old, new), (new, old)):
        (gone,) = (await history(alice))["dehydrated_devices"]
        assert gone["device_id"] == expected.device_id
        await restore(alice, gone["id"])
        assert (await alice.get(PATH)).json()["device_id"] == expected.device_id
        assert await number_of_events(alice, expected) == 1
        assert await claim(bob, other) == {}


async def test_after_thirty_days_it_is_gone(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await DehydratedDevice(alice).put()
    await send_to_all(bob, alice, "1")
    await alice.delete(PATH)
    (gone,) = (await history(alice))["dehydrated_devices"]
    waiting = await waiting_in_queues(alice)
    world.clock.turn(days=31)
    assert (await history(alice))["dehydrated_devices"] == []
    answer = await alice.post(RESTORE, {"id": gone["id"], "auth": alice.auth()})
    refused(answer, 404, "M_NOT_FOUND")
    await world.housekeeping()
    assert await waiting_in_queues(alice) == waiting - 1
    count = "SELECT count(*) FROM dehydrated_devices"
    assert await world.server.context.db.read(lambda tx: tx.value(count)) == 0


async def test_nobody_elses_comes_back(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await DehydratedDevice(alice).put()
    await alice.delete(PATH)
    (gone,) = (await history(alice))["dehydrated_devices"]
    answer = await bob.post(RESTORE, {"id": gone["id"], "auth": bob.auth()})
    refused(answer, 404, "M_NOT_FOUND")
    refused(await bob.get(PATH), 404, "M_NOT_FOUND")


async def test_one_whose_name_a_session_has_taken_stays_away(world: World) -> None:
    """The one that waits then must not be lost by trying."""
    alice = await world.register("alice")
    old = await DehydratedDevice(alice).put()
    new = await DehydratedDevice(alice).put()
    await alice.another_session(device_id=old.device_id)
    (gone,) = (await history(alice))["dehydrated_devices"]
    answer = await alice.post(RESTORE, {"id": gone["id"], "auth": alice.auth()})
    refused(answer, 404, "M_NOT_FOUND")
    assert (await alice.get(PATH)).json()["device_id"] == new.device_id
