"""Tables: events. What decides who may see what of a room."""

from collections.abc import Sequence

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql.events import COLUMNS


def changes(tx: Tx, room_ids: Sequence[str], user_id: str) -> list[Event]:
    """The member events of a user and the visibilities of some rooms, the oldest first."""
    return tx.all(
        Event,
        # The first two lines lead through the index, which no engine finds from the third alone.
        COLUMNS + "WHERE room_id IN each(:room_ids) AND state_key IN (:user_id, '')"
        " AND type IN ('m.room.member', 'm.room.history_visibility')"
        " AND (type = 'm.room.history_visibility') = (state_key = '') ORDER BY position",
        room_ids=list(room_ids),
        user_id=user_id,
    )


def members_of(tx: Tx, room_ids: Sequence[str], user_id: str) -> list[Event]:
    """The member events of a user in some rooms, the oldest first."""
    return tx.all(
        Event,
        COLUMNS + "WHERE room_id IN each(:room_ids) AND type = 'm.room.member'"
        " AND state_key = :user_id ORDER BY position",
        room_ids=list(room_ids),
        user_id=user_id,
    )
