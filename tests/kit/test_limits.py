"""Counting requests."""

import pytest

from holdfast.config import Limit
from holdfast.kit import limits as module
from holdfast.kit.errors import LimitExceeded
from holdfast.kit.limits import Limits
from tests.surroundings import TurnableClock

TEN_A_MINUTE = Limit(10, 60, 10)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def limits(clock: TurnableClock) -> Limits:
    return Limits(clock, enabled=True)


def wait(limits: Limits, limit: Limit = TEN_A_MINUTE, *who: str) -> int:
    """The time to wait before the next one, in milliseconds; 0 when it is counted."""
    try:
        limits.take("x", limit, *(who or ("alice",)))
    except LimitExceeded as error:
        wait_ms: int = error.extra["retry_after_ms"]
        return wait_ms
    return 0


def test_so_many_and_no_more(limits: Limits) -> None:
    assert [wait(limits) for _ in range(10)] == [0] * 10
    assert wait(limits) == 6001
    assert wait(limits, TEN_A_MINUTE, "bob") == 0


def test_waiting_the_time_that_is_told_is_enough(limits: Limits, clock: TurnableClock) -> None:
    for _ in range(10):
        wait(limits)
    clock.turn(ms=wait(limits) - 2)
    assert wait(limits) > 0
    clock.turn(ms=wait(limits))
    assert wait(limits) == 0
    assert wait(limits) > 0


def test_an_allowance_comes_back_in_time(limits: Limits, clock: TurnableClock) -> None:
    for _ in range(10):
        wait(limits)
    clock.turn(minutes=1)
    assert [wait(limits) for _ in range(10)] == [0] * 10
    assert wait(limits) > 0


def test_a_burst(limits: Limits) -> None:
    assert [wait(limits, Limit(1, 60, 3)) for _ in range(3)] == [0, 0, 0]
    assert wait(limits, Limit(1, 60, 3)) > 0


def test_nothing_is_counted_when_one_name_has_used_its_up(limits: Limits) -> None:
    for _ in range(10):
        wait(limits)
    for _ in range(20):
        assert wait(limits, TEN_A_MINUTE, "bob", "alice") > 0
    assert [wait(limits, TEN_A_MINUTE, "bob") for _ in range(10)] == [0] * 10


def test_looking_counts_nothing(limits: Limits) -> None:
    for _ in range(50):
        limits.check("x", TEN_A_MINUTE, "alice")
    for _ in range(10):
        wait(limits)
    with pytest.raises(LimitExceeded):
        limits.check("x", TEN_A_MINUTE, "alice")


def test_kinds_are_counted_apart(limits: Limits) -> None:
    for _ in range(10):
        wait(limits)
    limits.take("y", TEN_A_MINUTE, "alice")


def test_workers_share_the_allowance(clock: TurnableClock) -> None:
    one_of_five = Limits(clock, enabled=True, workers=5)
    assert [wait(one_of_five) for _ in range(2)] == [0, 0]
    assert wait(one_of_five) == 30_001


def test_switched_off(clock: TurnableClock) -> None:
    off = Limits(clock, enabled=False)
    assert [wait(off) for _ in range(1000)] == [0] * 1000


def test_memory_is_limited_too(limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMEMBERED", 100)
    for number in range(1000):
        wait(limits, TEN_A_MINUTE, f"name {number}")
    assert len(limits._free_at) == 100
    long = "x" * 1_000_000
    wait(limits, TEN_A_MINUTE, long)
    assert max(len(name) for _what, name in limits._free_at) < 1000
