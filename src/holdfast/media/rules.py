"""Uploading and finding files (Client-Server API, "Content Repository")."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, LimitExceeded, MatrixError, NotFound
from holdfast.media import disk, sql
from holdfast.media.sql import Media

TO_COME_MS = 24 * 3600 * 1000
MOST_TO_COME = 50
ORPHAN_S = 24 * 3600
NAME_LENGTH = 255
ANYTHING = "application/octet-stream"
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}(\s*;[\x20-\x7e]*)?")


def described(content_type: str | None, file_name: str | None) -> tuple[str, str | None]:
    """A content type and a file name as they are stored; what is no type is anything."""
    kind = content_type or ""
    name = (file_name or "").replace("\0", "")[:NAME_LENGTH]
    return (kind if _TYPE.fullmatch(kind) and len(kind) <= NAME_LENGTH else ANYTHING), name or None


async def upload(
    context: Context,
    user_id: str,
    described: tuple[str, str | None],
    parts: AsyncIterator[bytes],
) -> str:
    """Store a new file; return its media ID.

    Raises:
        MatrixError: what `parts` raises, when the file is too large or does not arrive.
    """
    media_id, now = ids.short_id(context.random), context.now
    path, size = await disk.receive(context.settings.data_dir, media_id, parts)
    media = Media(media_id, user_id, *described, size, now, now)
    await asyncio.to_thread(disk.keep, path, disk.path_of(context.settings.data_dir, media_id))
    await context.db.write(lambda tx: sql.put(tx, media))
    return media_id


async def create(context: Context, user_id: str) -> Media:
    """Give out a media ID whose content is to come.

    Raises:
        LimitExceeded: so many are to come of this user already.
    """
    media = Media(ids.short_id(context.random), user_id, ANYTHING, None, 0, context.now, None)

    def store(tx: Tx) -> None:
        tx.lock(f"media {user_id}")
        if sql.to_come(tx, user_id) >= MOST_TO_COME:
            raise LimitExceeded(60_000)
        sql.put(tx, media)

    await context.db.write(store)
    return media


async def fill(
    context: Context,
    user_id: str,
    media_id: str,
    described: tuple[str, str | None],
    parts: AsyncIterator[bytes],
) -> None:
    """Store the content of a file whose ID was given out, and tell those who wait for it.

    Raises:
        NotFound: there is no such ID, or it was given out too long ago.
        Forbidden: it was given to somebody else.
        MatrixError: 409 `M_CANNOT_OVERWRITE_MEDIA`: its content has come already.
    """
    media = await context.db.read(lambda tx: sql.one(tx, media_id))
    if media is None or _is_late(media, context.now):
        raise NotFound("There is no such file, or its time to be uploaded is over.")
    if media.user_id != user_id:
        raise Forbidden("This media ID was given to somebody else.")
    if media.uploaded_at is not None:
        raise _there_already()
    data_dir = context.settings.data_dir
    path, size = await disk.receive(data_dir, ids.short_id(context.random), parts)
    filled = Media(media_id, user_id, *described, size, media.created_at, context.now)

    def store(tx: Tx) -> None:
        if not sql.fill(tx, filled):
            raise _there_already()
        disk.keep(path, disk.path_of(data_dir, media_id))
        tx.wake(waiting_for(media_id))

    try:
        await context.db.write(store)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


def _is_late(media: Media, now: int) -> bool:
    return media.uploaded_at is None and now - media.created_at >= TO_COME_MS


def _there_already() -> MatrixError:
    return MatrixError(409, "M_CANNOT_OVERWRITE_MEDIA", "This file has been uploaded already.")


def waiting_for(media_id: str) -> str:
    """The name that is woken when the content of a file has come."""
    return f"media {media_id}"


async def find(context: Context, server: str, media_id: str, timeout_ms: int) -> tuple[Media, Path]:
    """A file, and where it lies; one that is to come is waited for.

    Raises:
        NotFound: there is no such file here.
        MatrixError: 504 `M_NOT_YET_UPLOADED`.
    """
    if server != context.settings.server_name or not disk.MEDIA_ID.fullmatch(media_id):
        raise NotFound("There is no such file on this server.")
    with context.notifier.waiter(waiting_for(media_id)) as waiter:
        media = await context.db.read(lambda tx: sql.one(tx, media_id))
        if media is not None and media.uploaded_at is None and timeout_ms:
            await waiter.wait(timeout_ms)
            media = await context.db.read(lambda tx: sql.one(tx, media_id))
    if media is None or _is_late(media, context.now):
        raise NotFound("There is no such file on this server.")
    if media.uploaded_at is None:
        raise MatrixError(504, "M_NOT_YET_UPLOADED", "This file is still being uploaded.")
    path = disk.path_of(context.settings.data_dir, media_id)
    if not await asyncio.to_thread(path.exists):
        raise NotFound("The content of this file is gone from the server's disk.")
    return media, path


def remove(tx: Tx, media_id: str) -> bool:
    """Forget a file; False when there is none. Its content goes with `disk.remove` afterwards."""
    return sql.delete(tx, media_id)


async def clear_away(context: Context) -> None:
    """Forget what did not come in time, and remove files that no row names."""
    now, data_dir = context.now, context.settings.data_dir
    await context.db.write(lambda tx: sql.forget_late(tx, now - TO_COME_MS))
    before = await asyncio.to_thread(disk.now, data_dir) - ORPHAN_S
    await asyncio.to_thread(disk.remove_arriving, data_dir, before)
    found = await asyncio.to_thread(lambda: list(disk.all_ids(data_dir, before)))
    for start in range(0, len(found), sql.FORGOTTEN_AT_ONCE):
        some = found[start : start + sql.FORGOTTEN_AT_ONCE]
        known = set(await context.db.read(partial(sql.known, media_ids=some)))
        for media_id in set(some) - known:
            await asyncio.to_thread(disk.remove, data_dir, media_id)
