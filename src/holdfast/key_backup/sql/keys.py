"""Tables: room_keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.kit import slots
from holdfast.kit.db import Tx

AFTER_EVERY_DIGIT = "g"


class Held(msgspec.Struct):
    """A stored key, in as much as it takes to compare it with another one."""

    number: int
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

    @property
    def params(self) -> dict[str, int | str | None]:
        """What `ALL`, `OF_ROOM` and `ONE` need to know."""
        room = "" if self.room_id is None else slots.room_slot(self.room_id)
        one = None if self.session_id is None else room + slots.session_slot(self.session_id)
        return {
            "backup": self.backup,
            "room_id": self.room_id,
            "session_id": self.session_id,
            "slot": one,
            "first": room,
            "last": room + AFTER_EVERY_DIGIT,
        }


ALL = " WHERE backup = :backup"
OF_ROOM = ALL + " AND slot >= :first AND slot < :last AND room_id = :room_id"
ONE = ALL + " AND slot = :slot AND room_id = :room_id AND session_id = :session_id"
_DELETE = "DELETE FROM room_keys"
_MEMBER = "SELECT member FROM room_keys"


def held(tx: Tx, backup: int, wanted: list[str]) -> list[Held]:
    """The keys in some slots: those that belong there, and rarely another one."""
    return tx.all(
        Held,
        "SELECT number, room_id, session_id, first_message_index, forwarded_count, is_verified,"
        " uploaded_by FROM room_keys WHERE backup = :backup AND slot IN each(:wanted)",
        backup=backup,
        wanted=wanted,
    )


def insert(tx: Tx, keys: Sequence[dict[str, Any]]) -> None:
    """Store keys of sessions of which none is stored."""
    tx.many(
        "INSERT INTO room_keys (backup, slot, room_id, session_id, first_message_index,"
        " forwarded_count, is_verified, uploaded_by, uploaded_at, member)"
        " VALUES (:backup, :slot, :room_id, :session_id, :first_message_index, :forwarded_count,"
        " :is_verified, :uploaded_by, :uploaded_at, :member)",
        keys,
    )


def replace(tx: Tx, keys: Sequence[dict[str, Any]]) -> None:
    """Store keys in place of those that are there, which they name by `number`."""
    tx.many(
        "UPDATE room_keys SET first_message_index = :first_message_index,"
        " forwarded_count = :forwarded_count, is_verified = :is_verified,"
        " uploaded_by = :uploaded_by, uploaded_at = :uploaded_at, member = :member"
        " WHERE number = :number",
        keys,
    )


def page(tx: Tx, backup: int, after: int, limit: int) -> list[tuple[int, str, str]]:
    """The keys that follow in the order of their coming, by room.

    For each of the rooms the number of its last key on the page, its ID and its members, joined.
    """
    return tx.all(
        _triple,
        "SELECT max(number), room_id, string_agg(member, ',') FROM"
        " (SELECT number, room_id, member FROM room_keys WHERE backup = :backup"
        " AND number > :after ORDER BY number LIMIT :limit) AS page GROUP BY room_id",
        backup=backup,
        after=after,
        limit=limit,
    )


def room_page(
    tx: Tx, backup: int, room_id: str, after: tuple[str, int], limit: int
) -> list[tuple[str, int, str]]:
    """The keys of a room that follow in the order of their slots: slot, number and member."""
    return tx.all(
        _triple,
        "SELECT slot, number, member FROM room_keys WHERE backup = :backup AND slot < :last"
        " AND (slot, number) > (:slot, :number) AND room_id = :room_id"
        " ORDER BY slot, number LIMIT :limit",
        backup=backup,
        room_id=room_id,
        slot=after[0],
        number=after[1],
        last=slots.room_slot(room_id) + AFTER_EVERY_DIGIT,
        limit=limit,
    )


def _triple(*values: Any) -> Any:
    return values


def member(tx: Tx, one: Scope) -> str | None:
    """One key as it stands in an answer."""
    found: str | None = tx.value(_MEMBER + ONE, **one.params)
    return found


def delete(tx: Tx, scope: Scope) -> None:
    """Delete keys."""
    one, room = scope.session_id is not None, scope.room_id is not None
    tx.run(_DELETE + (ONE if one else OF_ROOM if room else ALL), **scope.params)


def forget_of_ended(tx: Tx, before: int, limit: int) -> int:
    """Delete keys of versions that ended before a time; return how many there were."""
    return tx.run(
        "DELETE FROM room_keys WHERE number IN (SELECT k.number FROM key_backups b"
        " JOIN room_keys k ON k.backup = b.number WHERE b.ended_at < :before LIMIT :limit)",
        before=before,
        limit=limit,
    )
