"""Counting a room's encrypted messages all over again, for a database that counted wrongly."""

from dataclasses import asdict

from holdfast.kit import slots
from holdfast.kit.db import Tx
from holdfast.rooms.append import lock
from holdfast.rooms.sql import megolm_recount as sql


def rooms(tx: Tx, after: str = "", limit: int = 500) -> list[str]:
    """A page of at most `limit` rooms with encrypted messages, whose IDs come after `after`."""
    return sql.rooms(tx, after, limit)


def recount(tx: Tx, room_id: str) -> None:
    """Count a room's Megolm sessions again, from the header of every message in it."""
    lock(tx, [room_id])
    rows = [
        {**asdict(each), "room_id": room_id, "slot": slots.slot(room_id, each.session_id)}
        for each in sql.counted(tx, room_id)
    ]
    sql.replace(tx, room_id, rows)
