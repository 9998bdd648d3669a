"""Power levels: what may be changed, and what each step needs."""

from typing import Any

import pytest

from tests.rooms.inside import create_room, now_says, redact, say, set_state, stored, try_to_send
from tests.world import Person, World, refused

LEVELS = "m.room.power_levels"


async def levels_of(person: Person, room_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await person.get(f"rooms/{room_id}/state/{LEVELS}")).json()
    return found


async def change(person: Person, room_id: str, **changes: Any) -> Any:
    return await set_state(person, room_id, LEVELS, {**await levels_of(person, room_id), **changes})


async def with_helper(world: World, version: str = "12") -> tuple[Person, Person, str]:
    """Alice's room, in which Bob has the level 60."""
    alice, bob = await world.register("alice"), await world.register("bob")
    users = {bob.user_id: 60} | ({} if version == "12" else {alice.user_id: 100})
    override = {
        "users": users,
        "events": {LEVELS: 50, "m.room.name": 70},
        "notifications": {"room": 80},
    }
    room_id = await create_room(
        alice, bob, room_version=version, power_level_content_override=override
    )
    return alice, bob, room_id


@pytest.mark.parametrize(
    "changes",
    [
        {"ban": 61},
        {"users_default": 61},
        {"events": {LEVELS: 50}},  # takes away what needs 70
        {"events": {LEVELS: 50, "m.room.name": 10}},
        {"events": {LEVELS: 50, "m.room.name": 70, "m.room.topic": 61}},
        {"notifications": {"room": 50}},
        {"users": {"@bob:hold.example": 61}},
        {"users": {"@bob:hold.example": 60, "@carol:hold.example": 61}},
        {"ban": "50"},
        {"ban": True},
        {"ban": None},
        {"events": []},
        {"events": {"m.room.name": "70"}},
        {"notifications": {"room": "80"}},
        {"users": {"bob": 0}},
        {"users": {"@bob:hold.example": "60"}},
    ],
)
async def test_nobody_changes_what_is_above_them(world: World, changes: Any) -> None:
    _alice, bob, room_id = await with_helper(world)
    before = await stored(world, room_id)
    refused(await change(bob, room_id, **changes), 403, "M_FORBIDDEN")
    assert await stored(world, room_id) == before


async def test_what_is_below_may_be_changed(world: World) -> None:
    _alice, bob, room_id = await with_helper(world)
    assert (await change(bob, room_id, ban=60)).status_code == 200
    users = {"@bob:hold.example": 60, "@carol:hold.example": 59}
    assert (await change(bob, room_id, users=users)).status_code == 200
    assert (await change(bob, room_id, users={"@bob:hold.example": 60})).status_code == 200
    assert (await change(bob, room_id, users={"@bob:hold.example": 50})).status_code == 200


async def test_nobody_changes_who_has_as_much(world: World) -> None:
    alice, bob, room_id = await with_helper(world, "11")
    users = {alice.user_id: 100, bob.user_id: 60, "@carol:hold.example": 60}
    assert (await change(alice, room_id, users=users)).status_code == 200
    del users["@carol:hold.example"]
    refused(await change(bob, room_id, users=users), 403, "M_FORBIDDEN")
    refused(await change(bob, room_id, users={bob.user_id: 60}), 403, "M_FORBIDDEN")


async def test_creators_of_version_12_have_no_level(world: World) -> None:
    alice, bob, room_id = await with_helper(world)
    refused(await change(alice, room_id, users={alice.user_id: 50}), 403, "M_FORBIDDEN")
    assert (await change(alice, room_id, state_default=1000)).status_code == 200
    await now_says(alice, room_id, "org.example", {})
    refused(await set_state(bob, room_id, "org.example", {"n": 1}), 403, "M_FORBIDDEN")


async def test_without_power_levels_the_creator_has_100(world: World) -> None:
    alice, bob, room_id = await with_helper(world, "11")
    event = (await alice.get(f"rooms/{room_id}/state/{LEVELS}?format=event")).json()
    await redact(alice, room_id, event["event_id"], reason="power levels outlive a redaction")
    assert (await levels_of(alice, room_id))["users"][bob.user_id] == 60


async def test_each_step_needs_its_level(world: World) -> None:
    _alice, bob, room_id = await with_helper(world)
    refused(await set_state(bob, room_id, "m.room.name", {"name": "B"}), 403, "M_FORBIDDEN")
    await now_says(bob, room_id, "m.room.topic", {"topic": "B"})
    refused(
        await set_state(bob, room_id, "org.example", {}, "@carol:hold.example"), 403, "M_FORBIDDEN"
    )
    await now_says(bob, room_id, "org.example", {}, bob.user_id)
    refused(await set_state(bob, room_id, "m.room.create", {}), 403, "M_FORBIDDEN")
    refused(await set_state(bob, room_id, "m.room.create", {}, "other"), 403, "M_FORBIDDEN")
    assert (await change(bob, room_id, events_default=60)).status_code == 200
    carol = await world.register("carol")
    await carol.post(f"rooms/{room_id}/join")
    refused(await try_to_send(carol, room_id), 403, "M_FORBIDDEN")
    await say(bob, room_id, "hello")


async def test_others_events_are_redacted_by_those_who_may(world: World) -> None:
    alice, bob, room_id = await with_helper(world)
    carol = await world.register("carol")
    await carol.post(f"rooms/{room_id}/join")
    of_alice, of_carol = await say(alice, room_id, "one"), await say(carol, room_id, "two")
    refused(await carol.put(f"rooms/{room_id}/redact/{of_alice}/1", {}), 403, "M_FORBIDDEN")
    refused(await carol.put(f"rooms/{room_id}/redact/$nothing/1", {}), 404, "M_NOT_FOUND")
    await redact(carol, room_id, of_carol)
    await redact(bob, room_id, of_alice)
    elsewhere = await create_room(carol)
    refused(await carol.put(f"rooms/{elsewhere}/redact/{of_alice}/1", {}), 404, "M_NOT_FOUND")
