"""What `/sync` tells of account data."""

from holdfast.account_data import sql
from holdfast.account_data.sql import Entry, RoomEntry
from holdfast.kit.db import Tx

__all__ = ["RoomEntry"]


def of_user(tx: Tx, user_id: str, after: int, upto: int) -> list[Entry]:
    """What changed after one position, up to another; the oldest change first.

    After 0 it is all there is.
    """
    return sql.of_user(tx, user_id, after, upto)


def of_rooms(tx: Tx, user_id: str, after: int, upto: int) -> dict[str, list[RoomEntry]]:
    """What changed of rooms after one position, up to another, by room. After 0 it is all."""
    found: dict[str, list[RoomEntry]] = {}
    for entry in sql.of_rooms(tx, user_id, after, upto):
        found.setdefault(entry.room_id, []).append(entry)
    return found
