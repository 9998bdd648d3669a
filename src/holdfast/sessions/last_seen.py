"""When and from where a session was last seen.

Noted in memory with each request and stored in one batch now and then, so that reading never
waits for a write. A crash loses at most the last minute of it.
"""

import asyncio
import contextlib

from holdfast.kit.context import Context
from holdfast.kit.http import Request
from holdfast.sessions import sql
from holdfast.sessions.sql import AccessToken

STORE_EVERY_S = 30.0
WORTH_NOTING_MS = 60_000


class LastSeen:
    """What is not stored yet."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[tuple[str, str], dict[str, str | int | None]] = {}

    def note(self, known: AccessToken, request: Request) -> None:
        """A session has just made a request."""
        now = self._context.now
        recently = known.last_seen_at is not None and now - known.last_seen_at < WORTH_NOTING_MS
        if recently and known.last_seen_ip == request.address:
            return
        self._seen[known.user_id, known.device_id] = {
            "user_id": known.user_id,
            "device_id": known.device_id,
            "last_seen_at": now,
            "last_seen_ip": request.address,
            "last_seen_user_agent": request.user_agent,
        }

    async def store(self) -> None:
        """Store what was noted."""
        seen, self._seen = list(self._seen.values()), {}
        if seen:
            await self._context.db.write(lambda tx: sql.note_seen(tx, seen))

    async def keep_storing(self) -> None:
        """Store now and then, and a last time when cancelled."""
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(STORE_EVERY_S)
                await self.store()
        await self.store()
