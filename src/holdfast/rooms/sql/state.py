"""Tables: rooms, room_state. What holds in a room, now and at earlier positions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event

_EVENT = (
    "SELECT e.position, e.event_id, e.room_id, e.type, e.state_key, e.sender, e.device_id,"
    " e.txn_id, e.origin_server_ts, e.content, e.replaces, e.rel_type, e.relates_to, e.thread,"
    " e.redacts, e.redacted_by FROM room_state AS s JOIN events AS e ON e.position = "
)
_AT = _EVENT + "(SELECT max(h.position) FROM events AS h"  # noqa: S608 - two literals


@dataclass(frozen=True)
class RoomRow:
    """A room; fields as the columns of the table `rooms`."""

    room_id: str
    version: str
    creator: str
    room_type: str | None
    newest_position: int
    newest_event_id: str
    depth: int
    published_at: int | None


def rooms(tx: Tx, room_ids: Sequence[str]) -> list[RoomRow]:
    """Rooms by their IDs; those that are not there are left out."""
    return tx.all(
        RoomRow,
        "SELECT room_id, version, creator, room_type, newest_position, newest_event_id, depth,"
        " published_at FROM rooms WHERE room_id IN each(:room_ids)",
        room_ids=list(room_ids),
    )


def is_there(tx: Tx, room_id: str) -> bool:
    """Whether there is a room of this ID."""
    found = tx.value("SELECT 1 FROM rooms WHERE room_id = :room_id", room_id=room_id)
    return found is not None


def put_room(tx: Tx, row: Mapping[str, Any]) -> None:
    """Store a new room."""
    tx.run(
        "INSERT INTO rooms (room_id, version, creator, room_type, newest_position,"
        " newest_event_id, depth) VALUES (:room_id, :version, :creator, :room_type,"
        " :newest_position, :newest_event_id, :depth)",
        **row,
    )


def set_newest(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what the newest events of some rooms are."""
    tx.many(
        "UPDATE rooms SET newest_position = :newest_position,"
        " newest_event_id = :newest_event_id, depth = :depth WHERE room_id = :room_id",
        rows,
    )


def put_state(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let state events take the place of those before them."""
    tx.many(
        "INSERT INTO room_state (room_id, type, state_key, position)"
        " VALUES (:room_id, :type, :state_key, :position)"
        " ON CONFLICT (room_id, type, state_key) DO UPDATE SET position = excluded.position",
        rows,
    )


def named(tx: Tx, wanted: Sequence[Sequence[str]]) -> list[Event]:
    """The current state events of `wanted`: room ID, type and state key of each."""
    return tx.all(
        Event,
        _EVENT + "s.position WHERE (s.room_id, s.type, s.state_key)"
        " IN rows(:wanted, room_id, type, state_key)",
        wanted=[list(each) for each in wanted],
    )


def current(tx: Tx, room_ids: Sequence[str]) -> list[Event]:
    """All current state events of some rooms, the oldest first."""
    return tx.all(
        Event,
        _EVENT + "s.position WHERE s.room_id IN each(:room_ids) ORDER BY e.position",
        room_ids=list(room_ids),
    )


def at(tx: Tx, room_id: str, position: int) -> list[Event]:
    """All state events that held in a room right after a position, the oldest first."""
    return tx.all(
        Event,
        _AT + " WHERE h.room_id = s.room_id AND h.type = s.type AND h.state_key = s.state_key"
        " AND h.position <= :position) WHERE s.room_id = :room_id ORDER BY e.position",
        room_id=room_id,
        position=position,
    )


def of_type(tx: Tx, room_ids: Sequence[str], kind: str) -> list[Event]:
    """All current state events of one type in some rooms."""
    return tx.all(
        Event,
        _EVENT + "s.position WHERE s.room_id IN each(:room_ids) AND s.type = :kind",
        room_ids=list(room_ids),
        kind=kind,
    )
