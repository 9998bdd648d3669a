"""Tables: events. Pages of a room's history."""

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql.events import COLUMNS

_PAGE = COLUMNS + "WHERE room_id = :room_id AND position > :after AND position <= :upto"


def forwards(tx: Tx, room_id: str, after: int, upto: int, limit: int) -> list[Event]:
    """The first events after a position, up to another; the oldest first."""
    return tx.all(
        Event,
        _PAGE + " ORDER BY position LIMIT :limit",
        room_id=room_id,
        after=after,
        upto=upto,
        limit=limit,
    )


def backwards(tx: Tx, room_id: str, after: int, upto: int, limit: int) -> list[Event]:
    """The last events up to a position, back to another; the newest first."""
    return tx.all(
        Event,
        _PAGE + " ORDER BY position DESC LIMIT :limit",
        room_id=room_id,
        after=after,
        upto=upto,
        limit=limit,
    )


def from_time(tx: Tx, room_id: str, at: int, limit: int) -> list[Event]:
    """The first events that were sent at a time or later."""
    return tx.all(
        Event,
        COLUMNS + "WHERE room_id = :room_id AND origin_server_ts >= :at"
        " ORDER BY origin_server_ts, position LIMIT :limit",
        room_id=room_id,
        at=at,
        limit=limit,
    )


def until_time(tx: Tx, room_id: str, at: int, limit: int) -> list[Event]:
    """The last events that were sent at a time or earlier."""
    return tx.all(
        Event,
        COLUMNS + "WHERE room_id = :room_id AND origin_server_ts <= :at"
        " ORDER BY origin_server_ts DESC, position DESC LIMIT :limit",
        room_id=room_id,
        at=at,
        limit=limit,
    )
