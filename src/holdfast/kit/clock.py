"""The time, passed in so that expiry is tested without waiting."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day. Tests pass one that moves when it is told to."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch, the unit of every time in Matrix."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch."""
        return time.time_ns() // 1_000_000
