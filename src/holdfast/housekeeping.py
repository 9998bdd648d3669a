"""What has run out is cleared away, hourly and at the start."""

import asyncio

from holdfast.credentials import rules as credentials
from holdfast.device_keys import listing
from holdfast.journal import rules as journal
from holdfast.key_backup import rules as key_backup
from holdfast.kit.context import Context
from holdfast.kit.log import logger
from holdfast.media import rules as media
from holdfast.notices import rules as notices
from holdfast.presence import rules as presence
from holdfast.push import counting
from holdfast.sessions import rules as sessions
from holdfast.sliding_sync import rules as sliding_sync
from holdfast.to_device import rules as to_device
from holdfast.typing import rules as typing
from holdfast.uia import addresses as proofs

EVERY_S = 3600.0
MONTH_MS = 30 * 24 * 3600 * 1000

log = logger(__name__)


class Housekeeper:
    """Clears away what has run out, one round at a time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._alone = asyncio.Lock()

    async def keep(self) -> None:
        """Clear away now and then, until cancelled."""
        while True:
            try:
                await self.clear_away()
            except Exception:
                log.exception("housekeeping.failed")
            await asyncio.sleep(EVERY_S)

    async def clear_away(self) -> None:
        """Clear away once, after whichever round is under way."""
        async with self._alone:
            await _clear_away(self._context)


async def _clear_away(context: Context) -> None:
    """Remove sessions locked for too long, what can be undone no longer, and expired secrets."""
    now = context.now
    before = now - context.settings.locked_lifetime * 1000
    while await context.db.write(lambda tx: sessions.remove_locked(tx, before, now)):
        pass
    undo = now - context.settings.key_backup_undo_lifetime * 1000
    while await context.db.write(lambda tx: listing.forget_removed(tx, undo)):
        pass
    while await context.db.write(lambda tx: journal.forget_erased(tx, now)):
        pass
    while await context.db.write(lambda tx: to_device.forget_old(tx, now)):
        pass
    while await context.db.write(lambda tx: key_backup.forget_old(tx, undo)):
        pass
    month = now - MONTH_MS
    while await context.db.write(lambda tx: sliding_sync.forget_old(tx, month)):
        pass
    await typing.end(context)
    await presence.end(context)
    await media.clear_away(context)
    while await context.db.write(lambda tx: counting.forget_old(tx, month)):
        pass
    await context.db.write(lambda tx: proofs.forget_old(tx, now))
    await context.db.write(lambda tx: notices.forget_old(tx, now))
    await context.db.write(lambda tx: credentials.forget_removed_addresses(tx, now))
    await context.db.write(lambda tx: sessions.forget_old(tx, now))
