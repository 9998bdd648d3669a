"""Waking those who wait for something to be committed."""

import asyncio
from collections import defaultdict
from types import TracebackType

from holdfast.kit.db.tx import EVERYBODY


class Waiter:
    """Registered from `with` on, so that what is committed between a look and a wait counts."""

    def __init__(self, notifier: "Notifier", names: tuple[str, ...]) -> None:
        self._notifier = notifier
        self._names = names
        self._event = asyncio.Event()

    def __enter__(self) -> "Waiter":
        for name in self._names:
            self._notifier.waiting[name].add(self._event)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in self._names:
            events = self._notifier.waiting[name]
            events.discard(self._event)
            if not events:
                del self._notifier.waiting[name]

    async def wait(self, timeout_ms: int) -> bool:
        """Sleep until woken, at most `timeout_ms`; True when woken."""
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True

    def wake(self) -> None:
        """Wake this one, for a reason of the waiter's own."""
        self._event.set()


class Notifier:
    """Who waits for what, in this worker.

    `closing` becomes true when the server stops: whoever is woken then does not wait again.
    """

    def __init__(self) -> None:
        self.closing = False
        self.waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def waiter(self, *names: str) -> Waiter:
        """Wait for any of `names`; use it in a `with` statement."""
        return Waiter(self, names)

    def wake(self, names: set[str]) -> None:
        """Wake whoever waits for one of `names`; called on the event loop after a commit."""
        chosen = list(self.waiting) if EVERYBODY in names else list(names)
        for name in chosen:
            for event in self.waiting.get(name, ()):
                event.set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self.closing = True
        self.wake({EVERYBODY})
