"""Which of two keys for the same session is kept: each pair, on each of the three levels."""

from collections.abc import Iterator
from itertools import count, product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.key_backup.backing_up import (
    ROOM,
    begin,
    current,
    history,
    key,
    ok,
    put,
    restore,
    rooms,
    stored,
)
from tests.world import Person, World

KEYS = [
    key(first, forwarded, verified=verified, secret=f"{first}{forwarded}{verified}")
    for verified, first, forwarded in product((False, True), (0, 1, 2), (0, 1, 2))
]
LEVELS = ("all", "room", "session")
names = count()


def rank(each: dict[str, Any]) -> tuple[bool, int, int]:
    """The lowest is the best (Client-Server API, "Backing up")."""
    return (not each["is_verified"], each["first_message_index"], each["forwarded_count"])


async def put_on(person: Person, level: str, session: str, each: dict[str, Any]) -> Any:
    """Store one key on one of the levels."""
    body, path = each, f"/{ROOM}/{session}"
    if level == "all":
        body, path = rooms({(ROOM, session): each}), ""
    elif level == "room":
        body, path = {"sessions": {session: each}}, f"/{ROOM}"
    return await put(person, "1", body, path)


@pytest.mark.parametrize("level", LEVELS)
async def test_the_better_one_of_each_pair(world: World, level: str) -> None:
    alice = await world.register("alice")
    await begin(alice)
    pairs = list(product(KEYS, KEYS))
    first = rooms({(ROOM, f"s{number}"): a for number, (a, _) in enumerate(pairs)})
    before = await put(alice, "1", first)
    replaced = 0
    for number, (a, b) in enumerate(pairs):
        after = await put_on(alice, level, f"s{number}", b)
        wins = rank(b) < rank(a)
        replaced += wins
        assert (after["etag"] != before["etag"]) is wins, (a, b)
        assert after["count"] == len(pairs)
        before = after
    found = await stored(alice, "1")
    for number, (a, b) in enumerate(pairs):
        assert found[ROOM, f"s{number}"] == (b if rank(b) < rank(a) else a), (a, b)
    assert (await history(alice, "?limit=1000"))["more_changes"] == 0
    assert len((await history(alice, "?limit=1000"))["changes"]) == replaced


async def test_each_pair_in_one_request(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    pairs = {(ROOM, f"s{number}"): pair for number, pair in enumerate(product(KEYS, KEYS))}
    await put(alice, "1", rooms({name: a for name, (a, _) in pairs.items()}))
    await put(alice, "1", rooms({name: b for name, (_, b) in pairs.items()}))
    expected = {name: min(pair, key=rank) for name, pair in pairs.items()}
    assert await stored(alice, "1") == expected


Step = tuple[str, Any]
_keys = st.dictionaries(
    st.tuples(st.sampled_from(["!a:x", "!b:x"]), st.sampled_from(["s", "t", "u"])),
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()),
    max_size=5,
)
_steps = st.lists(
    st.tuples(st.just("put"), _keys)
    | st.tuples(st.just("delete"), st.sampled_from(["", "/!a:x", "/!b:x", "/!a:x/s", "/!b:x/t"])),
    max_size=12,
)


class Model:
    """What ought to be stored, and what ought to be kept of what was stored before."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], dict[str, Any]] = {}
        self.was_best: list[str] = []

    def put(self, keys: dict[tuple[str, str], dict[str, Any]]) -> None:
        for name, each in keys.items():
            if name not in self.stored or rank(each) < rank(self.stored[name]):
                self.stored[name] = each
                self.was_best.append(each["session_data"]["ciphertext"])

    def delete(self, path: str) -> None:
        wanted = path.split("/")[1:]
        for name in [n for n in self.stored if list(n)[: len(wanted)] == wanted]:
            del self.stored[name]


def made(drawn: dict[tuple[str, str], tuple[int, int, bool]]) -> dict[Any, dict[str, Any]]:
    """Keys, each of which can be told from every other one."""
    return {
        name: key(first, forwarded, verified=verified, secret=f"{next(names)}.")
        for name, (first, forwarded, verified) in drawn.items()
    }


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_steps)
async def test_whatever_comes_in_whatever_order(world: World, steps: list[Step]) -> None:
    """The best since the last delete is stored; nothing that was the best once is lost."""
    alice = await world.register(f"alice{next(names)}")
    await begin(alice)
    model = Model()
    for step, what in steps:
        before = (await current(alice))["etag"], dict(model.stored)
        if step == "put":
            keys = made(what)
            model.put(keys)
            answer = await put(alice, "1", rooms(keys))
        else:
            model.delete(what)
            answer = ok(await alice.delete(f"room_keys/keys{what}?version=1"))
        assert await stored(alice, "1") == model.stored
        assert answer["count"] == len(model.stored)
        assert (answer["etag"] == before[0]) is (model.stored == before[1])
        assert await current(alice) == {**await current(alice), **answer}
    await everything_is_somewhere(alice, model)


async def everything_is_somewhere(alice: Person, model: Model) -> None:
    """Bring each change back, the last one first, and see what comes to light."""
    seen = list(secrets(await stored(alice, "1")))
    for change in (await history(alice))["changes"]:
        before = await stored(alice, "1")
        assert await restore(alice, change["id"]) == change["count"]
        after = await stored(alice, "1")
        seen += [each for each in secrets(after) if each not in set(secrets(before))]
        assert (await current(alice))["count"] == len(after)
    assert sorted(seen) == sorted(model.was_best)


def secrets(keys: dict[Any, dict[str, Any]]) -> Iterator[str]:
    for each in keys.values():
        yield each["session_data"]["ciphertext"]
