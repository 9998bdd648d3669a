"""When and from where a session was last seen.

Noted in memory with each request and stored in one batch now and then, so that reading never
waits for a write. A crash loses at most the last minute of it.
"""

import asyncio
import contextlib
from collections import OrderedDict

from holdfast.kit.context import Context
from holdfast.kit.db import DatabaseUnavailable
from holdfast.kit.http import Request
from holdfast.kit.log import logger
from holdfast.sessions import sql
from holdfast.sessions.sql import AccessToken

STORE_EVERY_S = 30.0
WORTH_NOTING_MS = 60_000
MOST_REMEMBERED = 100_000

log = logger(__name__)


class LastSeen:
    """What is not stored yet, and what was noted lately and need not be noted again."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[tuple[str, str], dict[str, str | int]] = {}
        self._lately: OrderedDict[tuple[str, str], tuple[int, str]] = OrderedDict()

    def note(self, known: AccessToken, request: Request) -> None:
        """A session has just made a request."""
        now, address = self._context.now, request.address
        session = (known.user_id, known.device_id)
        when, where = self._lately.get(session, (0, ""))
        if now - when < WORTH_NOTING_MS and where == address:
            return
        self._lately[session] = (now, address)
        if len(self._lately) > MOST_REMEMBERED:
            self._lately.popitem(last=False)
        self._seen[session] = {
            "user_id": known.user_id,
            "device_id": known.device_id,
            "last_seen_at": now,
            "last_seen_ip": address,
            "last_seen_user_agent": request.user_agent,
        }

    async def store(self) -> None:
        """Store what was noted; when that fails, keep it for the next time."""
        seen, self._seen = self._seen, {}
        if not seen:
            return
        try:
            await self._context.db.write(lambda tx: sql.note_seen(tx, list(seen.values())))
        except BaseException:
            self._seen = {**seen, **self._seen}
            raise

    async def keep_storing(self) -> None:
        """Store now and then, and a last time when cancelled."""
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(STORE_EVERY_S)
                try:
                    await self.store()
                except DatabaseUnavailable as error:
                    log.warning("last_seen.not_stored", error=str(error))
        await self.store()
