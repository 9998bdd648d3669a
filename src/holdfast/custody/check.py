"""Whether the counts that the report rests on are what a recount from every message gives."""

from holdfast.custody.coverage import coverage, recounted
from holdfast.kit.db import Tx


def wrong_rooms(tx: Tx, user_id: str) -> list[str]:
    """The rooms of which a user's report would say something that is not so."""
    told = {room.room_id: room for room in coverage(tx, user_id)}
    true = {room.room_id: room for room in recounted(tx, user_id)}
    return sorted(room_id for room_id in told | true if told.get(room_id) != true.get(room_id))
