"""Sending events, setting state, taking back."""

import asyncio
from typing import Any

import pytest

from tests.rooms.inside import (
    create_room,
    event_id,
    now_says,
    redact,
    say,
    send,
    set_state,
    stored,
    try_to_send,
)
from tests.world import World, refused

LARGEST = (1 << 53) - 1


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"n": value}
    return value


async def test_a_request_that_is_repeated_sends_once(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    before = await stored(world, room_id)
    sent = [event_id(await try_to_send(alice, room_id, txn_id="same")) for _ in range(3)]
    at_once = await asyncio.gather(
        *(try_to_send(alice, room_id, txn_id="at once") for _ in range(5))
    )
    assert len(set(sent)) == 1
    assert len({event_id(each) for each in at_once}) == 1
    assert await stored(world, room_id) == before + 2
    other = await alice.another_session()
    assert event_id(await try_to_send(other, room_id, txn_id="same")) != sent[0]
    kind = await try_to_send(alice, room_id, kind="org.example", txn_id="same")
    assert event_id(kind) != sent[0]


async def test_only_the_session_that_sent_it_sees_its_transaction(world: World) -> None:
    alice = await world.register("alice")
    other, room_id = await alice.another_session(), await create_room(alice)
    event = event_id(await try_to_send(alice, room_id, txn_id="mine"))
    url = f"rooms/{room_id}/event/{event}"
    assert (await alice.get(url)).json()["unsigned"]["transaction_id"] == "mine"
    assert "transaction_id" not in (await other.get(url)).json()["unsigned"]


async def test_events_sent_at_once_are_one_after_the_other(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    await asyncio.gather(*(say(who, room_id, f"{n}") for n in range(10) for who in (alice, bob)))
    sql = "SELECT federation FROM events WHERE room_id = :room ORDER BY position"
    rows = await world.server.context.db.read(lambda tx: tx.all(str, sql, room=room_id))
    ids = await world.server.context.db.read(
        lambda tx: tx.all(
            str, "SELECT event_id FROM events WHERE room_id = :r ORDER BY position", r=room_id
        )
    )
    for before, row in zip(ids, rows[1:], strict=False):
        assert f'"prev_events":["{before}"]' in row


async def test_state_that_holds_already_is_not_set_again(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    levels = {"users": {bob.user_id: 100}}
    room_id = await create_room(alice, bob, power_level_content_override=levels)
    first = await now_says(alice, room_id, "m.room.topic", {"topic": "A"})
    assert await now_says(alice, room_id, "m.room.topic", {"topic": "A"}) == first
    assert await now_says(bob, room_id, "m.room.topic", {"topic": "A"}) != first
    second = await now_says(alice, room_id, "m.room.topic", {"topic": "B"})
    event = (await alice.get(f"rooms/{room_id}/event/{second}")).json()
    assert event["unsigned"]["prev_content"] == {"topic": "A"}


@pytest.mark.parametrize("version", ["10", "11", "12"])
async def test_what_is_redacted_is_gone(world: World, version: str) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice, room_version=version, name="Secret")
    event = await say(alice, room_id, "a slip of the tongue")
    redaction = await redact(alice, room_id, event, reason="oops")
    shown = (await alice.get(f"rooms/{room_id}/event/{event}")).json()
    assert shown["content"] == {}
    because = shown["unsigned"]["redacted_because"]
    assert (because["event_id"], because["content"]["reason"]) == (redaction, "oops")
    assert because["redacts"] == event
    assert ("redacts" in because["content"]) == (version != "10")
    sql = "SELECT count(*) FROM events WHERE content LIKE '%tongue%'"
    assert await world.server.context.db.read(lambda tx: tx.value(sql)) == 0
    name = (await alice.get(f"rooms/{room_id}/state/m.room.name?format=event")).json()
    await redact(alice, room_id, name["event_id"])
    assert (await alice.get(f"rooms/{room_id}/state/m.room.name")).json() == {}


async def test_redacting_is_done_once_however_often_it_is_asked(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    event = await say(alice, room_id, "one")
    url = f"rooms/{room_id}/redact/{event}/same"
    assert event_id(await alice.put(url, {})) == event_id(await alice.put(url, {}))
    # Clients may also send the redaction as an event (since room version 11).
    other = await say(alice, room_id, "two")
    await send(alice, room_id, {"redacts": other}, kind="m.room.redaction")
    assert (await alice.get(f"rooms/{room_id}/event/{other}")).json()["content"] == {}
    answer = await try_to_send(alice, room_id, {}, kind="m.room.redaction")
    refused(answer, 400, "M_BAD_JSON")


@pytest.mark.parametrize(
    ("content", "status", "errcode"),
    [
        ({"body": "x" * 65_536}, 413, "M_TOO_LARGE"),
        ({"n": 1.5}, 400, "M_BAD_JSON"),
        ({"n": LARGEST + 1}, 400, "M_BAD_JSON"),
        ({"n": [{"deeper": -LARGEST - 1}]}, 400, "M_BAD_JSON"),
        (deep(150), 400, "M_BAD_JSON"),
        ([], 400, "M_BAD_JSON"),
    ],
)
async def test_what_cannot_be_an_event(
    world: World, content: Any, status: int, errcode: str
) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    before = await stored(world, room_id)
    refused(await try_to_send(alice, room_id, content), status, errcode)
    refused(await set_state(alice, room_id, "org.example", content), status, errcode)
    assert await stored(world, room_id) == before


async def test_what_just_fits(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    await send(alice, room_id, {"n": LARGEST, "m": -LARGEST, "body": "x" * 64_000})
    await send(alice, room_id, deep(90))
    await send(alice, room_id, {"body": "NUL is a character of JSON, too: \0"})


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'"text"', b'{"body": "\\ud800"}', b"\xff", b"null", b"{}{}"]
)
async def test_bodies_that_are_no_content(world: World, raw: bytes) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    before = await stored(world, room_id)
    answer = await world.call(
        "PUT", f"rooms/{room_id}/send/m.room.message/1", token=alice.token, content=raw
    )
    if raw:
        assert (answer.status_code, answer.json()["errcode"][:5]) == (400, "M_BAD") or (
            answer.json()["errcode"] == "M_NOT_JSON"
        )
        assert await stored(world, room_id) == before


@pytest.mark.parametrize(
    "path",
    [
        f"send/{'t' * 256}/1",
        f"state/org.example/{'k' * 256}",
        f"send/m.room.message/{'t' * 256}",
        "state/org.example/a%00b",
        "send/a%00b/1",
    ],
)
async def test_names_that_cannot_be(world: World, path: str) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    refused(await alice.put(f"rooms/{room_id}/{path}", {}), 400, "M_INVALID_PARAM")


async def test_a_room_that_is_not_there(world: World) -> None:
    alice = await world.register("alice")
    refused(await try_to_send(alice, "!nothing:hold.example"), 404, "M_NOT_FOUND")
    refused(await set_state(alice, "!nothing:hold.example", "m.room.name", {}), 404, "M_NOT_FOUND")


async def test_canonical_aliases_lead_to_the_room(world: World) -> None:
    alice = await world.register("alice")
    room_id, other = await create_room(alice, room_alias_name="mine"), await create_room(alice)
    kind = "m.room.canonical_alias"
    await now_says(alice, room_id, kind, {"alias": "#mine:hold.example"})
    for content in ({"alias": "#mine:hold.example"}, {"alt_aliases": ["#no:hold.example"]}):
        refused(await set_state(alice, other, kind, content), 400, "M_BAD_ALIAS")
    refused(await set_state(alice, other, kind, {"alias": "mine"}), 400, "M_INVALID_PARAM")
    await now_says(alice, other, kind, {})


async def test_sending_costs_the_same_in_large_rooms(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    small, large = await create_room(alice, bob), await create_room(alice, bob)
    for n in range(8):
        await create_room(await world.register(f"user{n}"))
        person = await world.register(f"member{n}")
        await person.post(f"rooms/{large}/join")
        await now_says(alice, large, "org.example", {}, f"key{n}")

    async def statements(room_id: str, kind: str) -> int:
        content = {"algorithm": "m.megolm.v1.aes-sha2", "body": "hello"}
        return await world.count_statements(lambda: send(alice, room_id, content, kind=kind))

    for kind in ("m.room.message", "m.room.encrypted"):
        assert await statements(small, kind) == await statements(large, kind)
    lock = world.server.context.db.engine == "postgresql"
    # token, sent before, room, state, members, stream, newest, event, Megolm facts,
    # Megolm session, push rules, notifications
    assert await statements(large, "m.room.encrypted") - lock == 12
