"""A session publishes its keys (POST /keys/upload)."""

import asyncio

from holdfast.device_keys import publish
from holdfast.device_keys.uploads import Sent, check
from holdfast.kit.http import Request


async def upload(request: Request) -> dict[str, int]:
    """Publish what the session sends; return how many one-time keys it has unclaimed then.

    Raises:
        MatrixError: the keys cannot be used (`uploads.check`, `publish.store`); nothing is stored.
    """
    me, db = request.requester, request.context.db
    sent = request.json(Sent)
    if sent.is_empty:  # some clients ask for the counts this way
        return await db.read(lambda tx: publish.counts(tx, me.user_id, me.device_id))
    before = await db.peek(lambda tx: publish.published(tx, me.user_id, me.device_id))
    checked = await asyncio.to_thread(check, me.user_id, me.device_id, sent, before)
    return await db.write(lambda tx: publish.store(tx, checked))
