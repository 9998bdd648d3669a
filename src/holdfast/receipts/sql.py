"""Tables: receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Receipt:
    """How far somebody has read."""

    room_id: str
    user_id: str
    type: str
    thread: str
    event_id: str
    at: int


def put(tx: Tx, row: Mapping[str, Any]) -> None:
    """Store how far somebody has read, if that is further than before."""
    tx.run(
        "INSERT INTO receipts (room_id, user_id, type, thread, event_id, event_position, at,"
        " position) VALUES (:room_id, :user_id, :type, :thread, :event_id, :event_position,"
        " :at, :position) ON CONFLICT (room_id, user_id, type, thread) DO UPDATE SET"
        " event_id = excluded.event_id, event_position = excluded.event_position,"
        " at = excluded.at, position = excluded.position"
        " WHERE receipts.event_position < excluded.event_position",
        **row,
    )


def read_to(tx: Tx, room_id: str, user_id: str, kind: str, thread: str) -> int:
    """The position of the event up to which somebody has read; 0: nothing."""
    found: int | None = tx.value(
        "SELECT event_position FROM receipts WHERE room_id = :room_id AND user_id = :user_id"
        " AND type = :kind AND thread = :thread",
        room_id=room_id,
        user_id=user_id,
        kind=kind,
        thread=thread,
    )
    return found or 0


def changed(tx: Tx, user_id: str, room_ids: Sequence[str], after: int, upto: int) -> list[Receipt]:
    """Receipts in some rooms that changed between two positions, as far as a user may see them."""
    return tx.all(
        Receipt,
        "SELECT room_id, user_id, type, thread, event_id, at FROM receipts"
        " WHERE room_id IN each(:room_ids) AND position > :after AND position <= :upto"
        " AND (type = 'm.read' OR (type = 'm.read.private' AND user_id = :user_id))"
        " ORDER BY position",
        room_ids=list(room_ids),
        user_id=user_id,
        after=after,
        upto=upto,
    )
