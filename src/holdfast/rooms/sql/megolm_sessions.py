"""Tables: encrypted_events, megolm_sessions. What encrypted events show without any key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Forgotten:
    """Where the message belonged that was forgotten."""

    session_id: str | None
    sender: str
    device_id: str | None


def insert(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what the headers of encrypted events say, and count them with their sessions.

    A row has the columns of `encrypted_events`, `ts` (in milliseconds) and `slot`.
    """
    tx.many(
        "INSERT INTO encrypted_events"
        " (position, room_id, session_id, message_index, sender, device_id)"
        " VALUES (:position, :room_id, :session_id, :message_index, :sender, :device_id)",
        [{name: row[name] for name in _HEADER} for row in rows],
    )
    tx.many(
        "INSERT INTO megolm_sessions AS m (room_id, session_id, sender, device_id, slot, events,"
        " first_index, last_index, gapless, first_position, last_position, first_ts, last_ts)"
        " VALUES (:room_id, :session_id, :sender, :device_id, :slot, 1,"
        " :message_index, :message_index, 1, :position, :position, :ts, :ts)"
        " ON CONFLICT (room_id, session_id, sender, device_id) DO UPDATE SET"
        " events = m.events + 1, gapless = CASE WHEN excluded.first_index = m.last_index + 1"
        " THEN m.gapless ELSE 0 END, last_position = excluded.last_position,"
        " first_index = CASE WHEN excluded.first_index < m.first_index"
        " THEN excluded.first_index ELSE m.first_index END,"
        " last_index = CASE WHEN excluded.last_index > m.last_index"
        " THEN excluded.last_index ELSE m.last_index END,"
        " first_ts = CASE WHEN excluded.first_ts < m.first_ts"
        " THEN excluded.first_ts ELSE m.first_ts END,"
        " last_ts = CASE WHEN excluded.last_ts > m.last_ts"
        " THEN excluded.last_ts ELSE m.last_ts END",
        [
            {
                **row,
                "session_id": row["session_id"] or "",
                "device_id": row["device_id"] or "",
                "message_index": row["message_index"] or 0,
            }
            for row in rows
        ],
    )


HEADERS = (
    "e.room_id, coalesce(e.session_id, '') AS session_id, e.sender,"
    " coalesce(e.device_id, '') AS device_id, coalesce(e.message_index, 0) AS message_index,"
    " e.position, v.origin_server_ts AS ts, e.message_index - lag(e.message_index) OVER"
    " (PARTITION BY e.room_id, e.session_id, e.sender, e.device_id ORDER BY e.position) AS step"
    " FROM encrypted_events AS e JOIN events AS v ON v.position = e.position"
)
"""What there is to count, with how far each message's index is from that of the one before."""
TOTALS = (
    "count(*), min(message_index), max(message_index),"
    " CASE WHEN coalesce(min(step), 1) = 1 AND coalesce(max(step), 1) = 1 THEN 1 ELSE 0 END,"
    " min(position), max(position), min(ts), max(ts)"
)
"""What the messages of a session come to, from `events` to `last_ts`."""

_HEADER = ("position", "room_id", "session_id", "message_index", "sender", "device_id")


def forget(tx: Tx, position: int) -> Forgotten | None:
    """Forget the header of an event that was redacted: there is nothing to read any more."""
    return tx.one(
        Forgotten,
        "DELETE FROM encrypted_events WHERE position = :position"
        " RETURNING session_id, sender, device_id",
        position=position,
    )


def recount(tx: Tx, room_id: str, of: Forgotten, slot: str) -> None:
    """Count the messages that are left of a session again."""
    one = {
        "room_id": room_id,
        "session_id": of.session_id or "",
        "sender": of.sender,
        "device_id": of.device_id or "",
    }
    tx.run(
        "DELETE FROM megolm_sessions WHERE room_id = :room_id AND session_id = :session_id"
        " AND sender = :sender AND device_id = :device_id",
        **one,
    )
    tx.run(
        "INSERT INTO megolm_sessions (room_id, session_id, sender, device_id, slot, events,"  # noqa: S608 - literals
        " first_index, last_index, gapless, first_position, last_position, first_ts, last_ts)"
        " SELECT room_id, session_id, sender, device_id, :slot, "
        + TOTALS
        + " FROM (SELECT "
        + HEADERS
        + " WHERE e.room_id = :room_id AND (e.session_id = :session_id"
        " OR (:session_id = '' AND e.session_id IS NULL))"
        " AND e.sender = :sender AND coalesce(e.device_id, '') = :device_id) AS header"
        " GROUP BY room_id, session_id, sender, device_id",
        **one,
        slot=slot,
    )
