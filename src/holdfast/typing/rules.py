"""Who is typing (Client-Server API, "Typing Notifications").

It lies in the database, so that all workers tell of it; whoever noted it sees to its end as well.
"""

from holdfast.kit import stream
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden
from holdfast.rooms import members
from holdfast.typing import sql

DEFAULT_MS = 30_000
LONGEST_MS = 120_000


def start(tx: Tx, room_id: str, user_id: str, until: int, now: int) -> None:
    """Note that somebody is typing until a time, in milliseconds.

    Raises:
        Forbidden: the user is not in the room.
    """
    _check_in(tx, room_id, user_id)
    before = sql.until(tx, room_id, user_id)
    sql.put(tx, room_id, user_id, until)
    if before is None or before <= now:
        _changed(tx, [room_id])


def stop(tx: Tx, room_id: str, user_id: str) -> None:
    """Note that somebody is not typing any more.

    Raises:
        Forbidden: the user is not in the room.
    """
    _check_in(tx, room_id, user_id)
    if sql.until(tx, room_id, user_id) is not None:
        sql.delete(tx, room_id, user_id)
        _changed(tx, [room_id])


def _check_in(tx: Tx, room_id: str, user_id: str) -> None:
    member = members.member(tx, room_id, user_id)
    if member is None or member.membership != "join":
        raise Forbidden("You are not in this room.")


async def end(context: Context) -> None:
    """Let those whose time is over not be typing any more."""
    now = context.now

    def over(tx: Tx) -> None:
        rooms = sorted(set(sql.delete_old(tx, now)))
        if rooms:
            _changed(tx, rooms)

    await context.db.write(over)


def _changed(tx: Tx, room_ids: list[str]) -> None:
    sql.moved(tx, room_ids, stream.advance(tx, "ephemeral"))
    tx.wake(*(member.user_id for member in members.joined(tx, room_ids)))
