"""Tables: events. What is written, and what is read by an event's ID."""

from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event

# A constant of each module that reads events: every one of them fills the whole `Event`.
COLUMNS = (
    "SELECT position, event_id, room_id, type, state_key, sender, device_id, txn_id,"
    " origin_server_ts, content, replaces, rel_type, relates_to, thread, redacts, redacted_by"
    " FROM events "
)


def insert(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new events: the fields of `Event`, and `federation`."""
    tx.many(
        "INSERT INTO events (position, event_id, room_id, type, state_key, sender, device_id,"
        " txn_id, origin_server_ts, content, federation, replaces, rel_type, relates_to, thread,"
        " redacts)"
        " VALUES (:position, :event_id, :room_id, :type, :state_key, :sender, :device_id,"
        " :txn_id, :origin_server_ts, :content, :federation, :replaces, :rel_type, :relates_to,"
        " :thread, :redacts)",
        rows,
    )


def by_ids(tx: Tx, event_ids: Sequence[str]) -> list[Event]:
    """Events by their IDs, in the order of the history; those that are not there are left out."""
    return tx.all(
        Event,
        COLUMNS + "WHERE event_id IN each(:event_ids) ORDER BY position",
        event_ids=list(event_ids),
    )


def sent(tx: Tx, room_id: str, sender: str, device_id: str, txn_id: str) -> list[Event]:
    """The events that a session has sent to a room under one transaction ID."""
    return tx.all(
        Event,
        COLUMNS + "WHERE sender = :sender AND device_id = :device_id AND txn_id = :txn_id"
        " AND room_id = :room_id ORDER BY position",
        room_id=room_id,
        sender=sender,
        device_id=device_id,
        txn_id=txn_id,
    )


def redact(tx: Tx, event_id: str, content: str, redacted_by: str) -> None:
    """Leave of an event what a redaction leaves, and name the redaction."""
    tx.run(
        "UPDATE events SET content = :content, redacted_by = :redacted_by,"
        " rel_type = NULL, relates_to = NULL WHERE event_id = :event_id",
        event_id=event_id,
        content=content,
        redacted_by=redacted_by,
    )
