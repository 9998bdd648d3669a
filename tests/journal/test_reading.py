"""Reading the journal: one's own, page by page."""

from itertools import pairwise
from typing import Any

import pytest

from holdfast.journal.rules import write_many
from holdfast.kit.db import Tx
from tests.world import EXTRAS, Person, World, refused

JOURNAL = f"{EXTRAS}/journal"


async def with_many(world: World, count: int) -> Person:
    """Somebody to whose account a lot was done."""
    alice = await world.register("alice")
    facts = [{alice.user_id: {"number": number}} for number in range(count - 1)]

    def add(tx: Tx) -> None:
        for each in facts:
            write_many(tx, "session_opened", each, at=1)

    await world.server.context.db.write(add)
    return alice


async def read(alice: Person, query: str = "") -> dict[str, Any]:
    answer = await alice.get(f"{JOURNAL}{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_it_is_announced(world: World) -> None:
    features = (await world.get("/_matrix/client/versions")).json()["unstable_features"]
    assert features["dev.holdfast.journal"] is True


async def test_all_pages_together_are_the_journal(world: World) -> None:
    alice = await with_many(world, 12)
    seen, query = [], "?limit=5"
    while query:
        page = await read(alice, query)
        assert 0 < len(page["entries"]) <= 5
        seen += page["entries"]
        query = f"?limit=5&from={page['next_batch']}" if "next_batch" in page else ""
        await alice.another_session()  # what is added meanwhile does not shift the pages
    numbers = [each["facts"].get("number", -1) for each in seen]
    assert numbers == list(range(10, -2, -1))
    assert "next_batch" not in await read(alice, "?limit=100")


async def test_a_page_that_ends_with_the_journal(world: World) -> None:
    alice = await with_many(world, 4)
    page = await read(alice, "?limit=4")
    assert len(page["entries"]) == 4
    assert "next_batch" not in page


async def test_how_many_there_are_without_a_limit_and_with_a_large_one(world: World) -> None:
    alice = await with_many(world, 502)
    assert len((await read(alice))["entries"]) == 50
    assert len((await read(alice, "?limit=500"))["entries"]) == 500
    assert len((await read(alice, "?limit=501"))["entries"]) == 500
    assert await world.count_statements(lambda: read(alice, "?limit=500")) == 2


async def test_the_newest_is_first(world: World) -> None:
    alice = await world.register("alice")
    for _ in range(3):
        world.clock.turn(minutes=1)
        await alice.another_session()
    times = [each["at"] for each in (await read(alice))["entries"]]
    assert all(newer > older for newer, older in pairwise(times))


async def test_everybody_reads_their_own(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await alice.another_session(device_id="PHONE")
    assert len((await read(alice))["entries"]) == 2
    assert [each["what"] for each in (await read(bob))["entries"]] == ["account_created"]
    newest = (await read(alice, "?limit=1"))["next_batch"]
    (entry,) = (await read(bob, f"?from={int(newest) + 100}"))["entries"]
    assert entry["facts"]["device_id"] == bob.device_id
    refused(await world.get(JOURNAL), 401, "M_MISSING_TOKEN")


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "1.5", "1e3", "٣", "9" * 19, "%00", "+1"])
async def test_a_limit_that_is_none(world: World, value: str) -> None:
    alice = await world.register("alice")
    refused(await alice.get(f"{JOURNAL}?limit={value}"), 400, "M_INVALID_PARAM")
    if value != "0":
        refused(await alice.get(f"{JOURNAL}?from={value}"), 400, "M_INVALID_PARAM")


async def test_from_beyond_the_ends(world: World) -> None:
    alice = await world.register("alice")
    assert await read(alice, "?from=0") == {"entries": []}
    assert len((await read(alice, f"?from={'9' * 18}"))["entries"]) == 1
