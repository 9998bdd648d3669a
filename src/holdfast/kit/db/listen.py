"""Hearing what other workers committed (PostgreSQL `LISTEN`)."""

import asyncio
import json
from collections.abc import Callable

import psycopg

from holdfast.kit.db.tx import EVERYBODY
from holdfast.kit.log import logger

CHANNEL = "holdfast"
RECONNECT_S = 1.0

log = logger(__name__)


class Listener:
    """A connection of its own that waits for notices, and comes back when it is cut."""

    def __init__(self, url: str, wake: Callable[[set[str]], None]) -> None:
        self._url = url
        self._wake = wake
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once notices are heard, so that none after this moment is missed."""
        self._task = asyncio.create_task(self._keep_listening())
        await self._listening.wait()

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_listening(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as error:
                log.warning("listen.lost", error=str(error))
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            if self._listening.is_set():  # cut off for a while: whatever was said meanwhile is lost
                self._wake({EVERYBODY})
            self._listening.set()
            async for notice in connection.notifies():
                self._wake(set(json.loads(notice.payload)))
