"""What has gone from a key backup is listed, and comes back for who knows the account password."""

from typing import Any

import pytest

from tests.key_backup.backing_up import (
    HISTORY,
    OTHER,
    RESTORE,
    ROOM,
    STORING,
    begin,
    current,
    history,
    key,
    many,
    ok,
    publish,
    put,
    restore,
    rooms,
    stored,
)
from tests.world import Person, World, refused

VERSION = "room_keys/version"
DAY = 86_400_000


@pytest.fixture
async def alice(world: World) -> Person:
    person = await world.register("alice", email="alice@example.org")
    await begin(person)
    return person


async def test_nothing_has_gone(alice: Person) -> None:
    await put(alice, "1", many(3))
    nothing: dict[str, Any] = {
        "versions": [],
        "changes": [],
        "sessions": [],
        "dehydrated_devices": [],
    }
    assert await history(alice) == {**nothing, "more_versions": 0, "more_changes": 0}


async def test_replaced_and_deleted_keys_are_listed(world: World, alice: Person) -> None:
    await put(alice, "1", many(6, of_rooms=3, first=5))
    world.clock.turn(minutes=1)
    phone = await alice.another_session(device_id="PHONE")
    await put(phone, "1", many(4, of_rooms=3, first=4))
    world.clock.turn(minutes=1)
    await alice.delete("room_keys/keys/!r0:hold.example?version=1")
    deleted, replaced = (await history(alice))["changes"]
    assert replaced == {
        "id": replaced["id"],
        "version": "1",
        "count": 4,
        "rooms": 3,
        "ended_ts": world.clock.now - 60_000,
        "ended_how": "replaced",
        "ended_by": "PHONE",
        "gone_ts": world.clock.now - 60_000 + 30 * DAY,
    }
    assert (deleted["count"], deleted["rooms"], deleted["ended_how"]) == (2, 1, "deleted")
    assert deleted["ended_by"] == alice.device_id


async def test_deleted_keys_come_back(alice: Person) -> None:
    await put(alice, "1", many(25))
    before = await stored(alice, "1")
    ok(await alice.delete("room_keys/keys?version=1"))
    (change,) = (await history(alice))["changes"]
    assert await restore(alice, change["id"]) == 25
    assert await stored(alice, "1") == before
    now = await current(alice)
    assert (now["count"], now["etag"]) == (25, "3")
    assert (await history(alice))["changes"] == []
    again = await alice.post(RESTORE, {"id": change["id"], "auth": alice.auth()})
    refused(again, 404, "M_NOT_FOUND")
    (session,) = ok(await alice.get(STORING))["sessions"]
    assert session["count"] == 25


async def test_garbage_that_claims_to_be_better_gives_way_and_that_can_be_undone(
    alice: Person,
) -> None:
    good = {(ROOM, "a"): key(5), (OTHER, "b"): key(5), (ROOM, "c"): key(5)}
    await put(alice, "1", rooms(good))
    thief = await alice.another_session(device_id="THIEF")
    garbage = {name: key(0, verified=True, secret="garbage") for name in list(good)[:2]}
    await put(thief, "1", rooms(garbage))
    (change,) = (await history(alice))["changes"]
    assert await restore(alice, change["id"]) == 2
    assert await stored(alice, "1") == good
    assert (await current(alice))["count"] == 3
    (undo,) = (await history(alice))["changes"]
    assert (undo["count"], undo["rooms"], undo["ended_how"]) == (2, 2, "replaced")
    counts = {s["device_id"]: s["count"] for s in ok(await alice.get(STORING))["sessions"]}
    assert counts == {alice.device_id: 3, "THIEF": 0}
    assert await restore(alice, undo["id"]) == 2
    assert await stored(alice, "1") == {**good, **garbage}


async def test_a_deleted_version_comes_back_as_the_current_one(alice: Person) -> None:
    await put(alice, "1", many(12))
    before = await current(alice)
    ok(await alice.delete(f"{VERSION}/1"))
    (version,) = (await history(alice))["versions"]
    assert (version["version"], version["count"]) == ("1", 12)
    assert (version["ended_how"], version["ended_by"]) == ("deleted", alice.device_id)
    assert await restore(alice, version["id"]) == 12
    assert await current(alice) == before
    assert (await put(alice, "1", many(13)))["count"] == 13
    assert (await history(alice))["versions"] == []


async def test_the_version_that_was_current_can_be_brought_back_in_turn(alice: Person) -> None:
    await put(alice, "1", many(1))
    await begin(alice)
    await put(alice, "2", many(2))
    for wanted, other in (("1", "2"), ("2", "1"), ("1", "2")):
        (version,) = (await history(alice))["versions"]
        assert version["version"] == wanted
        assert version["ended_how"] == "superseded"
        assert await restore(alice, version["id"]) == int(wanted)
        assert (await current(alice))["version"] == wanted
        refused(
            await alice.put(f"room_keys/keys?version={other}", many(1)),
            403,
            "M_WRONG_ROOM_KEYS_VERSION",
        )
    assert await begin(alice) == "3"


async def test_keys_of_a_version_that_is_gone_come_back_in_either_order(alice: Person) -> None:
    await put(alice, "1", many(5))
    ok(await alice.delete("room_keys/keys?version=1"))
    ok(await alice.delete(f"{VERSION}/1"))
    found = await history(alice)
    assert await restore(alice, found["changes"][0]["id"]) == 5
    assert await restore(alice, found["versions"][0]["id"]) == 5
    assert len(await stored(alice, "1")) == 5


async def test_a_removed_session_comes_back_locked(world: World, alice: Person) -> None:
    phone = await alice.another_session(device_id="PHONE", initial_device_display_name="Phone")
    await publish(world, phone)
    await alice.delete("devices/PHONE", {"auth": alice.auth()})
    (session,) = (await history(alice))["sessions"]
    assert session == {
        "id": session["id"],
        "device_id": "PHONE",
        "display_name": "Phone",
        "removed_ts": world.clock.now,
        "gone_ts": world.clock.now + 30 * DAY,
    }
    assert await restore(alice, session["id"]) == 1
    assert (await alice.devices())["PHONE"]["dev.holdfast.state"] == "locked"
    assert (await history(alice))["sessions"] == []


async def test_a_session_whose_name_is_taken_again_is_not_offered(
    world: World, alice: Person
) -> None:
    phone = await alice.another_session(device_id="PHONE")
    await publish(world, phone)
    await alice.delete("devices/PHONE", {"auth": alice.auth()})
    (session,) = (await history(alice))["sessions"]
    await alice.another_session(device_id="PHONE")
    assert (await history(alice))["sessions"] == []
    answer = await alice.post(RESTORE, {"id": session["id"], "auth": alice.auth()})
    refused(answer, 404, "M_NOT_FOUND")


async def test_bringing_back_takes_the_account_password(alice: Person) -> None:
    await put(alice, "1", many(5))
    ok(await alice.delete("room_keys/keys?version=1"))
    (change,) = (await history(alice))["changes"]
    first = await alice.post(RESTORE, {"id": change["id"]})
    assert first.status_code == 401
    assert first.json()["flows"] == [{"stages": ["m.login.password"]}]
    wrong = await alice.post(RESTORE, {"id": change["id"], "auth": alice.auth("wrong")})
    refused(wrong, 401, "M_FORBIDDEN")
    assert await stored(alice, "1") == {}
    auth = {**alice.auth(), "session": first.json()["session"]}
    assert ok(await alice.post(RESTORE, {"auth": auth})) == {"restored": 5}


async def test_other_peoples_history_does_not_exist(world: World, alice: Person) -> None:
    bob = await world.register("bob")
    await put(alice, "1", many(5))
    ok(await alice.delete("room_keys/keys?version=1"))
    ok(await alice.delete(f"{VERSION}/1"))
    found = await history(alice)
    assert (await history(bob))["versions"] == (await history(bob))["changes"] == []
    for item in (found["versions"][0]["id"], found["changes"][0]["id"]):
        answer = await bob.post(RESTORE, {"id": item, "auth": bob.auth()})
        refused(answer, 404, "M_NOT_FOUND")
    for path in (HISTORY, STORING):
        refused(await world.get(path), 401, "M_MISSING_TOKEN")
    assert len((await history(alice))["changes"]) == 1


_NO_ITEMS = (
    *("", ".", "change", "change.", "change.0", "change.-1", "change.x", "change.²"),
    *("version.9", "session.9", "other.1", "change.1\0", "change." + "9" * 30, "x" * 70_000),
)


@pytest.mark.parametrize("item", _NO_ITEMS)
async def test_what_is_no_item_of_the_history(alice: Person, item: str) -> None:
    answer = await alice.post(RESTORE, {"id": item, "auth": alice.auth()})
    refused(answer, 404, "M_NOT_FOUND")


async def test_a_long_history_is_listed_in_parts(world: World, alice: Person) -> None:
    for number in range(12, 0, -1):
        await put(alice, "1", many(1, first=number))
    found, ids, query = await history(alice, "?limit=4"), [], ""
    assert found["more_changes"] == 7
    while found["changes"]:
        ids += [each["id"] for each in found["changes"]]
        query = f"?limit=4&from={ids[-1]}"
        found = await history(alice, query)
    assert len(set(ids)) == 11
    for bad in ("limit=0", "limit=x", "limit=-1", "limit=%C2%B2", "from=x", "from=version.1"):
        refused(await alice.get(f"{HISTORY}?{bad}"), 400, "M_INVALID_PARAM")
    few = await world.count_statements(lambda: alice.get(f"{HISTORY}?limit=2"))
    assert few == await world.count_statements(lambda: alice.get(f"{HISTORY}?limit=10"))


async def test_versions_with_keys_are_not_hidden_behind_others(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.key_backup.history.MOST_VERSIONS", 3)
    await put(alice, "1", many(1))
    for _ in range(5):
        await begin(alice)
    found = await history(alice)
    assert found["versions"][0]["version"] == "1"
    assert (len(found["versions"]), found["more_versions"]) == (3, 2)


async def test_bringing_back_many_takes_as_many_statements_as_few(
    world: World, alice: Person
) -> None:
    async def cost(count: int) -> int:
        await put(alice, "1", many(count, first=5))
        await put(alice, "1", many(count, first=4))
        item = (await history(alice))["changes"][0]["id"]
        return await world.count_statements(lambda: restore(alice, item))

    assert await cost(2) == await cost(500)
