"""Rate limits: so many requests per time and per whoever asks.

Kept in memory, by each worker for itself, with the allowance divided by the number of workers:
a limit is there to make guessing hopeless, and that needs no agreement to the last request.
"""

from collections import OrderedDict

from holdfast.config import Limit
from holdfast.kit.clock import Clock
from holdfast.kit.errors import LimitExceeded

MOST_REMEMBERED = 100_000
LONGEST_NAME = 300  # more than any user ID or address; who sends more shares a count with others


class Limits:
    """Counts requests with the generic cell rate algorithm: one number for each name."""

    def __init__(self, clock: Clock, *, enabled: bool, workers: int = 1) -> None:
        self._clock = clock
        self._enabled = enabled
        self._workers = workers
        self._free_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, what: str, limit: Limit, *who: str) -> None:
        """Count one request of kind `what` for each name in `who`.

        Raises:
            LimitExceeded: one of them has used up its allowance; nothing is counted then.
        """
        if not self._enabled:
            return
        for name in who:
            self._check(what, limit, name)
        for name in who:
            self._count(what, limit, name)

    def check(self, what: str, limit: Limit, *who: str) -> None:
        """Like `take`, but only looks: for what is counted afterwards, such as failures."""
        if self._enabled:
            for name in who:
                self._check(what, limit, name)

    def _step_ms(self, limit: Limit) -> float:
        return limit.seconds * 1000 / limit.count * self._workers

    def _check(self, what: str, limit: Limit, name: str) -> None:
        now = self._clock.now_ms()
        free_at = self._free_at.get((what, name[:LONGEST_NAME]), 0.0)
        allowance = self._step_ms(limit) * max(1, limit.burst // self._workers)
        wait = free_at + self._step_ms(limit) - allowance - now
        if wait > 0:
            raise LimitExceeded(int(wait) + 1)

    def _count(self, what: str, limit: Limit, name: str) -> None:
        now = self._clock.now_ms()
        key = (what, name[:LONGEST_NAME])
        free_at = max(self._free_at.pop(key, 0.0), float(now))
        self._free_at[key] = free_at + self._step_ms(limit)
        while len(self._free_at) > MOST_REMEMBERED:  # the longest untouched go first
            self._free_at.popitem(last=False)
