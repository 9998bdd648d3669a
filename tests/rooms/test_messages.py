"""Pages of a room's history, and what stands around an event."""

from functools import partial
from typing import Any

import pytest

from tests.rooms.inside import create_room, now_says, say, send
from tests.world import Person, World, refused


async def room_with(world: World, count: int) -> tuple[Person, str, list[str]]:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    return alice, room_id, [await say(alice, room_id, f"{n}") for n in range(count)]


async def page(person: Person, room_id: str, **query: Any) -> dict[str, Any]:
    answer = await person.get(f"rooms/{room_id}/messages", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ids(found: dict[str, Any]) -> list[str]:
    return [event["event_id"] for event in found["chunk"]]


async def everything(person: Person, room_id: str, **query: Any) -> list[str]:
    found, start = list[str](), dict[str, str]()
    while True:
        body = await page(person, room_id, **query, **start)
        found += ids(body)
        if "end" not in body:
            return found
        start = {"from": body["end"]}


async def test_both_ways_meet_every_event_once(world: World) -> None:
    alice, room_id, sent = await room_with(world, 12)
    forwards = await everything(alice, room_id, dir="f", limit=5)
    assert forwards[-12:] == sent
    for limit in (1, 4, 100):
        assert await everything(alice, room_id, dir="b", limit=limit) == forwards[::-1]


async def test_a_page_begins_and_ends_where_it_is_asked_to(world: World) -> None:
    alice, room_id, sent = await room_with(world, 6)
    first = await page(alice, room_id, dir="b", limit=2)
    second = await page(alice, room_id, dir="b", limit=2, **{"from": first["end"]})
    assert ids(first) + ids(second) == sent[:1:-1]
    between = await page(alice, room_id, dir="f", **{"from": second["end"], "to": first["end"]})
    assert ids(between) == sent[2:4]
    back = await page(alice, room_id, dir="b", **{"from": first["end"], "to": second["end"]})
    assert ids(back) == sent[3:1:-1]
    assert "end" not in back


async def test_tokens_of_sync_are_places_too(world: World) -> None:
    alice, room_id, sent = await room_with(world, 3)
    one = '{"room":{"timeline":{"limit":1}}}'
    synced = (await alice.get("sync", params={"filter": one})).json()
    timeline = synced["rooms"]["join"][room_id]["timeline"]
    before = await page(alice, room_id, dir="b", limit=2, **{"from": timeline["prev_batch"]})
    assert ids(before) == sent[1::-1]
    later = await say(alice, room_id, "later")
    after = await page(alice, room_id, dir="f", **{"from": synced["next_batch"]})
    assert ids(after) == [later]


@pytest.mark.parametrize("place", ["from", "to"])
@pytest.mark.parametrize("token", ["x", "7", "s", "s-1", "s1x", "s" + "9" * 30, "t1-2_3"])
async def test_tokens_from_elsewhere(world: World, place: str, token: str) -> None:
    alice, room_id, _sent = await room_with(world, 0)
    url = f"rooms/{room_id}/messages"
    refused(await alice.get(url, params={"dir": "b", place: token}), 400, "M_INVALID_PARAM")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"dir": "x"},
        {"dir": "b", "limit": "x"},
        {"dir": "b", "limit": "-1"},
        {"dir": "b", "filter": '{"limit":0}'},
    ],
)
async def test_what_cannot_be_asked(world: World, query: dict[str, str]) -> None:
    alice, room_id, _sent = await room_with(world, 0)
    refused(await alice.get(f"rooms/{room_id}/messages", params=query), 400, "M_INVALID_PARAM")


async def test_filters(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    text = await say(alice, room_id, "text")
    of_bob = await say(bob, room_id, "bob's")
    picture = await send(alice, room_id, {"msgtype": "m.image", "url": "mxc://a/b"})
    other = await send(alice, room_id, {}, kind="org.example.thing")
    for by, expected in (
        ('{"types":["m.room.message"]}', [picture, of_bob, text]),
        ('{"types":["org.example.*"]}', [other]),
        ('{"types":["m.room.message"],"not_senders":["@bob:hold.example"]}', [picture, text]),
        ('{"senders":["@bob:hold.example"],"not_types":["m.room.member"]}', [of_bob]),
        ('{"contains_url":true}', [picture]),
        ('{"types":["m.room.message"],"limit":1}', [picture]),
        (f'{{"not_rooms":["{room_id}"]}}', []),
        ('{"rooms":[]}', []),
    ):
        assert ids(await page(alice, room_id, dir="b", filter=by)) == expected


async def test_members_come_with_what_they_said(world: World) -> None:
    alice, bob, carol = [await world.register(name) for name in ("alice", "bob", "carol")]
    room_id = await create_room(alice, bob, carol)
    await say(bob, room_id, "hello")
    lazily = '{"lazy_load_members":true}'
    found = await page(alice, room_id, dir="b", limit=1, filter=lazily)
    assert [event["state_key"] for event in found["state"]] == [bob.user_id]


async def test_a_page_costs_the_same_wherever_it_is(world: World) -> None:
    alice, room_id, _sent = await room_with(world, 30)
    counted = set()
    for limit in (1, 10, 30):
        ask = partial(page, alice, room_id, dir="b", limit=limit)
        counted.add(await world.count_statements(ask))
    assert len(counted) == 1


async def test_around_an_event(world: World) -> None:
    alice, room_id, sent = await room_with(world, 7)
    await now_says(alice, room_id, "m.room.name", {"name": "after"})
    url = f"rooms/{room_id}/context/{sent[3]}"
    found = (await alice.get(url, params={"limit": "4"})).json()
    assert [e["event_id"] for e in found["events_before"]] == [sent[2], sent[1]]
    assert found["event"]["event_id"] == sent[3]
    assert [e["event_id"] for e in found["events_after"]] == [sent[4], sent[5]]
    assert "m.room.name" not in {e["type"] for e in found["state"]}
    before = await page(alice, room_id, dir="b", limit=1, **{"from": found["start"]})
    after = await page(alice, room_id, dir="f", limit=1, **{"from": found["end"]})
    assert (ids(before), ids(after)) == ([sent[0]], [sent[6]])
    alone = (await alice.get(url, params={"limit": "0"})).json()
    assert (alone["events_before"], alone["events_after"]) == ([], [])


async def test_the_event_nearest_to_a_time(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    sent = []
    for n in range(3):
        world.clock.now += 1000
        sent.append((world.clock.now, await say(alice, room_id, f"{n}")))
    url = f"/_matrix/client/v1/rooms/{room_id}/timestamp_to_event"
    for at, direction, expected in (
        (sent[1][0], "f", 1),
        (sent[1][0], "b", 1),
        (sent[1][0] + 1, "f", 2),
        (sent[1][0] + 1, "b", 1),
    ):
        found = (await alice.get(url, params={"ts": at, "dir": direction})).json()
        assert (found["origin_server_ts"], found["event_id"]) == sent[expected]
    late = {"ts": sent[2][0] + 1, "dir": "f"}
    refused(await alice.get(url, params=late), 404, "M_NOT_FOUND")
    refused(await alice.get(url, params={"ts": "x", "dir": "f"}), 400, "M_INVALID_PARAM")
    refused(await alice.get(url, params={"dir": "f"}), 400, "M_MISSING_PARAM")


async def test_members_as_they_are_and_were(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    then = (await alice.get("sync")).json()["next_batch"]
    await bob.post(f"rooms/{room_id}/leave")

    async def members(**query: str) -> dict[str, str]:
        chunk = (await alice.get(f"rooms/{room_id}/members", params=query)).json()["chunk"]
        return {event["state_key"]: event["content"]["membership"] for event in chunk}

    assert await members() == {alice.user_id: "join", bob.user_id: "leave"}
    assert await members(at=then) == {alice.user_id: "join", bob.user_id: "join"}
    assert await members(membership="leave") == {bob.user_id: "leave"}
    assert await members(not_membership="leave") == {alice.user_id: "join"}
    joined = (await alice.get(f"rooms/{room_id}/joined_members")).json()["joined"]
    assert joined == {alice.user_id: {"display_name": "alice"}}
    assert (await alice.get("joined_rooms")).json() == {"joined_rooms": [room_id]}
