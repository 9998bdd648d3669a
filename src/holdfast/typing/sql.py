"""Tables: typing_users, typing_rooms."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Typing:
    """Somebody who is typing; None: nobody is, in a room where somebody was."""

    room_id: str
    user_id: str | None


def put(tx: Tx, room_id: str, user_id: str, until: int) -> None:
    """Note that somebody is typing, until a time in milliseconds."""
    tx.run(
        "INSERT INTO typing_users (room_id, user_id, until) VALUES (:room_id, :user_id, :until)"
        " ON CONFLICT (room_id, user_id) DO UPDATE SET until = excluded.until",
        room_id=room_id,
        user_id=user_id,
        until=until,
    )


def until(tx: Tx, room_id: str, user_id: str) -> int | None:
    """Until when somebody is typing."""
    found: int | None = tx.value(
        "SELECT until FROM typing_users WHERE room_id = :room_id AND user_id = :user_id",
        room_id=room_id,
        user_id=user_id,
    )
    return found


def delete(tx: Tx, room_id: str, user_id: str) -> None:
    """Note that somebody is not typing any more."""
    tx.run(
        "DELETE FROM typing_users WHERE room_id = :room_id AND user_id = :user_id",
        room_id=room_id,
        user_id=user_id,
    )


def delete_old(tx: Tx, now: int) -> list[str]:
    """Forget those whose time is over; return their rooms."""
    return tx.all(str, "DELETE FROM typing_users WHERE until <= :now RETURNING room_id", now=now)


def moved(tx: Tx, room_ids: Sequence[str], position: int) -> None:
    """Note that who is typing has changed in some rooms."""
    tx.many(
        "INSERT INTO typing_rooms (room_id, position) VALUES (:room_id, :position)"
        " ON CONFLICT (room_id) DO UPDATE SET position = excluded.position",
        [{"room_id": room_id, "position": position} for room_id in room_ids],
    )


def changed(tx: Tx, room_ids: Sequence[str], after: int, upto: int, now: int) -> list[Typing]:
    """Who is typing, in those of some rooms where that changed between two positions."""
    return tx.all(
        Typing,
        "SELECT r.room_id, u.user_id FROM typing_rooms AS r LEFT JOIN typing_users AS u"
        " ON u.room_id = r.room_id AND u.until > :now WHERE r.room_id IN each(:room_ids)"
        " AND r.position > :after AND r.position <= :upto ORDER BY r.room_id, u.user_id",
        room_ids=list(room_ids),
        after=after,
        upto=upto,
        now=now,
    )
