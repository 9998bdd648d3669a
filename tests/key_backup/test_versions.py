"""Making, reading, changing and deleting versions of a key backup."""

import asyncio

import pytest

from tests.key_backup.backing_up import (
    ALGORITHM,
    ROOM,
    WRONG,
    auth_data,
    begin,
    current,
    key,
    many,
    ok,
    put,
    rooms,
    stored,
)
from tests.world import World, refused

VERSION = "room_keys/version"


async def test_a_version_is_made_and_read(world: World) -> None:
    alice = await world.register("alice")
    refused(await alice.get(VERSION), 404, "M_NOT_FOUND")
    data = auth_data(extra={"kept": [1, 2]})
    body = {"algorithm": ALGORITHM, "auth_data": data}
    assert ok(await alice.post(VERSION, body)) == {"version": "1"}
    expected = {**body, "version": "1", "count": 0, "etag": "0"}
    assert await current(alice) == expected
    assert ok(await alice.get(f"{VERSION}/1")) == expected


@pytest.mark.parametrize("prefix", ["v3", "r0", "unstable"])
async def test_every_prefix_that_clients_call(world: World, prefix: str) -> None:
    alice = await world.register("alice")
    url = f"/_matrix/client/{prefix}/room_keys"
    body = {"algorithm": ALGORITHM, "auth_data": auth_data()}
    assert ok(await alice.post(f"{url}/version", body)) == {"version": "1"}
    answer = await alice.put(f"{url}/keys?version=1", rooms({(ROOM, "s"): key()}))
    assert ok(answer) == {"count": 1, "etag": "1"}


async def test_numbers_are_counted_for_each_user_and_never_used_again(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    assert [await begin(alice), await begin(alice), await begin(bob)] == ["1", "2", "1"]
    assert (await alice.delete(f"{VERSION}/2")).status_code == 200
    assert await begin(alice) == "3"
    for number in (1, 2, 3):
        await alice.delete(f"{VERSION}/{number}")
    world.clock.turn(days=32)
    await world.housekeeping()
    assert await begin(alice) == "4"
    assert ok(await alice.delete(f"{VERSION}/2")) == {}, "as gone as it can be"
    refused(await alice.put("room_keys/keys?version=2", many(1)), 403, WRONG)


async def test_a_superseded_version_is_read_but_not_written(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    await put(alice, "1", many(2))
    assert await begin(alice) == "2"
    assert (await current(alice))["version"] == "2"
    old = ok(await alice.get(f"{VERSION}/1"))
    assert (old["count"], old["version"]) == (2, "1")
    assert len(await stored(alice, "1")) == 2
    data = {"algorithm": ALGORITHM, "auth_data": auth_data()}
    for answer in (
        await alice.put("room_keys/keys?version=1", many(3)),
        await alice.put(f"room_keys/keys/{ROOM}?version=1", {"sessions": {}}),
        await alice.put(f"room_keys/keys/{ROOM}/s?version=1", key()),
        await alice.delete("room_keys/keys?version=1"),
        await alice.put(f"{VERSION}/1", data),
    ):
        refused(answer, 403, WRONG)
        assert answer.json()["current_version"] == "2"
    assert len(await stored(alice, "1")) == 2


async def test_a_deleted_version_is_gone_for_everything_but_deleting_it(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    await put(alice, "1", many(2))
    assert ok(await alice.delete(f"{VERSION}/1")) == {}
    assert ok(await alice.delete(f"{VERSION}/1")) == {}
    data = {"algorithm": ALGORITHM, "auth_data": auth_data()}
    for answer in (
        await alice.get(VERSION),
        await alice.get(f"{VERSION}/1"),
        await alice.put(f"{VERSION}/1", data),
        await alice.get("room_keys/keys?version=1"),
        await alice.get(f"room_keys/keys/{ROOM}?version=1"),
        await alice.get(f"room_keys/keys/{ROOM}/s?version=1"),
        await alice.put("room_keys/keys?version=1", many(1)),
        await alice.delete("room_keys/keys?version=1"),
    ):
        refused(answer, 404, "M_NOT_FOUND")
    await begin(alice)
    answer = await alice.put("room_keys/keys?version=1", many(1))
    refused(answer, 403, WRONG)
    assert answer.json()["current_version"] == "2"
    refused(await alice.put(f"{VERSION}/1", data), 404, "M_NOT_FOUND")


async def test_deleting_the_current_version_brings_none_back(world: World) -> None:
    """Clients delete the current version until there is none (matrix-js-sdk, matrix-rust-sdk)."""
    alice = await world.register("alice")
    for _ in range(3):
        await begin(alice)
    await alice.delete(f"{VERSION}/3")
    refused(await alice.get(VERSION), 404, "M_NOT_FOUND")
    assert ok(await alice.get(f"{VERSION}/2"))["version"] == "2"
    refused(await alice.put("room_keys/keys?version=2", many(1)), 404, "M_NOT_FOUND")


async def test_a_version_that_never_was(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    data = {"algorithm": ALGORITHM, "auth_data": auth_data()}
    for name in ("2", "0", "01", "-1", "x", "1.0", "9" * 19, "9" * 400, "%00", "%F0%9F%98%80", "²"):
        for answer in (
            await alice.get(f"{VERSION}/{name}"),
            await alice.put(f"{VERSION}/{name}", data),
            await alice.delete(f"{VERSION}/{name}"),
            await alice.get(f"room_keys/keys?version={name}"),
            await alice.put(f"room_keys/keys?version={name}", many(1)),
            await alice.delete(f"room_keys/keys?version={name}"),
        ):
            refused(answer, 404, "M_NOT_FOUND")
    assert (await current(alice))["count"] == 0


async def test_the_signatures_change(world: World) -> None:
    alice = await world.register("alice")
    data = auth_data(private_key_salt="salt")
    await begin(alice, auth_data=data)
    await put(alice, "1", many(1))
    signed = {**data, "signatures": {"@alice:hold.example": {"ed25519:B": "y"}}, "more": 1}
    body = {"algorithm": ALGORITHM, "auth_data": signed, "version": "1"}
    assert ok(await alice.put(f"{VERSION}/1", body)) == {}
    now = await current(alice)
    assert (now["auth_data"], now["etag"], now["count"]) == (signed, "1", 1)


async def test_what_the_stored_keys_need_does_not_change(world: World) -> None:
    alice = await world.register("alice")
    data = auth_data(private_key_salt="salt")
    await begin(alice, auth_data=data)
    other = auth_data()
    assert ok(await alice.put(f"{VERSION}/1", {"algorithm": ALGORITHM, "auth_data": data})) == {}
    await put(alice, "1", many(1))
    for lost in ({**data, "public_key": other["public_key"]}, {**data, "private_key_salt": "s"}):
        answer = await alice.put(f"{VERSION}/1", {"algorithm": ALGORITHM, "auth_data": lost})
        refused(answer, 400, "M_INVALID_PARAM")
    assert (await current(alice))["auth_data"] == data


async def test_what_cannot_be_a_version(world: World) -> None:
    alice = await world.register("alice")
    good = auth_data()
    for body, errcode in (
        ({"algorithm": "m.other", "auth_data": good}, "M_INVALID_PARAM"),
        ({"algorithm": "org.matrix.msc3270.v1.aes-hmac-sha2", "auth_data": {}}, "M_INVALID_PARAM"),
        ({"algorithm": 5, "auth_data": good}, "M_BAD_JSON"),
        ({"algorithm": ALGORITHM}, "M_MISSING_PARAM"),
        ({"auth_data": good}, "M_MISSING_PARAM"),
        ({"algorithm": ALGORITHM, "auth_data": []}, "M_BAD_JSON"),
        ({"algorithm": ALGORITHM, "auth_data": None}, "M_BAD_JSON"),
        ({"algorithm": ALGORITHM, "auth_data": {}}, "M_INVALID_PARAM"),
        ({"algorithm": ALGORITHM, "auth_data": {"public_key": 5}}, "M_INVALID_PARAM"),
        ({"algorithm": ALGORITHM, "auth_data": {"public_key": "abcdefg"}}, "M_INVALID_PARAM"),
        ({"algorithm": ALGORITHM, "auth_data": {"public_key": "é" * 43}}, "M_INVALID_PARAM"),
    ):
        refused(await alice.post(VERSION, body), 400, errcode)
    refused(await alice.get(VERSION), 404, "M_NOT_FOUND")
    large = {"algorithm": ALGORITHM, "auth_data": auth_data(more="x" * 70_000)}
    refused(await alice.post(VERSION, large), 413, "M_TOO_LARGE")
    await begin(alice)
    for wrong in ({"algorithm": "m.other"}, {"version": "2"}):
        body = {"algorithm": ALGORITHM, "auth_data": good, **wrong}
        refused(await alice.put(f"{VERSION}/1", body), 400, "M_INVALID_PARAM")


async def test_other_peoples_backups_do_not_exist(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await begin(alice)
    await put(alice, "1", many(3))
    for answer in (
        await bob.get(VERSION),
        await bob.get(f"{VERSION}/1"),
        await bob.get("room_keys/keys?version=1"),
        await bob.put("room_keys/keys?version=1", many(1)),
        await bob.delete("room_keys/keys?version=1"),
        await bob.delete(f"{VERSION}/1"),
    ):
        refused(answer, 404, "M_NOT_FOUND")
    for path in (VERSION, "room_keys/keys?version=1"):
        refused(await world.get(path), 401, "M_MISSING_TOKEN")
    assert (await current(alice))["count"] == 3


async def test_versions_begun_at_the_same_time(world: World) -> None:
    alice = await world.register("alice")
    made = await asyncio.gather(*(begin(alice) for _ in range(8)))
    assert sorted(made) == [str(number) for number in range(1, 9)]
    assert (await current(alice))["version"] == "8"


async def test_looking_at_the_version_is_one_statement(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    few = await world.count_statements(lambda: alice.get(VERSION))
    await put(alice, "1", many(500))
    assert few == await world.count_statements(lambda: alice.get(VERSION)) == 2
