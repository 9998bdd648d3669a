"""Doing something a while later, in this worker, if it still runs then."""

import asyncio
from collections.abc import Awaitable, Callable

from holdfast.kit.log import logger

log = logger(__name__)


class Later:
    """What is to be done later. It is forgotten when the server stops, so nothing may depend on it
    but what housekeeping does as well."""

    def __init__(self) -> None:
        self._tasks: dict[object, asyncio.Task[None]] = {}

    def put(self, name: object, after_ms: int, act: Callable[[], Awaitable[object]]) -> None:
        """Do `act` once `after_ms` have passed, in place of what was planned under this name."""
        planned = self._tasks.pop(name, None)
        if planned is not None:
            planned.cancel()
        self._tasks[name] = asyncio.create_task(self._do(name, after_ms, act))

    async def _do(self, name: object, after_ms: int, act: Callable[[], Awaitable[object]]) -> None:
        await asyncio.sleep(after_ms / 1000)
        self._tasks.pop(name, None)
        try:
            await act()
        except Exception:
            log.exception("later.failed")

    async def stop(self) -> None:
        """Forget all of it."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
