"""Who is typing."""

import asyncio
from typing import Any

from tests.rooms.inside import create_room, do
from tests.sync.room_client import RoomClient
from tests.world import Person, World, refused


async def types(person: Person, room_id: str, is_typing: bool = True, **body: Any) -> Any:
    url = f"rooms/{room_id}/typing/{person.user_id}"
    return await person.put(url, {"typing": is_typing, **body})


async def test_others_are_told_when_it_begins_and_ends(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    client = RoomClient(alice)
    await client.sync()
    assert (await types(bob, room_id)).status_code == 200
    await client.sync()
    assert client.typing[room_id] == [bob.user_id]
    await types(bob, room_id)  # going on is no news
    assert (await client.sync())["join"] == {}
    await types(bob, room_id, False)
    await client.sync()
    assert client.typing[room_id] == []
    await types(bob, room_id, False)
    assert (await client.sync())["join"] == {}


async def test_it_ends_by_itself(world: World) -> None:
    """Also for a client that waits: the worker that was told sees to it."""
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    client = RoomClient(alice)
    await types(bob, room_id, timeout=300)
    await client.sync()
    assert client.typing[room_id] == [bob.user_id]
    world.clock.now += 300
    await asyncio.wait_for(client.sync(timeout=30_000), 5)
    assert client.typing[room_id] == []


async def test_housekeeping_ends_it_where_a_worker_did_not(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    await types(bob, room_id, timeout=100_000)
    client = RoomClient(alice)
    await client.sync()
    world.clock.now += 100_000
    await world.housekeeping()
    await client.sync()
    assert client.typing[room_id] == []


async def test_who_may_not_type(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    url = f"rooms/{room_id}/typing/{alice.user_id}"
    refused(await bob.put(url, {"typing": True}), 403, "M_FORBIDDEN")
    mallory = await world.register("mallory")
    refused(await types(mallory, room_id), 403, "M_FORBIDDEN")
    await do(bob, room_id, "leave")
    refused(await types(bob, room_id), 403, "M_FORBIDDEN")
    refused(await types(bob, room_id, False), 403, "M_FORBIDDEN")
    refused(await alice.put(url, {"typing": "yes"}), 400, "M_BAD_JSON")
    refused(await alice.put(url, {}), 400, "M_MISSING_PARAM")
