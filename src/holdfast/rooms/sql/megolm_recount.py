"""Tables: encrypted_events, megolm_sessions. Counting all over again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Counted:
    """What the messages of a Megolm session that one session sent come to."""

    session_id: str
    sender: str
    device_id: str
    events: int
    first_index: int
    last_index: int
    first_position: int
    last_position: int
    first_ts: int
    last_ts: int


def rooms(tx: Tx, after: str, limit: int) -> list[str]:
    """A page of the rooms with encrypted messages, or with counts of such."""
    return tx.all(
        str,
        "SELECT room_id FROM encrypted_events WHERE room_id > :after"
        " UNION SELECT room_id FROM megolm_sessions WHERE room_id > :after"
        " ORDER BY room_id LIMIT :limit",
        after=after,
        limit=limit,
    )


def counted(tx: Tx, room_id: str) -> list[Counted]:
    """A room's messages, counted from the header of each."""
    return tx.all(
        Counted,
        "SELECT coalesce(e.session_id, ''), e.sender, coalesce(e.device_id, ''), count(*),"
        " min(coalesce(e.message_index, 0)), max(coalesce(e.message_index, 0)),"
        " min(e.position), max(e.position), min(v.origin_server_ts), max(v.origin_server_ts)"
        " FROM encrypted_events AS e JOIN events AS v ON v.position = e.position"
        " WHERE e.room_id = :room_id GROUP BY e.session_id, e.sender, e.device_id",
        room_id=room_id,
    )


def replace(tx: Tx, room_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put a room's counts in the place of those there are. A row has all columns."""
    tx.run("DELETE FROM megolm_sessions WHERE room_id = :room_id", room_id=room_id)
    tx.many(
        "INSERT INTO megolm_sessions (room_id, session_id, sender, device_id, slot, events,"
        " first_index, last_index, first_position, last_position, first_ts, last_ts)"
        " VALUES (:room_id, :session_id, :sender, :device_id, :slot, :events,"
        " :first_index, :last_index, :first_position, :last_position, :first_ts, :last_ts)",
        list(rows),
    )
