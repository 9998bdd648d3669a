"""Tables: encrypted_events, megolm_sessions. Counting all over again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx
from holdfast.rooms.sql.megolm_sessions import HEADERS, TOTALS


@dataclass(frozen=True)
class Counted:
    """What the messages of a Megolm session that one session sent come to."""

    session_id: str
    sender: str
    device_id: str
    events: int
    first_index: int
    last_index: int
    gapless: int
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
        "SELECT session_id, sender, device_id, "  # noqa: S608 - literals
        + TOTALS
        + " FROM (SELECT "
        + HEADERS
        + " WHERE e.room_id = :room_id) AS header GROUP BY session_id, sender, device_id",
        room_id=room_id,
    )


def replace(tx: Tx, room_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put a room's counts in the place of those there are. A row has all columns."""
    tx.run("DELETE FROM megolm_sessions WHERE room_id = :room_id", room_id=room_id)
    tx.many(
        "INSERT INTO megolm_sessions (room_id, session_id, sender, device_id, slot, events,"
        " first_index, last_index, gapless, first_position, last_position, first_ts, last_ts)"
        " VALUES (:room_id, :session_id, :sender, :device_id, :slot, :events,"
        " :first_index, :last_index, :gapless, :first_position, :last_position, :first_ts,"
        " :last_ts)",
        list(rows),
    )
