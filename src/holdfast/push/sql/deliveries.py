"""Tables: pushers, notifications. What is to be delivered to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Due:
    """A pusher with something to deliver. Times are in milliseconds."""

    user_id: str
    app_id: str
    pushkey: str
    kind: str
    data: str
    created_at: int
    delivered: int
    failing_since: int | None


_DUE = (
    "SELECT user_id, app_id, pushkey, kind, data, created_at, delivered, failing_since"
    " FROM pushers "
)


def claim(tx: Tx, now: int, until: int, most: int) -> list[Due]:
    """Pushers with something to deliver; nobody else takes them until a time."""
    found = tx.all(
        Due,
        _DUE  # noqa: S608 - two literals
        + "WHERE (leased_until IS NULL OR leased_until <= :now)"
        " AND (retry_at IS NULL OR retry_at <= :now)"
        " AND EXISTS (SELECT 1 FROM notifications AS n WHERE n.user_id = pushers.user_id"
        " AND n.position > pushers.delivered) ORDER BY delivered LIMIT :most",
        now=now,
        most=most,
    )
    tx.many(
        "UPDATE pushers SET leased_until = :until"
        " WHERE user_id = :user_id AND app_id = :app_id AND pushkey = :pushkey",
        [
            {"until": until, "user_id": d.user_id, "app_id": d.app_id, "pushkey": d.pushkey}
            for d in found
        ],
    )
    return found


def is_there(tx: Tx, due: Due) -> bool:
    """Whether a pusher is still set: it goes at once with its session."""
    found = tx.value(
        "SELECT 1 FROM pushers WHERE user_id = :user_id AND app_id = :app_id"
        " AND pushkey = :pushkey",
        user_id=due.user_id,
        app_id=due.app_id,
        pushkey=due.pushkey,
    )
    return found is not None


@dataclass(frozen=True)
class Waiting:
    """What a user was notified of and has not read."""

    room_id: str
    position: int
    event_id: str
    actions: str
    at: int


def waiting(tx: Tx, user_id: str, after: int, most: int) -> list[Waiting]:
    """What a user was notified of after a position and has not read, the oldest first."""
    return tx.all(
        Waiting,
        "SELECT room_id, position, event_id, actions, at FROM notifications"
        " WHERE user_id = :user_id AND position > :after AND is_read = 0"
        " ORDER BY position LIMIT :most",
        user_id=user_id,
        after=after,
        most=most,
    )


def unread(tx: Tx, user_id: str) -> int:
    """How much a user has not read."""
    found: int = tx.value(
        "SELECT count(*) FROM notifications WHERE user_id = :user_id AND is_read = 0",
        user_id=user_id,
    )
    return found


def newest(tx: Tx, user_id: str) -> int:
    """The position of what a user was notified of last; 0: of nothing."""
    found: int | None = tx.value(
        "SELECT max(position) FROM notifications WHERE user_id = :user_id", user_id=user_id
    )
    return found or 0


def done(tx: Tx, due: Due, delivered: int) -> None:
    """Everything up to a position has been delivered to a pusher."""
    tx.run(
        "UPDATE pushers SET delivered = :delivered, leased_until = NULL, retry_at = NULL,"
        " failing_since = NULL"
        " WHERE user_id = :user_id AND app_id = :app_id AND pushkey = :pushkey",
        delivered=delivered,
        user_id=due.user_id,
        app_id=due.app_id,
        pushkey=due.pushkey,
    )


def failed(tx: Tx, due: Due, delivered: int, retry_at: int, since: int) -> None:
    """A pusher's gateway did not take what came after a position; it is tried again later."""
    tx.run(
        "UPDATE pushers SET delivered = :delivered, leased_until = NULL, retry_at = :retry_at,"
        " failing_since = :since"
        " WHERE user_id = :user_id AND app_id = :app_id AND pushkey = :pushkey",
        delivered=delivered,
        retry_at=retry_at,
        since=since,
        user_id=due.user_id,
        app_id=due.app_id,
        pushkey=due.pushkey,
    )


def later(tx: Tx, due: Due, retry_at: int) -> None:
    """Look at a pusher again at a time, and not before."""
    tx.run(
        "UPDATE pushers SET leased_until = NULL, retry_at = :retry_at"
        " WHERE user_id = :user_id AND app_id = :app_id AND pushkey = :pushkey",
        retry_at=retry_at,
        user_id=due.user_id,
        app_id=due.app_id,
        pushkey=due.pushkey,
    )


def unread_rooms(tx: Tx, user_id: str) -> int:
    """In how many rooms there is something that a user has not read."""
    found: int = tx.value(
        "SELECT count(DISTINCT room_id) FROM notifications"
        " WHERE user_id = :user_id AND is_read = 0",
        user_id=user_id,
    )
    return found


def next_try(tx: Tx) -> int | None:
    """When the next pusher is tried again whose gateway has failed, in milliseconds."""
    found: int | None = tx.value("SELECT min(retry_at) FROM pushers")
    return found


def delete(tx: Tx, pushkeys: Sequence[str], app_id: str) -> None:
    """Remove pushers that their gateway knows no more."""
    tx.run(
        "DELETE FROM pushers WHERE app_id = :app_id AND pushkey IN each(:pushkeys)",
        app_id=app_id,
        pushkeys=list(pushkeys),
    )
