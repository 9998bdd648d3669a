"""Storing and deleting room keys: the better key wins, and what it replaces is kept for a while."""

from collections import Counter
from collections.abc import Sequence

from holdfast.journal import rules as journal
from holdfast.key_backup import sql
from holdfast.key_backup.shapes import Given, check_id, version_number
from holdfast.key_backup.sql import Backup, Stored, keys, old_keys
from holdfast.key_backup.sql.keys import Held, Scope
from holdfast.key_backup.sql.old_keys import Ending, Kept
from holdfast.key_backup.versions import lock, writable
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.http.requester import Requester
from holdfast.notices import rules as notices

QUIET_MS = 3_600_000
"""In each hour of the clock one mail tells of deleted keys."""


def is_better(given: Given, held: Held) -> bool:
    """Whether a key is to take the place of the one that is stored.

    One from a verified device wins; then the one that opens more messages; then the one that
    fewer devices have passed on. Between equals the stored one stays
    (Client-Server API, "Backing up").
    """
    key = given.key
    mine = (not key.is_verified, key.first_message_index, key.forwarded_count)
    return mine < (not held.is_verified, held.first_message_index, held.forwarded_count)


async def put(request: Request, version: str, given: Sequence[Given]) -> Stored:
    """Store those of the keys that are better than what is stored.

    Raises:
        MatrixError: there is no such version, or it is not the current one.
    """
    number, me, now = version_number(version), request.requester, request.context.now

    def store(tx: Tx) -> Stored:
        lock(tx, me.user_id)
        backup = writable(tx, me.user_id, number)
        return _store(tx, backup, given, me, now) if given else _as_it_is(backup)

    return await request.context.db.write(store)


def _store(tx: Tx, backup: Backup, given: Sequence[Given], me: Requester, now: int) -> Stored:
    held = {
        (each.room_id, each.session_id): each
        for each in keys.held(tx, backup.number, [each.slot for each in given])
    }
    new: list[Given] = []
    better: list[tuple[Given, Held]] = []
    for each in given:
        standing = held.get((each.room_id, each.session_id))
        if standing is None:
            new.append(each)
        elif is_better(each, standing):
            better.append((each, standing))
    replaced = [standing for _, standing in better]
    if replaced:
        ending = Ending(me.user_id, "replaced", me.device_id, now)
        old_keys.keep_these(tx, backup.number, replaced, ending)
    keys.replace(tx, [{**_row(each, me, now), "number": held.number} for each, held in better])
    keys.insert(tx, [{**_row(each, me, now), **_place(backup, each)} for each in new])
    added = Counter({me.device_id: len(new) + len(better)})
    added.subtract(Counter(each.uploaded_by for each in replaced))
    sql.shift_sessions(tx, backup.number, added, me.device_id, now)
    return sql.shift(tx, backup.number, len(new)) if new or better else _as_it_is(backup)


def _place(backup: Backup, given: Given) -> dict[str, object]:
    return {
        "backup": backup.number,
        "slot": given.slot,
        "room_id": given.room_id,
        "session_id": given.session_id,
    }


def _row(given: Given, me: Requester, now: int) -> dict[str, object]:
    return {
        "first_message_index": given.key.first_message_index,
        "forwarded_count": given.key.forwarded_count,
        "is_verified": given.key.is_verified,
        "uploaded_by": me.device_id,
        "uploaded_at": now,
        "member": given.member,
    }


def _as_it_is(backup: Backup) -> Stored:
    return Stored(backup.count, backup.etag)


async def delete(
    request: Request, version: str, room_id: str | None, session_id: str | None
) -> Stored:
    """Delete all keys, those of a room, or one; they are kept out of sight for a while.

    Raises:
        MatrixError: there is no such version, or it is not the current one.
    """
    number, me, now = version_number(version), request.requester, request.context.now
    check_ids(room_id, session_id)

    def forget(tx: Tx) -> Stored:
        lock(tx, me.user_id)
        backup = writable(tx, me.user_id, number)
        scope = Scope(backup.number, room_id, session_id)
        kept = old_keys.keep(tx, scope, Ending(me.user_id, "deleted", me.device_id, now))
        if kept is None:
            return _as_it_is(backup)
        keys.delete(tx, scope)
        fewer = {device: -count for device, count in old_keys.by_session(tx, kept.number).items()}
        sql.shift_sessions(tx, backup.number, fewer, None, now)
        told = {"version": number, "keys": kept.count, "rooms": kept.rooms}
        journal.note(tx, request, me.user_id, "room_keys_deleted", **told)
        stored = sql.shift(tx, backup.number, -kept.count)
        _tell(tx, request, stored, kept)
        return stored

    return await request.context.db.write(forget)


def _tell(tx: Tx, request: Request, stored: Stored, kept: Kept) -> None:
    """Tell the owner that keys were deleted: who takes them one by one does not go unnoticed.

    Nor do they fill the mailbox that way.
    """
    user_id = request.requester.user_id
    if stored.count == 0:  # to its owner that is the backup, deleted
        notices.key_backup_deleted(tx, request, user_id, kept.count)
        return
    hour = request.context.now // QUIET_MS * QUIET_MS
    if not old_keys.were_deleted(tx, user_id, hour, kept.number):
        notices.room_keys_deleted(tx, request, user_id, kept.count)


def check_ids(room_id: str | None, session_id: str | None) -> None:
    """Refuse a path that can name no key.

    Raises:
        InvalidParam: that is what it does.
    """
    if room_id is not None:
        check_id("room ID", room_id)
    if session_id is not None:
        check_id("session ID", session_id)
