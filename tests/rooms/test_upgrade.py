"""Replacing a room by one of another version."""

from typing import Any

import pytest

from tests.rooms.inside import create_room, do, now_says, private_room, stored, try_to_send
from tests.world import Person, World, refused


async def upgrade(person: Person, room_id: str, version: str, **body: Any) -> str:
    answer = await person.post(f"rooms/{room_id}/upgrade", {"new_version": version, **body})
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["replacement_room"]
    return found


async def said(person: Person, room_id: str, kind: str, key: str = "") -> Any:
    answer = await person.get(f"rooms/{room_id}/state/{kind}/{key}")
    return answer.json() if answer.status_code == 200 else None


@pytest.mark.parametrize(("old", "new"), [("10", "11"), ("11", "12"), ("12", "12"), ("12", "10")])
async def test_what_a_room_is_like_goes_with_it(world: World, old: str, new: str) -> None:
    alice, bob, carol = [await world.register(name) for name in ("alice", "bob", "carol")]
    room_id = await private_room(
        alice,
        bob,
        room_version=old,
        name="Garden",
        topic="Flowers",
        room_alias_name="garden",
        visibility="public",
        creation_content={"type": "org.example"},
    )
    users = {bob.user_id: 50} | ({} if old == "12" else {alice.user_id: 100})
    levels = {**await said(alice, room_id, "m.room.power_levels"), "users": users}
    await now_says(alice, room_id, "m.room.power_levels", levels)
    await do(alice, room_id, "ban", user_id=carol.user_id)
    made = await upgrade(alice, room_id, new)
    for name in ("name", "topic", "encryption", "join_rules", "canonical_alias"):
        kind = f"m.room.{name}"
        assert await said(alice, made, kind) == await said(alice, room_id, kind) is not None
    create = await said(alice, made, "m.room.create")
    assert (create["room_version"], create["type"]) == (new, "org.example")
    assert create["predecessor"]["room_id"] == room_id
    assert ("event_id" in create["predecessor"]) == (new != "12")
    new_levels = await said(alice, made, "m.room.power_levels")
    assert new_levels["users"][bob.user_id] == 50
    assert (alice.user_id in new_levels["users"]) == (new != "12")
    assert (await said(alice, made, "m.room.member", carol.user_id))["membership"] == "ban"
    assert (await said(alice, room_id, "m.room.tombstone"))["replacement_room"] == made
    where = (await world.get("directory/room/%23garden:hold.example")).json()
    assert where["room_id"] == made
    listed = (await world.get("publicRooms")).json()["chunk"]
    assert [room["room_id"] for room in listed] == [made]
    closed = (await said(alice, room_id, "m.room.power_levels"))["events_default"]
    assert closed == 50
    assert (await try_to_send(bob, room_id)).status_code == 200


async def test_others_can_be_creators_of_the_new_room(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    made = await upgrade(alice, room_id, "12", additional_creators=[bob.user_id])
    create = await said(alice, made, "m.room.create")
    assert create["additional_creators"] == [bob.user_id]


async def test_who_may_not_and_what_cannot_be(world: World) -> None:
    alice, bob, mallory = [await world.register(name) for name in ("alice", "bob", "mallory")]
    room_id = await create_room(alice, bob)
    before = await stored(world, room_id)
    body = {"new_version": "12"}
    refused(await bob.post(f"rooms/{room_id}/upgrade", body), 403, "M_FORBIDDEN")
    refused(await mallory.post(f"rooms/{room_id}/upgrade", body), 403, "M_FORBIDDEN")
    answer = await alice.post(f"rooms/{room_id}/upgrade", {"new_version": "1"})
    refused(answer, 400, "M_UNSUPPORTED_ROOM_VERSION")
    refused(await alice.post("rooms/!no:hold.example/upgrade", body), 404, "M_NOT_FOUND")
    bad = {"new_version": "12", "additional_creators": ["bob"]}
    refused(await alice.post(f"rooms/{room_id}/upgrade", bad), 400, "M_INVALID_PARAM")
    assert await stored(world, room_id) == before
