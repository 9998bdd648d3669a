"""Hashing account passwords."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from holdfast.kit.errors import LimitExceeded
from holdfast.kit.hasher import MOST_WAITING, Hasher, normal_form


@pytest.fixture
async def hasher() -> AsyncIterator[Hasher]:
    made = Hasher(memory_kib=64, time_cost=1)
    yield made
    made.close()


async def test_the_right_password_and_the_wrong_one(hasher: Hasher) -> None:
    stored = await hasher.hash("wandering ember")
    assert stored.startswith("$argon2id$")
    assert await hasher.verify(stored, "wandering ember")
    assert not await hasher.verify(stored, "wandering embers")
    assert await hasher.hash("wandering ember") != stored, "each has a salt of its own"


async def test_nobody_has_no_right_password(hasher: Hasher) -> None:
    assert not await hasher.verify(None, "nobody's account password")
    assert not await hasher.verify("", "")
    assert not await hasher.verify("no hash", "no hash")


@pytest.mark.parametrize("length", [72, 73, 512, 100_000])
async def test_every_letter_counts(hasher: Hasher, length: int) -> None:
    stored = await hasher.hash("a" * length + "b")
    assert not await hasher.verify(stored, "a" * length + "c")
    assert not await hasher.verify(stored, "a" * length)
    assert await hasher.verify(stored, "a" * length + "b")


@pytest.mark.parametrize(
    ("one", "other"),
    [("é", "e\u0301"), ("ﬁ", "fi"), ("Ａ", "A"), ("Å", "\u212b"), ("한", "\u1112\u1161\u11ab")],
)
async def test_spellings_that_look_the_same_are_the_same(
    hasher: Hasher, one: str, other: str
) -> None:
    assert await hasher.verify(await hasher.hash(one), other)
    assert normal_form(one) == normal_form(other)


async def test_what_is_not_the_same_stays_apart(hasher: Hasher) -> None:
    stored = await hasher.hash("a\ud800b")
    assert await hasher.verify(stored, "a\ud800b")
    assert not await hasher.verify(stored, "ab")
    assert not await hasher.verify(stored, "a\ud801b")
    assert not await hasher.verify(await hasher.hash("Straße"), "Strasse")
    assert not await hasher.verify(await hasher.hash("a\0b"), "a")


async def test_too_many_at_once_are_told_to_come_back(hasher: Hasher) -> None:
    tries = [hasher.hash("x") for _ in range(MOST_WAITING + 5)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    refused = [each for each in ended if isinstance(each, LimitExceeded)]
    assert len(refused) == 5
    assert refused[0].status == 429
    assert await hasher.hash("x"), "and then it is as before"


async def test_raised_parameters_are_noticed(hasher: Hasher) -> None:
    stored = await hasher.hash("x")
    assert not hasher.outdated(stored)
    for raised in (Hasher(memory_kib=128, time_cost=1), Hasher(memory_kib=64, time_cost=2)):
        assert raised.outdated(stored)
        assert await raised.verify(stored, "x")
        raised.close()


async def test_the_event_loop_stays_free() -> None:
    slow = Hasher(memory_kib=65536, time_cost=4)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    turning = asyncio.create_task(turn())
    await slow.hash("x")
    turning.cancel()
    slow.close()
    assert turns > 3
