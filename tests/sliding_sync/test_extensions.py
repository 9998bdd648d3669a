"""What else clients hear of, and that they go on after a restart."""

import asyncio
from typing import Any

from tests.device_keys.devices import Device
from tests.rooms.inside import create_room, say
from tests.sliding_sync.sliding import EXTENSIONS, Sliding, texts
from tests.sync.syncing import put
from tests.to_device.mailing import send
from tests.world import World, build_world


async def extended(client: Sliding, **more: Any) -> dict[str, Any]:
    wanted = EXTENSIONS | more
    found: dict[str, Any] = (await client.sync(extensions=wanted)).get("extensions", {})
    return found


async def test_account_data_and_push_rules(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    await put(alice, n=1)
    await alice.put(f"user/{alice.user_id}/rooms/{room_id}/tags/m.favourite", {"order": 0.5})
    client = Sliding(alice)
    told = (await extended(client))["account_data"]
    assert {each["type"] for each in told["global"]} == {"m.push_rules", "org.example.settings"}
    (tag,) = told["rooms"][room_id]
    assert tag["content"] == {"tags": {"m.favourite": {"order": 0.5}}}
    assert "account_data" not in await extended(client)
    await put(alice, n=2)
    assert (await extended(client))["account_data"] == {
        "global": [{"type": "org.example.settings", "content": {"n": 2}}]
    }


async def test_messages_are_told_until_they_are_acknowledged(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    client = Sliding(bob)
    await extended(client)
    await send(alice, {bob.user_id: {bob.device_id: {"n": 1}}})
    told = (await extended(client))["to_device"]
    assert [each["content"] for each in told["events"]] == [{"n": 1}]
    assert (await extended(client))["to_device"]["events"] == told["events"]
    since = {"to_device": {"enabled": True, "since": told["next_batch"]}}
    assert (await extended(client, **since))["to_device"]["events"] == []


async def test_keys_of_those_in_the_same_rooms(world: World) -> None:
    alice, bob, carol = [await world.register(name) for name in ("alice", "bob", "carol")]
    await create_room(alice, bob)
    client = Sliding(alice)
    assert "device_lists" not in (await extended(client))["e2ee"]
    await Device(bob).publish()
    await Device(carol).publish()
    assert (await extended(client))["e2ee"]["device_lists"] == {
        "changed": [bob.user_id],
        "left": [],
    }


async def test_receipts_and_typing(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    event_id = await say(alice, room_id, "one")
    client = Sliding(alice)
    await extended(client)
    task = await client.waiting(extensions=EXTENSIONS)
    await bob.post(f"rooms/{room_id}/receipt/m.read/{event_id}")
    told = (await asyncio.wait_for(task, 2))["extensions"]["receipts"]["rooms"][room_id]
    assert list(told["content"][event_id]["m.read"]) == [bob.user_id]
    await bob.put(f"rooms/{room_id}/typing/{bob.user_id}", {"typing": True})
    told = (await extended(client))["typing"]["rooms"][room_id]
    assert told["content"] == {"user_ids": [bob.user_id]}


async def test_a_connection_outlives_the_server(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    client = Sliding(alice)
    await client.sync()
    await say(alice, room_id, "meanwhile")
    other = build_world(world.server.context.settings, world.mail)
    other.clock.now = world.clock.now
    await other.server.start()
    try:
        client.person.world = other
        assert texts((await client.sync())["rooms"][room_id]) == ["meanwhile"]
    finally:
        await other.http.aclose()
        await other.server.stop()
        client.person.world = world
