"""What clients are told of the rooms that they look at."""

import asyncio
from typing import Any

import pytest

from tests.rooms.inside import create_room, do, now_says, say
from tests.sliding_sync.sliding import EVERYTHING, Sliding, texts
from tests.world import World, refused


async def test_it_is_announced(world: World) -> None:
    features = (await world.get("/_matrix/client/versions")).json()["unstable_features"]
    assert features["org.matrix.simplified_msc3575"] is True


async def test_a_room_at_first_and_then_what_is_new(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob, name="Garden")
    await say(alice, room_id, "one")
    client = Sliding(bob)
    first = await client.sync()
    assert first["lists"] == {"all": {"count": 1}}
    room = first["rooms"][room_id]
    assert (room["initial"], room["name"], texts(room)) == (True, "Garden", ["one"])
    assert (room["joined_count"], room["invited_count"]) == (2, 0)
    assert (room["notification_count"], room["highlight_count"]) == (1, 0)
    kinds = {event["type"] for event in room["required_state"]}
    assert {"m.room.create", "m.room.member", "m.room.name"} <= kinds
    assert "rooms" not in await client.sync()
    await say(alice, room_id, "two")
    room = (await client.sync())["rooms"][room_id]
    assert ("initial" in room, texts(room), room["num_live"]) == (False, ["two"], 1)
    assert room["required_state"] == []
    await now_says(alice, room_id, "m.room.name", {"name": "Orchard"})
    room = (await client.sync())["rooms"][room_id]
    assert room["name"] == "Orchard"
    assert [e["content"] for e in room["required_state"]] == [{"name": "Orchard"}]


async def test_an_answer_that_got_lost_comes_again(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    client = Sliding(alice)
    await client.sync()
    await say(alice, room_id, "one")
    before = client.pos
    lost = await client.sync()
    client.pos = before
    await say(alice, room_id, "two")
    again = await client.sync()
    assert texts(lost["rooms"][room_id]) == ["one"]
    assert texts(again["rooms"][room_id]) == ["one", "two"]
    client.pos = before  # by now the client cannot be there any more
    await client.sync()
    await say(alice, room_id, "three")
    await client.sync()
    client.pos = before
    refused(await client.ask(), 400, "M_UNKNOWN_POS")


@pytest.mark.parametrize("pos", ["7", "x", "-1", "9" * 30])
async def test_a_position_that_nobody_knows(world: World, pos: str) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await Sliding(bob).sync()
    client = Sliding(alice)
    client.pos = pos
    refused(await client.ask(), 400, "M_UNKNOWN_POS")


async def test_a_waiting_client_is_woken(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    client = Sliding(bob)
    await client.sync()
    task = await client.waiting()
    await say(alice, room_id, "wake up")
    found = await asyncio.wait_for(task, 2)
    assert texts(found["rooms"][room_id]) == ["wake up"]


async def test_invitations_show_what_there_is_to_know(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    client = Sliding(bob)
    await client.sync()
    room_id = await create_room(alice, name="Garden", invite=[bob.user_id])
    room = (await client.sync())["rooms"][room_id]
    assert {e["type"] for e in room["invite_state"]} >= {"m.room.name", "m.room.member"}
    assert "timeline" not in room
    assert (await bob.post(f"rooms/{room_id}/join")).status_code == 200
    room = (await client.sync())["rooms"][room_id]
    assert room["initial"] is True
    await do(bob, room_id, "leave")
    assert (await client.sync())["lists"] == {"all": {"count": 0}}


async def test_ranges_filters_and_order(world: World) -> None:
    alice = await world.register("alice")
    rooms = [await create_room(alice, name=f"Room {n}") for n in range(4)]
    space = await create_room(alice, creation_content={"type": "m.space"})
    await say(alice, rooms[0], "the newest")
    top = {**EVERYTHING, "ranges": [[0, 1]], "filters": {"not_room_types": ["m.space"]}}
    spaces = {**EVERYTHING, "filters": {"room_types": ["m.space"]}}
    named = {**EVERYTHING, "ranges": [], "filters": {"room_name_like": "room 2"}}
    client = Sliding(alice, lists={"top": top, "spaces": spaces, "named": named})
    found = await client.sync()
    assert {name: each["count"] for name, each in found["lists"].items()} == {
        "top": 4,
        "spaces": 1,
        "named": 1,
    }
    assert set(found["rooms"]) == {rooms[0], rooms[3], space}


async def test_members_are_loaded_lazily(world: World) -> None:
    alice, bob, carol = [await world.register(name) for name in ("alice", "bob", "carol")]
    room_id = await create_room(alice, bob, carol)
    wanted = [["m.room.member", "$LAZY"], ["m.room.member", "$ME"]]
    asked = {"ranges": [[0, 9]], "timeline_limit": 1, "required_state": wanted}
    await say(bob, room_id, "one")
    client = Sliding(alice, lists={"all": asked})
    room = (await client.sync())["rooms"][room_id]
    assert {e["state_key"] for e in room["required_state"]} == {alice.user_id, bob.user_id}
    await say(carol, room_id, "two")
    room = (await client.sync())["rooms"][room_id]
    assert [e["state_key"] for e in room["required_state"]] == [carol.user_id]
    await say(carol, room_id, "three")
    assert (await client.sync())["rooms"][room_id]["required_state"] == []


async def test_a_subscription_shows_more_of_a_room(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    for n in range(5):
        await say(alice, room_id, f"{n}")
    client = Sliding(alice, lists={"all": {**EVERYTHING, "timeline_limit": 1}})
    assert texts((await client.sync())["rooms"][room_id]) == ["4"]
    more = {room_id: {"timeline_limit": 3, "required_state": [["*", "*"]]}}
    room = (await client.sync(room_subscriptions=more))["rooms"][room_id]
    assert (texts(room), room["unstable_expanded_timeline"]) == (["2", "3", "4"], True)
    assert "rooms" not in await client.sync(room_subscriptions=more)


async def test_connections_do_not_disturb_each_other(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    one, other = Sliding(alice, conn_id="one"), Sliding(alice, conn_id="other")
    await one.sync()
    await say(alice, room_id, "hello")
    assert (await other.sync())["rooms"][room_id]["initial"] is True
    assert "initial" not in (await one.sync())["rooms"][room_id]


@pytest.mark.parametrize(
    "body",
    [
        {"lists": {"all": {"ranges": [[5, 1]]}}},
        {"lists": {"all": {"ranges": [[-1, 1]]}}},
        {"lists": {str(n): {} for n in range(101)}},
        {"lists": {"all": {"timeline_limit": -1}}},
        {"lists": {"all": {"required_state": [["a", "b"]] * 201}}},
        {"conn_id": "c" * 129},
        {"extensions": {"to_device": {"enabled": True, "since": "x"}}},
    ],
)
async def test_what_cannot_be_asked(world: World, body: dict[str, Any]) -> None:
    alice = await world.register("alice")
    client = Sliding(alice)
    client.body = body
    refused(await client.ask(), 400, "M_INVALID_PARAM")


async def test_the_number_of_statements_does_not_grow_with_rooms(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await create_room(alice, bob)
    await Sliding(bob).sync()
    few = await world.count_statements(Sliding(bob).sync)
    for _ in range(5):
        await create_room(alice, bob)
    assert await world.count_statements(Sliding(bob).sync) == few
