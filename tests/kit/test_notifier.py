"""Waking those who wait."""

import asyncio

from holdfast.kit.db.tx import EVERYBODY
from holdfast.kit.notifier import Notifier


async def test_who_waits_is_woken() -> None:
    notifier = Notifier()
    with notifier.waiter("alice", "room") as waiter:
        waiting = asyncio.create_task(waiter.wait(5000))
        await asyncio.sleep(0)
        notifier.wake({"room"})
        assert await waiting


async def test_who_waits_for_something_else_sleeps_on() -> None:
    notifier = Notifier()
    with notifier.waiter("alice") as waiter:
        notifier.wake({"bob"})
        assert not await waiter.wait(10)


async def test_what_came_before_the_wait_counts() -> None:
    notifier = Notifier()
    with notifier.waiter("alice") as waiter:
        notifier.wake({"alice"})
        assert await waiter.wait(5000)
        assert not await waiter.wait(10), "and only once"


async def test_everybody_is_woken_when_news_may_have_been_missed() -> None:
    notifier = Notifier()
    with notifier.waiter("alice") as one, notifier.waiter("bob") as other:
        notifier.wake({EVERYBODY})
        assert await one.wait(5000)
        assert await other.wait(5000)


async def test_nobody_is_remembered() -> None:
    notifier = Notifier()
    with notifier.waiter("alice", "alice", "bob"), notifier.waiter("bob"):
        assert set(notifier.waiting) == {"alice", "bob"}
    notifier.wake({"alice", "bob", "carol"})
    assert dict(notifier.waiting) == {}
