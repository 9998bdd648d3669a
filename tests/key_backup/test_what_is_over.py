"""After a while, and when an account is erased, what has gone from a key backup is really gone."""

import pytest

from holdfast.kit.db import Tx
from tests.key_backup.backing_up import RESTORE, begin, history, many, publish, put, stored
from tests.world import Person, World, refused


@pytest.fixture
async def alice(world: World) -> Person:
    person = await world.register("alice", email="alice@example.org")
    await begin(person)
    return person


async def test_after_thirty_days_it_is_really_gone(world: World, alice: Person) -> None:
    phone = await alice.another_session(device_id="PHONE")
    await publish(world, phone)
    await alice.delete("devices/PHONE", {"auth": alice.auth()})
    await put(alice, "1", many(3000, first=5))
    await put(alice, "1", many(3000, first=4))
    await begin(alice)
    await put(alice, "2", many(3))
    world.clock.turn(days=29)
    await world.housekeeping()
    found = await history(alice)
    assert [len(found[name]) for name in ("versions", "changes", "sessions")] == [1, 1, 1]
    assert len(await stored(alice, "1")) == 3000
    world.clock.turn(days=1, minutes=1)
    for _ in range(2):
        assert await history(alice) == {
            "versions": [],
            "more_versions": 0,
            "changes": [],
            "more_changes": 0,
            "sessions": [],
            "dehydrated_devices": [],
        }
        items = [found[name][0]["id"] for name in ("versions", "changes", "sessions")]
        for item in items:
            answer = await alice.post(RESTORE, {"id": item, "auth": alice.auth()})
            refused(answer, 404, "M_NOT_FOUND")
        refused(await alice.get("room_keys/keys?version=1"), 404, "M_NOT_FOUND")
        world.clock.turn(minutes=120)
        await world.housekeeping()
    assert await rows(world) == {"key_backups": 1, "room_keys": 3, "old_room_keys": 0}
    assert len(await stored(alice, "2")) == 3


async def rows(world: World) -> dict[str, int]:
    """How much is left on the disk, which no endpoint tells."""

    def counted(tx: Tx) -> dict[str, int]:
        return {
            "key_backups": tx.value("SELECT count(*) FROM key_backups"),
            "room_keys": tx.value("SELECT count(*) FROM room_keys"),
            "old_room_keys": tx.value("SELECT count(*) FROM old_room_keys"),
        }

    return await world.server.context.db.read(counted)


@pytest.mark.parametrize("erase", [False, True])
async def test_closing_the_account(world: World, alice: Person, erase: bool) -> None:
    await put(alice, "1", many(3, first=5))
    await put(alice, "1", many(3, first=4))
    body = {"auth": alice.auth(), "erase": erase}
    assert (await alice.post("account/deactivate", body)).status_code == 200
    left = 0 if erase else 1
    assert await rows(world) == {
        "key_backups": left,
        "room_keys": left * 3,
        "old_room_keys": left * 3,
    }
    world.clock.turn(days=31)
    await world.housekeeping()
    assert await rows(world) == {"key_backups": 0, "room_keys": 0, "old_room_keys": 0}
