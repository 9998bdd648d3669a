"""How far people have read, and what is left to read."""

from typing import Any

import pytest

from tests.rooms.inside import create_room, do, say
from tests.sync.room_client import RoomClient
from tests.world import Person, World, refused


async def room_of_two(world: World) -> tuple[Person, Person, str]:
    alice, bob = await world.register("alice"), await world.register("bob")
    return alice, bob, await create_room(alice, bob)


async def read(
    person: Person, room_id: str, event_id: str, kind: str = "m.read", **body: Any
) -> Any:
    return await person.post(f"rooms/{room_id}/receipt/{kind}/{event_id}", body)


async def seen(person: Person, room_id: str) -> dict[Any, str]:
    """The receipts that somebody is told of: the event by kind, user and thread."""
    client = RoomClient(person)
    await client.sync()
    return {key: event for key, (event, _at) in client.receipts.get(room_id, {}).items()}


async def test_others_see_public_receipts_only(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    first, second = await say(alice, room_id, "one"), await say(alice, room_id, "two")
    assert (await read(bob, room_id, first)).status_code == 200
    assert (await read(bob, room_id, second, "m.read.private")).status_code == 200
    assert await seen(alice, room_id) == {("m.read", bob.user_id, None): first}
    assert await seen(bob, room_id) == {
        ("m.read", bob.user_id, None): first,
        ("m.read.private", bob.user_id, None): second,
    }


async def test_receipts_only_go_forwards(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    first, second = await say(alice, room_id, "one"), await say(alice, room_id, "two")
    for event in (second, first):
        assert (await read(bob, room_id, event)).status_code == 200
        assert (await read(bob, room_id, event, "m.fully_read")).status_code == 200
    assert await seen(alice, room_id) == {("m.read", bob.user_id, None): second}
    url = f"user/{bob.user_id}/rooms/{room_id}/account_data/m.fully_read"
    assert (await bob.get(url)).json() == {"event_id": second}


async def test_all_markers_at_once(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    event = await say(alice, room_id, "one")
    body = {"m.fully_read": event, "m.read": event, "m.read.private": event}
    assert (await bob.post(f"rooms/{room_id}/read_markers", body)).status_code == 200
    assert len(await seen(bob, room_id)) == 2
    client = RoomClient(bob)
    await client.sync()
    assert client.account_data[room_id]["m.fully_read"] == {"event_id": event}
    refused(
        await bob.put(f"user/{bob.user_id}/rooms/{room_id}/account_data/m.fully_read", {}),
        405,
        "M_BAD_JSON",
    )


async def test_reading_counts(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    sent = [await say(alice, room_id, f"{n}") for n in range(3)]
    mention = {"m.mentions": {"user_ids": [bob.user_id]}}
    sent.append(await say(alice, room_id, "bob!", **mention))
    client = RoomClient(bob)

    async def unread() -> tuple[int, int]:
        await client.sync()
        counts = client.counts[room_id]
        return counts["notification_count"], counts["highlight_count"]

    assert await unread() == (4, 1)
    await read(bob, room_id, sent[1])
    assert await unread() == (2, 1)
    await read(bob, room_id, sent[3], "m.read.private")
    assert await unread() == (0, 0)
    await say(bob, room_id, "my own words are not news to me")
    assert await unread() == (0, 0)


async def test_threads_are_read_apart(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    root = await say(alice, room_id, "root")
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": root}}
    reply = await say(alice, room_id, "in the thread", **thread)
    last = await say(alice, room_id, "outside")
    by_thread = '{"room":{"timeline":{"unread_thread_notifications":true}}}'

    async def unread() -> tuple[int, dict[str, int]]:
        answer = await bob.get("sync", params={"filter": by_thread})
        room = answer.json()["rooms"]["join"][room_id]
        threads = room["unread_thread_notifications"]
        return room["unread_notifications"]["notification_count"], {
            thread: counts["notification_count"] for thread, counts in threads.items()
        }

    assert await unread() == (2, {root: 1})
    assert (await read(bob, room_id, last, thread_id="main")).status_code == 200
    assert await unread() == (0, {root: 1})
    refused(await read(bob, room_id, last, thread_id=root), 400, "M_INVALID_PARAM")
    refused(await read(bob, room_id, reply, thread_id="main"), 400, "M_INVALID_PARAM")
    assert (await read(bob, room_id, reply, thread_id=root)).status_code == 200
    assert await unread() == (0, {})
    again = await say(alice, room_id, "more", **thread)
    assert await unread() == (0, {root: 1})
    assert (await read(bob, room_id, again)).status_code == 200
    assert await unread() == (0, {})
    assert ("m.read", bob.user_id, root) in await seen(alice, room_id)


@pytest.mark.parametrize(
    ("kind", "body", "errcode"),
    [
        ("m.seen", {}, "M_INVALID_PARAM"),
        ("m.fully_read", {"thread_id": "main"}, "M_INVALID_PARAM"),
        ("m.read", {"thread_id": ""}, "M_INVALID_PARAM"),
        ("m.read", {"thread_id": 7}, "M_BAD_JSON"),
    ],
)
async def test_what_is_no_receipt(world: World, kind: str, body: Any, errcode: str) -> None:
    alice, bob, room_id = await room_of_two(world)
    event = await say(alice, room_id, "one")
    refused(await read(bob, room_id, event, kind, **body), 400, errcode)
    assert await seen(bob, room_id) == {}


async def test_only_members_read_and_only_what_is_there(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    event = await say(alice, room_id, "one")
    mallory = await world.register("mallory")
    refused(await read(mallory, room_id, event), 403, "M_FORBIDDEN")
    refused(await read(bob, room_id, "$nothing"), 404, "M_NOT_FOUND")
    elsewhere = await say(alice, await create_room(alice), "two")
    refused(await read(bob, room_id, elsewhere), 404, "M_NOT_FOUND")
    await do(bob, room_id, "leave")
    refused(await read(bob, room_id, event), 403, "M_FORBIDDEN")


async def test_a_receipt_costs_the_same_in_large_rooms(world: World) -> None:
    alice, bob, room_id = await room_of_two(world)
    events = [await say(alice, room_id, f"{n}") for n in range(2)]
    few = await world.count_statements(lambda: read(bob, room_id, events[0]))
    for n in range(5):
        await (await world.register(f"user{n}")).post(f"rooms/{room_id}/join")
    assert await world.count_statements(lambda: read(bob, room_id, events[1])) == few
