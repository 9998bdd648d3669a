"""Whose keys a client is told of for the rooms it is in, who is woken, and what that costs."""

import asyncio
from typing import Any

from tests.device_keys.devices import Device
from tests.rooms.inside import create_room, do, join, private_room, say, set_state
from tests.sync.room_client import RoomClient, ids, people, synced
from tests.world import World


async def device_lists(client: RoomClient) -> tuple[list[str], list[str]]:
    body = (await client.ask()).json()
    await client.sync()
    return body["device_lists"]["changed"], body["device_lists"]["left"]


async def test_keys_of_those_in_the_same_rooms(world: World) -> None:
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    room_id = await create_room(alice, bob)
    client = await synced(alice)
    await Device(bob).publish()
    await Device(carol).publish()
    assert await device_lists(client) == ([bob.user_id], [])
    await join(carol, room_id)
    assert await device_lists(client) == ([carol.user_id], [])
    await do(bob, room_id, "leave")
    assert await device_lists(client) == ([], [bob.user_id])
    other = await create_room(alice, carol)
    await device_lists(client)
    await do(carol, room_id, "leave")
    assert await device_lists(client) == ([], [])
    await do(alice, other, "leave")
    assert await device_lists(client) == ([], [carol.user_id])
    changes = (await alice.get("keys/changes", params={"from": "s0", "to": "s1"})).json()
    assert set(changes) == {"changed", "left"}


async def test_sharers_are_woken_by_new_keys(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    await create_room(alice, bob)
    client = await synced(alice)
    task = asyncio.create_task(client.ask(timeout=30_000))
    await asyncio.sleep(0.15)
    await Device(bob).publish()
    body = (await asyncio.wait_for(task, 2)).json()
    assert body["device_lists"]["changed"] == [bob.user_id]


async def waiting(client: RoomClient) -> "asyncio.Task[Any]":
    task = asyncio.create_task(client.sync(timeout=30_000))
    await asyncio.sleep(0.15)
    assert not task.done()
    return task


async def test_everybody_in_the_room_is_woken_and_nobody_else(world: World) -> None:
    alice, bob, mallory = await people(world, "alice", "bob", "mallory")
    room_id = await create_room(alice, bob)
    tasks = [await waiting(await synced(person)) for person in (bob, mallory)]
    event = await say(alice, room_id, "wake up")
    rooms = await asyncio.wait_for(tasks[0], 2)
    assert ids(rooms["join"][room_id]) == [event]
    assert not tasks[1].done()
    tasks[1].cancel()


async def test_being_invited_wakes(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    task = await waiting(await synced(bob))
    room_id = await private_room(alice, invite=[bob.user_id])
    assert room_id in (await asyncio.wait_for(task, 2))["invite"]


async def test_a_woken_client_costs_few_statements(world: World) -> None:
    """The fewer the better: this is what an event costs for each member who waits for it."""
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    for _ in range(3):
        await create_room(alice, bob)
    client = await synced(bob)
    await client.sync()
    task = await waiting(client)
    await say(alice, room_id, "settle")
    await task
    task = await waiting(client)
    world.statements.clear()
    await say(alice, room_id, "now")
    await task
    reads = [each for each in world.statements if each.startswith("SELECT")]
    woken = reads[[n for n, each in enumerate(reads) if "FROM access_tokens" in each][-1] :]
    # Token, position; rooms, ignored users, events, unread; relations, memberships; keys left.
    assert len([each for each in woken if "pushers" not in each and "retry" not in each]) <= 10


async def test_many_rooms_cost_no_more_statements(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    for _ in range(2):
        await say(alice, await create_room(alice, bob), "hello")
    await synced(bob)
    few = await world.count_statements(lambda: synced(bob))
    for n in range(6):
        room_id = await create_room(alice, bob)
        await say(alice, room_id, "hello")
        await set_state(alice, room_id, "m.room.name", {"name": f"{n}"})
    assert await world.count_statements(lambda: synced(bob)) == few
