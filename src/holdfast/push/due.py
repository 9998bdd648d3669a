"""What is to be delivered to pushers; called by `push_delivery`."""

from holdfast.kit.db import Tx
from holdfast.push.sql import deliveries as sql
from holdfast.push.sql.deliveries import Due, Waiting

__all__ = ["Due", "Waiting"]

LEASE_MS = 60_000
AT_ONCE = 50
MOST = 20
LONGEST_MS = 24 * 3600 * 1000
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 10_000, 3600_000


def claim(tx: Tx, now: int) -> list[Due]:
    """Pushers with something to deliver, which no other worker takes for a minute."""
    return sql.claim(tx, now, now + LEASE_MS, AT_ONCE)


def waiting(tx: Tx, due: Due) -> list[Waiting]:
    """What is to be delivered to a pusher; nothing for one that was removed meanwhile.

    A session's pushers go at once when it is locked or removed, so this look is what keeps a
    notification that is on its way from reaching it.
    """
    return sql.waiting(tx, due.user_id, due.delivered, MOST) if sql.is_there(tx, due) else []


def unread(tx: Tx, user_id: str) -> int:
    """How much a user has not read."""
    return sql.unread(tx, user_id)


def delivered(tx: Tx, due: Due, found: list[Waiting]) -> None:
    """All of `found` has been delivered. With less than fits at once, there is nothing more."""
    if len(found) < MOST:
        last = max(sql.newest(tx, due.user_id), due.delivered)
    else:
        last = found[-1].position
    sql.done(tx, due, last)


def failed(tx: Tx, due: Due, upto: int, now: int) -> None:
    """A gateway did not take what came after a position: try again later, for a day.

    The pauses double with the time that it has failed.
    """
    since = due.failing_since or now
    if now - since > LONGEST_MS:
        sql.done(tx, due, sql.newest(tx, due.user_id))
        return
    pause = max(FIRST_PAUSE_MS, min(now - since, LONGEST_PAUSE_MS))
    sql.failed(tx, due, upto, now + pause, since)


def later(tx: Tx, due: Due, at: int) -> None:
    """Look at a pusher again at a time, in milliseconds, and not before."""
    sql.later(tx, due, at)


def unread_rooms(tx: Tx, user_id: str) -> int:
    """In how many rooms there is something that a user has not read."""
    return sql.unread_rooms(tx, user_id)


def rejected(tx: Tx, due: Due) -> None:
    """A gateway knows a pusher no more: the app is gone."""
    sql.delete(tx, [due.pushkey], due.app_id)


def next_try(tx: Tx) -> int | None:
    """When a pusher whose gateway has failed is tried again, in milliseconds."""
    return sql.next_try(tx)
