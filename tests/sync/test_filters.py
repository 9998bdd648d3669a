"""What clients do not want to be told."""

import json
from typing import Any

import pytest

from tests.sync.syncing import Client, put
from tests.world import World


def path(user_id: str, filter_id: str = "") -> str:
    return f"user/{user_id}/filter/{filter_id}".rstrip("/")


async def told(world: World, **account_data: Any) -> list[str]:
    """The types that come through a filter out of m.push_rules, a.one, a.two, b.one."""
    alice = await world.register("alice")
    for kind in ("a.one", "a.two", "b.one"):
        await put(alice, kind)
    inline = await Client(alice).sync(filter=json.dumps({"account_data": account_data}))
    body = {"account_data": account_data}
    stored = (await alice.post(path(alice.user_id), body)).json()["filter_id"]
    assert await Client(alice).sync(filter=stored) == inline
    return list(inline)


@pytest.mark.parametrize(
    ("account_data", "expected"),
    [
        ({}, ["m.push_rules", "a.one", "a.two", "b.one"]),
        ({"types": ["a.one"]}, ["a.one"]),
        ({"types": []}, []),
        ({"types": ["a.*"]}, ["a.one", "a.two"]),
        ({"types": ["*.one", "m.*"]}, ["m.push_rules", "a.one", "b.one"]),
        ({"types": ["*"], "not_types": ["m.*"]}, ["a.one", "a.two", "b.one"]),
        ({"not_types": ["a.*", "b.one"]}, ["m.push_rules"]),
        ({"types": ["a.one"], "not_types": ["a.one"]}, []),
        ({"limit": 2}, ["a.two", "b.one"]),
        ({"types": ["a.*"], "limit": 1}, ["a.two"]),
        ({"types": ["*on*e"]}, ["a.one", "b.one"]),
        ({"types": ["a.one*e"]}, []),
        ({"senders": []}, ["m.push_rules", "a.one", "a.two", "b.one"]),
    ],
)
async def test_types_and_limit(
    world: World, account_data: dict[str, Any], expected: list[str]
) -> None:
    assert await told(world, **account_data) == expected


async def test_patterns_take_no_time(world: World) -> None:
    """As a regular expression this one would be tried for ages, for everybody on the server."""
    assert await told(world, types=["*a" * 2_000 + "b"]) == []


async def test_a_filter_is_stored_once(world: World) -> None:
    alice = await world.register("alice")
    element = {
        "room": {"timeline": {"limit": 20, "lazy_load_members": True}, "state": {}},
        "event_format": "client",
    }
    ids = {(await alice.post(path(alice.user_id), element)).json()["filter_id"] for _ in range(3)}
    assert len(ids) == 1
    other = await alice.post(path(alice.user_id), {})
    assert other.json()["filter_id"] not in ids
    assert (await alice.get(path(alice.user_id, ids.pop()))).json() == element
    count = "SELECT count(*) FROM filters"
    assert await world.server.context.db.read(lambda tx: tx.value(count)) == 2


async def test_filters_are_ones_own(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    filter_id = (await alice.post(path(alice.user_id), {})).json()["filter_id"]
    for answer in (
        await bob.get(path(alice.user_id, filter_id)),
        await bob.post(path(alice.user_id), {}),
    ):
        assert (answer.status_code, answer.json()["errcode"]) == (403, "M_FORBIDDEN")
    assert (await bob.get(path(bob.user_id, filter_id))).status_code == 404
    assert (await bob.get("sync", params={"filter": filter_id})).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"account_data": []},
        {"account_data": {"types": "a"}},
        {"account_data": {"limit": "many"}},
        {"account_data": {"limit": 0}},
        {"account_data": {"limit": -1}},
        {"account_data": {"limit": 1.5}},
        {"room": 5},
        {"event_fields": 5},
        {"event_format": "crate"},
    ],
)
async def test_what_is_no_filter(world: World, body: Any) -> None:
    alice = await world.register("alice")
    for answer in (
        await alice.post(path(alice.user_id), body),
        await alice.get("sync", params={"filter": json.dumps(body)}),
    ):
        assert answer.status_code == 400
        assert answer.json()["errcode"] in ("M_BAD_JSON", "M_INVALID_PARAM")


@pytest.mark.parametrize("text", ["{", '{"a": tru}', '{"n": "\ud800"}'])
async def test_what_is_no_json(world: World, text: str) -> None:
    alice = await world.register("alice")
    sent = text.encode(errors="surrogatepass")
    answer = await world.call("POST", path(alice.user_id), content=sent, token=alice.token)
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_NOT_JSON")


@pytest.mark.parametrize("number", ["1e400", "9" * 40, "1.5", "-0"])
async def test_odd_numbers_in_what_is_ignored(world: World, number: str) -> None:
    alice = await world.register("alice")
    body = f'{{"room": {{"x": {number}}}, "y": {number}}}'.encode()
    answer = await world.call("POST", path(alice.user_id), content=body, token=alice.token)
    assert answer.status_code == 200, answer.text
    stored = await alice.get(path(alice.user_id, answer.json()["filter_id"]))
    assert stored.content == body
