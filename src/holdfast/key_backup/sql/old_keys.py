"""Tables: key_backup_changes, old_room_keys; copies between them and room_keys."""

from dataclasses import dataclass

from holdfast.key_backup.sql.keys import ALL, OF_ROOM, ONE, Held, Scope
from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Change:
    """Keys that were replaced or deleted together. `number` names it in tables."""

    number: int
    backup: int
    version: int
    ended_at: int
    ended_how: str
    ended_by: str | None
    count: int
    rooms: int


@dataclass(frozen=True)
class Kept:
    """A change that has just been written."""

    number: int
    count: int
    rooms: int


@dataclass(frozen=True)
class Ending:
    """How, by which session (None: by none) and when keys ended."""

    user_id: str
    how: str
    by: str | None
    now: int


_INTO = (
    "INSERT INTO key_backup_changes (user_id, backup, ended_at, ended_how, ended_by, count, rooms)"
)
_FOUND = (
    " SELECT :user_id, :backup, :now, :how, :by, count(*), count(DISTINCT room_id) FROM room_keys"
)
_IF_ANY = " HAVING count(*) > 0 RETURNING number, count, rooms"
_COPY = (
    "INSERT INTO old_room_keys (change, slot, room_id, session_id, first_message_index,"
    " forwarded_count, is_verified, uploaded_by, uploaded_at, member)"
    " SELECT :change, slot, room_id, session_id, first_message_index, forwarded_count,"
    " is_verified, uploaded_by, uploaded_at, member FROM room_keys"
)
_THESE = (
    " WHERE number IN (SELECT CAST(given.number AS bigint) FROM rows(:numbers, number) AS given)"
)
_STANDING = (
    " WHERE number IN (SELECT s.number FROM old_room_keys o JOIN room_keys s"
    " ON s.backup = :backup AND s.slot = o.slot AND s.room_id = o.room_id"
    " AND s.session_id = o.session_id WHERE o.change = :restored)"
)
_DELETE = "DELETE FROM room_keys"
_CHANGE = (
    "SELECT c.number, c.backup, b.version, c.ended_at, c.ended_how, c.ended_by, c.count, c.rooms"
    " FROM key_backup_changes c JOIN key_backups b ON b.number = c.backup"
    " WHERE c.user_id = :user_id AND c.ended_at >= :since"
)


def keep(tx: Tx, scope: Scope, ending: Ending) -> Kept | None:
    """Copy keys that are about to go; None when there are none."""
    one, room = scope.session_id is not None, scope.room_id is not None
    params = {**scope.params, **_told(ending)}
    kept = tx.one(
        Kept, _INTO + _FOUND + (ONE if one else OF_ROOM if room else ALL) + _IF_ANY, **params
    )
    if kept is not None:
        tx.run(_COPY + (ONE if one else OF_ROOM if room else ALL), change=kept.number, **params)
    return kept


def keep_these(tx: Tx, backup: int, held: list[Held], ending: Ending) -> None:
    """Copy some keys that are about to be replaced."""
    change: int = tx.value(
        _INTO + " VALUES (:user_id, :backup, :now, :how, :by, :count, :rooms) RETURNING number",
        backup=backup,
        count=len(held),
        rooms=len({each.room_id for each in held}),
        **_told(ending),
    )
    tx.run(_COPY + _THESE, change=change, numbers=[[str(each.number)] for each in held])


def take_standing(tx: Tx, backup: int, restored: int, ending: Ending) -> Kept | None:
    """Take away the keys that stand in the places of those of a change; None without any.

    They become a change of their own.
    """
    params = {"backup": backup, "restored": restored}
    kept = tx.one(Kept, _INTO + _FOUND + _STANDING + _IF_ANY, **params, **_told(ending))
    if kept is not None:
        tx.run(_COPY + _STANDING, change=kept.number, **params)
        tx.run(_DELETE + _STANDING, **params)
    return kept


def _told(ending: Ending) -> dict[str, str | int | None]:
    return {"user_id": ending.user_id, "how": ending.how, "by": ending.by, "now": ending.now}


def put_back(tx: Tx, backup: int, restored: int) -> None:
    """Put the keys of a change in their places, which have to be free, and end the change."""
    tx.run(
        "INSERT INTO room_keys (backup, slot, room_id, session_id, first_message_index,"
        " forwarded_count, is_verified, uploaded_by, uploaded_at, member)"
        " SELECT :backup, slot, room_id, session_id, first_message_index, forwarded_count,"
        " is_verified, uploaded_by, uploaded_at, member FROM old_room_keys"
        " WHERE change = :restored ORDER BY number",
        backup=backup,
        restored=restored,
    )
    tx.run("DELETE FROM key_backup_changes WHERE number = :restored", restored=restored)


def by_session(tx: Tx, change: int) -> dict[str, int]:
    """How many keys of a change each session had stored."""
    return dict(
        tx.all(
            lambda device_id, count: (device_id, count),
            "SELECT uploaded_by, count(*) FROM old_room_keys WHERE change = :change"
            " GROUP BY uploaded_by",
            change=change,
        )
    )


def change(tx: Tx, user_id: str, number: int, since: int) -> Change | None:
    """A change that can be undone."""
    return tx.one(
        Change, _CHANGE + " AND c.number = :number", user_id=user_id, number=number, since=since
    )


def changes(tx: Tx, user_id: str, since: int, before: int, limit: int) -> list[Change]:
    """The changes that can be undone, the last one first, from before the one named `before`."""
    return tx.all(
        Change,
        _CHANGE + " AND c.number < :before ORDER BY c.number DESC LIMIT :limit",
        user_id=user_id,
        since=since,
        before=before,
        limit=limit,
    )


def were_deleted(tx: Tx, user_id: str, since: int, before: int) -> bool:
    """Whether keys were deleted since a time, in a change before the one named `before`."""
    found = tx.value(
        "SELECT 1 FROM key_backup_changes WHERE user_id = :user_id AND ended_how = 'deleted'"
        " AND ended_at >= :since AND number < :before LIMIT 1",
        user_id=user_id,
        since=since,
        before=before,
    )
    return found is not None


def count_changes(tx: Tx, user_id: str, since: int, before: int) -> int:
    """How many changes there are from before the one named `before`."""
    count: int = tx.value(
        "SELECT count(*) FROM key_backup_changes WHERE user_id = :user_id"
        " AND ended_at >= :since AND number < :before",
        user_id=user_id,
        since=since,
        before=before,
    )
    return count


def forget_keys(tx: Tx, before: int, limit: int) -> int:
    """Delete keys of changes from before a time; return how many there were."""
    return tx.run(
        "DELETE FROM old_room_keys WHERE number IN (SELECT k.number FROM key_backup_changes c"
        " JOIN old_room_keys k ON k.change = c.number WHERE c.ended_at < :before LIMIT :limit)",
        before=before,
        limit=limit,
    )


def forget_changes(tx: Tx, before: int, limit: int) -> int:
    """Delete changes from before a time; return how many there were."""
    return tx.run(
        "DELETE FROM key_backup_changes WHERE number IN (SELECT number FROM key_backup_changes"
        " WHERE ended_at < :before ORDER BY ended_at LIMIT :limit)",
        before=before,
        limit=limit,
    )
