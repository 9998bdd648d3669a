"""Storing, reading and deleting room keys, all of them, those of a room, or one."""

import asyncio
from typing import Any

import pytest

from tests.key_backup.backing_up import (
    OTHER,
    ROOM,
    STORING,
    begin,
    current,
    key,
    many,
    ok,
    put,
    rooms,
    stored,
)
from tests.world import Person, World, refused


@pytest.fixture
async def alice(world: World) -> Person:
    person = await world.register("alice")
    await begin(person)
    return person


async def test_keys_come_back_as_they_were_stored(alice: Person) -> None:
    odd = key(3, 1, verified=True)
    odd["session_data"] = {"ä": ["\u2028", {"n": 1.5e300, "deep": [[], {}]}], "": None}
    keys = {(ROOM, "a"): odd, (ROOM, "b"): key(), (OTHER, "a"): key(7)}
    assert await put(alice, "1", rooms(keys)) == {"count": 3, "etag": "1"}
    assert await stored(alice, "1") == keys
    of_room = ok(await alice.get(f"room_keys/keys/{ROOM}?version=1"))
    assert of_room == {"sessions": {"a": odd, "b": key()}}
    assert ok(await alice.get(f"room_keys/keys/{ROOM}/a?version=1")) == odd


async def test_the_session_data_comes_back_to_the_letter(alice: Person) -> None:
    sent = b'{"n": 1.50, "e":"\\u00e9\\ud83d\\ude00",  "big": 123456789012345678901234567890}'
    body = b'{"first_message_index":0,"forwarded_count":0,"is_verified":true,"session_data":'
    path = f"room_keys/keys/{ROOM}/s?version=1"
    ok(await alice.world.call("PUT", path, content=body + sent + b"}", token=alice.token))
    for found in (path, f"room_keys/keys/{ROOM}?version=1", "room_keys/keys?version=1"):
        assert sent in (await alice.get(found)).content


async def test_each_level_stores(alice: Person) -> None:
    assert await put(alice, "1", key(), f"/{ROOM}/one") == {"count": 1, "etag": "1"}
    body = {"sessions": {"two": key(), "three": key()}}
    assert await put(alice, "1", body, f"/{ROOM}") == {"count": 3, "etag": "2"}
    assert await put(alice, "1", rooms({(OTHER, "one"): key()})) == {"count": 4, "etag": "3"}
    now = await current(alice)
    assert (now["count"], now["etag"]) == (4, "3")


async def test_each_level_deletes(alice: Person) -> None:
    await put(alice, "1", many(30, of_rooms=3))
    delete = alice.delete
    room, session = "!r1:hold.example", "session1"
    assert ok(await delete(f"room_keys/keys/{room}/{session}?version=1"))["count"] == 29
    refused(await alice.get(f"room_keys/keys/{room}/{session}?version=1"), 404, "M_NOT_FOUND")
    assert ok(await delete(f"room_keys/keys/{room}?version=1")) == {"count": 20, "etag": "3"}
    assert ok(await delete(f"room_keys/keys/{room}?version=1")) == {"count": 20, "etag": "3"}
    assert ok(await alice.get(f"room_keys/keys/{room}?version=1")) == {"sessions": {}}
    assert ok(await delete("room_keys/keys?version=1")) == {"count": 0, "etag": "4"}
    assert ok(await delete("room_keys/keys?version=1")) == {"count": 0, "etag": "4"}
    assert ok(await alice.get("room_keys/keys?version=1")) == {"rooms": {}}


async def test_nothing_stored_leaves_the_etag(alice: Person) -> None:
    await put(alice, "1", many(5))
    nothing: list[dict[str, Any]] = [{"rooms": {}}, {"rooms": {ROOM: {"sessions": {}}}}]
    for same in (many(5), *nothing):
        assert await put(alice, "1", same) == {"count": 5, "etag": "1"}
    assert await put(alice, "1", many(5, first=1)) == {"count": 5, "etag": "1"}


async def test_the_version_has_to_be_named(alice: Person) -> None:
    for path in ("room_keys/keys", f"room_keys/keys/{ROOM}", f"room_keys/keys/{ROOM}/s"):
        for answer in (await alice.get(path), await alice.put(path), await alice.delete(path)):
            refused(answer, 400, "M_MISSING_PARAM")


async def test_names_that_need_care(alice: Person) -> None:
    names = ['quote"', "back\\slash", "sl/ash", "a b", "é😀", "{}", "x" * 255, "+/=", "', '"]
    keys = {(f"!{name[:250]}", name): key(secret=name) for name in names}
    assert (await put(alice, "1", rooms(keys)))["count"] == len(keys)
    assert await stored(alice, "1") == keys
    one = await alice.get("room_keys/keys/!sl%2Fash/sl%2Fash?version=1")
    assert ok(one) == key(secret="sl/ash")
    quoted = await alice.get("room_keys/keys/!quote%22/quote%22?version=1")
    assert ok(quoted) == key(secret='quote"')


_NO_KEYS: list[Any] = [
    None,
    [],
    "x",
    {},
    {**key(), "first_message_index": -1},
    {**key(), "first_message_index": 1 << 53},
    {**key(), "first_message_index": 1.5},
    {**key(), "first_message_index": "1"},
    {**key(), "first_message_index": True},
    {**key(), "first_message_index": None},
    {**key(), "forwarded_count": -1},
    {**key(), "forwarded_count": 10**30},
    {**key(), "is_verified": 1},
    {**key(), "is_verified": None},
    {**key(), "session_data": "text"},
    {**key(), "session_data": []},
    {**key(), "session_data": None},
    {name: value for name, value in key().items() if name != "session_data"},
]


@pytest.mark.parametrize("bad", _NO_KEYS)
async def test_one_bad_key_and_nothing_is_stored(alice: Person, bad: Any) -> None:
    good = {"good": key(), "also good": key()}
    of_room = {"sessions": {**good, "bad": bad}}
    for path, body in (
        (f"/{ROOM}/bad", bad),
        (f"/{ROOM}", of_room),
        ("", {"rooms": {OTHER: {"sessions": good}, ROOM: of_room}}),
    ):
        answer = await alice.world.call(
            "PUT", f"room_keys/keys{path}?version=1", json=body, token=alice.token
        )
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["errcode"] in ("M_BAD_JSON", "M_MISSING_PARAM")
    assert (await current(alice))["count"] == 0


@pytest.mark.parametrize("name", ["", "x" * 256, "é" * 128, "nul\0", "new\nline", "\u202e"])
async def test_names_that_cannot_be(alice: Person, name: str) -> None:
    for body in (rooms({(name, "s"): key()}), rooms({(ROOM, name): key()})):
        answer = await alice.put("room_keys/keys?version=1", body)
        refused(answer, 400, "M_INVALID_PARAM")
    assert (await current(alice))["count"] == 0


@pytest.mark.parametrize(
    "raw",
    [
        b'{"x": "\xff"}',
        b'{"x": "a\nb"}',
        b'{"x": "\\q"}',
        b'{"x": 01}',
        b'{"x": "\\ud800"}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)
async def test_what_only_looks_like_json_is_not_passed_on(alice: Person, raw: bytes) -> None:
    body = b'{"first_message_index":0,"forwarded_count":0,"is_verified":true,"session_data":'
    path = f"room_keys/keys/{ROOM}/s?version=1"
    answer = await alice.world.call("PUT", path, content=body + raw + b"}", token=alice.token)
    refused(answer, 400, "M_NOT_JSON")
    assert (await current(alice))["count"] == 0


async def test_a_body_of_many_megabytes(alice: Person) -> None:
    large = rooms({(ROOM, f"s{n}"): key(secret="x" * 7000) for n in range(1000)})
    assert (await put(alice, "1", large))["count"] == 1000
    too_large = rooms({(ROOM, f"s{n}"): key(secret="x" * 9000) for n in range(1000)})
    refused(await alice.put("room_keys/keys?version=1", too_large), 413, "M_TOO_LARGE")


async def test_more_keys_than_a_page(alice: Person) -> None:
    for number in range(3):
        body = rooms({(ROOM, f"s{number}.{n}"): key(n) for n in range(1500)})
        await put(alice, "1", body)
    assert len(await stored(alice, "1")) == 4500
    found = ok(await alice.get(f"room_keys/keys/{ROOM}?version=1"))["sessions"]
    assert len(found) == 4500
    assert found["s2.7"] == key(7)


async def test_as_many_statements_for_many_keys_as_for_few(world: World, alice: Person) -> None:
    async def cost(body: dict[str, Any]) -> int:
        return await world.count_statements(lambda: put(alice, "1", body))

    new = [await cost(many(2, first=5)), await cost(many(500, of_rooms=50, first=5))]
    better = [await cost(many(2, first=4)), await cost(many(500, of_rooms=50, first=3))]
    same = [await cost(many(2, first=9)), await cost(many(500, of_rooms=50, first=9))]
    assert new[0] == new[1] <= 7, "access token, lock, version, keys; keys, session, version"
    assert better[0] == better[1] == new[0] + 2
    assert same[0] == same[1] == new[0] - 2
    few = await world.count_statements(lambda: alice.delete(f"room_keys/keys/{ROOM}?version=1"))
    await alice.delete("room_keys/keys/!r3:hold.example?version=1")  # of this one a mail tells
    one = "room_keys/keys/!r1:hold.example/session1?version=1"
    deleting = [
        await world.count_statements(lambda: alice.delete(one)),
        await world.count_statements(
            lambda: alice.delete("room_keys/keys/!r2:hold.example?version=1")
        ),
    ]
    assert deleting[0] == deleting[1] > few


async def test_the_server_remembers_which_session_stored_what(world: World, alice: Person) -> None:
    phone = await alice.another_session(device_id="PHONE")
    await put(alice, "1", many(10, first=5))
    world.clock.turn(minutes=5)
    await put(phone, "1", many(4, first=4))
    later = world.clock.now
    world.clock.turn(minutes=5)
    await put(alice, "1", many(1, first=9))

    async def storing() -> dict[str, tuple[int | None, int]]:
        found = ok(await alice.get(STORING))["sessions"]
        return {each["device_id"]: (each["last_stored_ts"], each["count"]) for each in found}

    assert await storing() == {alice.device_id: (world.clock.now, 6), "PHONE": (later, 4)}
    await alice.delete("room_keys/keys/!r1:hold.example/session1?version=1")
    assert (await storing())["PHONE"] == (later, 3)
    await begin(alice)
    assert await storing() == {}


async def test_eight_at_the_same_time(alice: Person) -> None:
    sessions = [alice, *[await alice.another_session() for _ in range(7)]]
    keys = [
        {(ROOM, f"s{n}"): key((n * 7 + s * 3) % 8, secret=str(s)) for n in range(s, s + 40)}
        for s in range(8)
    ]
    await asyncio.gather(
        *(put(who, "1", rooms(its)) for who, its in zip(sessions, keys, strict=True))
    )
    found = await stored(alice, "1")
    best = {
        name: min(its[name]["first_message_index"] for its in keys if name in its)
        for name in {name for its in keys for name in its}
    }
    assert {name: each["first_message_index"] for name, each in found.items()} == best
    assert (await current(alice))["count"] == len(best) == 47
    counts = ok(await alice.get(STORING))["sessions"]
    assert sum(each["count"] for each in counts) == 47
