"""What clients are told of their rooms."""

from typing import Any

import pytest

from tests.rooms.inside import (
    create_room,
    do,
    join,
    now_says,
    private_room,
    redact,
    say,
)
from tests.sync.room_client import RoomClient, ids, people, synced
from tests.world import World, refused


def limit(count: int, **room: str) -> str:
    """A filter that wants so many events of each room."""
    more = "".join(f',"{name}":{value}' for name, value in room.items())
    return f'{{"room":{{"timeline":{{"limit":{count}}}{more}}}}}'


async def test_a_gap_is_told_with_the_state_at_its_end(world: World) -> None:
    (alice,) = await people(world, "alice")
    room_id = await create_room(alice, name="One")
    client = await synced(alice)
    await now_says(alice, room_id, "m.room.name", {"name": "Two"})
    await now_says(alice, room_id, "m.room.topic", {"topic": "Topic"})
    sent = [await say(alice, room_id, f"{n}") for n in range(5)]
    before = client.since
    rooms = await client.sync(filter=limit(2))
    room = rooms["join"][room_id]
    assert (room["timeline"]["limited"], ids(room)) == (True, sent[3:])
    assert {e["type"] for e in room["state"]["events"]} == {"m.room.name", "m.room.topic"}
    start = room["timeline"]["prev_batch"]
    rest = await alice.get(
        f"rooms/{room_id}/messages", params={"dir": "b", "from": start, "to": before}
    )
    chunk = [event["event_id"] for event in rest.json()["chunk"]]
    assert chunk[:3] == sent[2::-1]
    assert len(chunk) == 5


async def test_without_a_gap_no_state_is_told_twice(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    clients = [await synced(bob, state_after=after) for after in (False, True)]
    event = await now_says(alice, room_id, "m.room.name", {"name": "New"})
    old, new = [(await client.sync())["join"][room_id] for client in clients]
    assert (ids(old), old["state"]["events"]) == ([event], [])
    assert "state" not in new
    assert [e["event_id"] for e in new["state_after"]["events"]] == [event]
    assert old["summary"] == {}


async def test_an_invitation_and_what_becomes_of_it(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    client = await synced(bob)
    room_id = await private_room(alice, name="Garden", invite=[bob.user_id])
    state = (await client.sync())["invite"][room_id]["invite_state"]["events"]
    told = {(event["type"], event["state_key"]): event for event in state}
    assert told["m.room.name", ""]["content"] == {"name": "Garden"}
    assert told["m.room.member", bob.user_id]["sender"] == alice.user_id
    assert told["m.room.member", alice.user_id]["content"]["displayname"] == "alice"
    assert ("m.room.encryption", "") in told
    assert "event_id" not in told["m.room.name", ""]
    await join(bob, room_id)
    room = (await client.sync())["join"][room_id]
    assert room["timeline"]["limited"] is True
    assert room["summary"]["m.heroes"] == [alice.user_id]
    assert room["summary"]["m.joined_member_count"] == 2


async def test_declining_shows_nothing_of_the_room(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    client = await synced(bob)
    room_id = await private_room(alice, name="Secret", invite=[bob.user_id])
    await client.sync()
    await do(bob, room_id, "leave")
    room = (await client.sync())["leave"][room_id]
    assert [event["content"]["membership"] for event in room["timeline"]["events"]] == ["leave"]
    assert room["state"]["events"] == []


async def test_knocking_shows_what_an_invitation_does(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, name="Garden")
    await now_says(alice, room_id, "m.room.join_rules", {"join_rule": "knock"})
    client = await synced(bob)
    await bob.post(f"knock/{room_id}")
    state = (await client.sync())["knock"][room_id]["knock_state"]["events"]
    assert {"m.room.name", "m.room.member"} <= {event["type"] for event in state}


async def test_leaving_is_told_once_and_with_all_up_to_it(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    client = await synced(bob)
    last = await say(alice, room_id, "last words")
    await do(alice, room_id, "kick", user_id=bob.user_id)
    await say(alice, room_id, "behind your back")
    rooms = await client.sync()
    assert room_id not in rooms["join"]
    room = rooms["leave"][room_id]
    assert ids(room)[0] == last
    assert room["timeline"]["events"][-1]["content"]["membership"] == "leave"
    assert len(ids(room)) == 2
    assert (await client.sync())["leave"] == {}
    assert (await synced(bob)).left == set()
    everything = await RoomClient(bob).sync(filter='{"room":{"include_leave":true}}')
    assert room_id in everything["leave"]


async def test_coming_back_begins_anew(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    client = await synced(bob)
    await do(bob, room_id, "leave")
    await client.sync()
    await now_says(alice, room_id, "m.room.name", {"name": "Meanwhile"})
    await join(bob, room_id)
    room = (await client.sync(filter=limit(1)))["join"][room_id]
    assert room["timeline"]["limited"] is True
    assert client.state[room_id]["m.room.name", ""]["content"] == {"name": "Meanwhile"}


async def test_members_are_told_lazily(world: World) -> None:
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    room_id = await create_room(alice, bob, carol)
    await say(bob, room_id, "hello")
    lazily = limit(1, state='{"lazy_load_members":true}')
    client = RoomClient(alice)
    for expected in ({alice.user_id, bob.user_id}, {carol.user_id}):
        room = (await client.sync(filter=lazily))["join"][room_id]
        members = {e["state_key"] for e in room["state"]["events"] if e["type"] == "m.room.member"}
        assert members == expected
        await say(carol, room_id, "me too")


async def test_filters_choose_rooms_and_events(world: World) -> None:
    (alice,) = await people(world, "alice")
    one, two = await create_room(alice, name="One"), await create_room(alice, name="Two")
    sent = await say(alice, one, "hello")
    messages = (
        '{"room":{"timeline":{"types":["m.room.message"]},"state":{"types":["m.room.name"]}}}'
    )
    rooms = (await RoomClient(alice).sync(filter=messages))["join"]
    assert ids(rooms[one]) == [sent]
    assert [e["type"] for e in rooms[two]["state"]["events"]] in ([], ["m.room.name"])
    for by, expected in (
        (f'{{"room":{{"rooms":["{one}"]}}}}', {one}),
        (f'{{"room":{{"not_rooms":["{one}"]}}}}', {two}),
        ('{"room":{"rooms":[]}}', set()),
    ):
        assert set((await RoomClient(alice).sync(filter=by))["join"]) == expected
    answer = await alice.get("sync", params={"filter": '{"room":{"timeline":{"limit":0}}}'})
    refused(answer, 400, "M_INVALID_PARAM")


async def test_who_is_ignored_says_nothing(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    client = await synced(alice)
    ignored: dict[str, Any] = {"ignored_users": {bob.user_id: {}}}
    await alice.put(f"user/{alice.user_id}/account_data/m.ignored_user_list", ignored)
    await client.sync()
    await say(bob, room_id, "can you hear me?")
    mine = await say(alice, room_id, "la la la")
    room = (await client.sync())["join"][room_id]
    assert ids(room) == [mine]


async def test_redactions_and_what_they_leave(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    client = await synced(bob)
    event = await say(alice, room_id, "oops")
    await redact(alice, room_id, event)
    told = (await client.sync())["join"][room_id]["timeline"]["events"]
    assert [each["content"].get("body") for each in told] == [None, None]
    assert told[1]["redacts"] == event
    assert told[0]["unsigned"]["redacted_because"]["event_id"] == told[1]["event_id"]


async def test_the_own_transaction_is_told_to_its_session_only(world: World) -> None:
    (alice,) = await people(world, "alice")
    other, room_id = await alice.another_session(), await create_room(alice)
    clients = [await synced(person) for person in (alice, other)]
    await alice.put(f"rooms/{room_id}/send/m.room.message/mine", {"body": "x"})
    told = [(await client.sync())["join"][room_id]["timeline"]["events"][0] for client in clients]
    assert told[0]["unsigned"]["transaction_id"] == "mine"
    assert "transaction_id" not in told[1]["unsigned"]


@pytest.mark.parametrize("full", [True, False])
async def test_full_state(world: World, full: bool) -> None:
    (alice,) = await people(world, "alice")
    room_id = await create_room(alice, name="One")
    client = await synced(alice)
    await say(alice, room_id, "hello")
    query = {"full_state": "true"} if full else {}
    room = (await client.sync(**query))["join"][room_id]
    assert len(ids(room)) == 1
    assert ("m.room.name" in {e["type"] for e in room["state"]["events"]}) == full
