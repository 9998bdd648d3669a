"""Tables: room_keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True, slots=True)
class Held:
    """A stored key, in as much as it takes to compare it with another one."""

    room_id: str
    session_id: str
    first_message_index: int
    forwarded_count: int
    is_verified: int
    uploaded_by: str


@dataclass(frozen=True)
class Scope:
    """Which keys of a backup: all, those of a room, or one."""

    backup: int
    room_id: str | None = None
    session_id: str | None = None


_DELETE = "DELETE FROM room_keys"
_ALL = " WHERE backup = :backup"
_ROOM = " WHERE backup = :backup AND room_id = :room_id"
_ONE = " WHERE backup = :backup AND room_id = :room_id AND session_id = :session_id"


def held(tx: Tx, backup: int, sessions: list[list[str]]) -> list[Held]:
    """Those of some sessions, given as pairs of room ID and session ID, that are stored."""
    return tx.all(
        Held,
        "SELECT room_id, session_id, first_message_index, forwarded_count, is_verified,"
        " uploaded_by FROM room_keys WHERE backup = :backup"
        " AND (room_id, session_id) IN rows(:sessions, room_id, session_id)",
        backup=backup,
        sessions=sessions,
    )


def put(tx: Tx, keys: Sequence[dict[str, Any]]) -> None:
    """Store keys, in place of those that are there."""
    tx.many(
        "INSERT INTO room_keys (backup, room_id, session_id, first_message_index,"
        " forwarded_count, is_verified, uploaded_by, uploaded_at, member)"
        " VALUES (:backup, :room_id, :session_id, :first_message_index, :forwarded_count,"
        " :is_verified, :uploaded_by, :uploaded_at, :member)"
        " ON CONFLICT (backup, room_id, session_id) DO UPDATE SET"
        " first_message_index = excluded.first_message_index,"
        " forwarded_count = excluded.forwarded_count, is_verified = excluded.is_verified,"
        " uploaded_by = excluded.uploaded_by, uploaded_at = excluded.uploaded_at,"
        " member = excluded.member",
        keys,
    )


def page(tx: Tx, backup: int, after: int, limit: int) -> list[tuple[int, str, str]]:
    """The keys that follow in the order of their coming: number, room ID and member."""
    return tx.all(
        _triple,
        "SELECT number, room_id, member FROM room_keys WHERE backup = :backup"
        " AND number > :after ORDER BY number LIMIT :limit",
        backup=backup,
        after=after,
        limit=limit,
    )


def room_page(
    tx: Tx, backup: int, room_id: str, after: str, limit: int
) -> list[tuple[str, str, str]]:
    """The keys of a room that follow in the order of session IDs: session ID, room ID, member."""
    return tx.all(
        _triple,
        "SELECT session_id, room_id, member FROM room_keys WHERE backup = :backup"
        " AND room_id = :room_id AND session_id > :after ORDER BY session_id LIMIT :limit",
        backup=backup,
        room_id=room_id,
        after=after,
        limit=limit,
    )


def _triple(*values: Any) -> Any:
    return values


def member(tx: Tx, backup: int, room_id: str, session_id: str) -> str | None:
    """One key as it stands in an answer."""
    found: str | None = tx.value(
        "SELECT member FROM room_keys WHERE backup = :backup AND room_id = :room_id"
        " AND session_id = :session_id",
        backup=backup,
        room_id=room_id,
        session_id=session_id,
    )
    return found


def delete(tx: Tx, scope: Scope) -> None:
    """Delete keys."""
    tx.run(
        _DELETE
        + (_ONE if scope.session_id is not None else _ROOM if scope.room_id is not None else _ALL),
        backup=scope.backup,
        room_id=scope.room_id,
        session_id=scope.session_id,
    )


def forget_of_ended(tx: Tx, before: int, limit: int) -> int:
    """Delete keys of versions that ended before a time; return how many there were."""
    return tx.run(
        "DELETE FROM room_keys WHERE number IN (SELECT k.number FROM key_backups b"
        " JOIN room_keys k ON k.backup = b.number WHERE b.ended_at < :before LIMIT :limit)",
        before=before,
        limit=limit,
    )
