"""Tables: rooms, room_members, room_state, events. Finding rooms."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Listed:
    """A room of the public directory, and how many are in it."""

    room_id: str
    version: str
    room_type: str | None
    members: int


def published(tx: Tx) -> list[Listed]:
    """All rooms of the public directory, those with the most members first."""
    return tx.all(
        Listed,
        "SELECT r.room_id, r.version, r.room_type, count(m.user_id) AS members FROM rooms AS r"
        " LEFT JOIN room_members AS m ON m.room_id = r.room_id AND m.membership = 'join'"
        " WHERE r.published_at IS NOT NULL GROUP BY r.room_id, r.version, r.room_type"
        " ORDER BY members DESC, r.room_id",
    )


def listed(tx: Tx, room_ids: Sequence[str]) -> list[Listed]:
    """The same of some rooms, in the directory or not."""
    return tx.all(
        Listed,
        "SELECT r.room_id, r.version, r.room_type, count(m.user_id) AS members FROM rooms AS r"
        " LEFT JOIN room_members AS m ON m.room_id = r.room_id AND m.membership = 'join'"
        " WHERE r.room_id IN each(:room_ids) GROUP BY r.room_id, r.version, r.room_type",
        room_ids=list(room_ids),
    )
