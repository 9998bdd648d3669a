"""Tables: notifications, push_rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx

FORGOTTEN_AT_ONCE = 5000


@dataclass(frozen=True)
class Ruleset:
    """The push rules of somebody who has changed them, as JSON."""

    user_id: str
    ruleset: str


def rulesets(tx: Tx, user_ids: Sequence[str]) -> list[Ruleset]:
    """The push rules of those of some users who have changed them."""
    return tx.all(
        Ruleset,
        "SELECT user_id, ruleset FROM push_rules WHERE user_id IN each(:user_ids)",
        user_ids=list(user_ids),
    )


def changed_ruleset(tx: Tx, user_id: str, after: int, upto: int) -> str | None:
    """A user's push rules, if they changed between two positions."""
    found: str | None = tx.value(
        "SELECT ruleset FROM push_rules WHERE user_id = :user_id"
        " AND position > :after AND position <= :upto",
        user_id=user_id,
        after=after,
        upto=upto,
    )
    return found


def put_ruleset(tx: Tx, user_id: str, ruleset: str, position: int) -> None:
    """Store a user's push rules."""
    tx.run(
        "INSERT INTO push_rules (user_id, ruleset, position)"
        " VALUES (:user_id, :ruleset, :position) ON CONFLICT (user_id) DO UPDATE"
        " SET ruleset = excluded.ruleset, position = excluded.position",
        user_id=user_id,
        ruleset=ruleset,
        position=position,
    )


def insert(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note of what users are notified."""
    tx.many(
        "INSERT INTO notifications (user_id, room_id, position, event_id, thread, highlight,"
        " actions, at) VALUES (:user_id, :room_id, :position, :event_id, :thread, :highlight,"
        " :actions, :at)",
        rows,
    )


@dataclass(frozen=True)
class Count:
    """How much of a thread somebody has not read."""

    room_id: str
    thread: str
    notifications: int
    highlights: int


def counts(tx: Tx, user_id: str, room_ids: Sequence[str]) -> list[Count]:
    """How much of some rooms' threads a user has not read."""
    return tx.all(
        Count,
        "SELECT room_id, thread, count(*), CAST(sum(highlight) AS bigint) FROM notifications"
        " WHERE user_id = :user_id AND room_id IN each(:room_ids) AND is_read = 0"
        " GROUP BY room_id, thread",
        user_id=user_id,
        room_ids=list(room_ids),
    )


def read_up_to(tx: Tx, user_id: str, room_id: str, position: int, thread: str | None) -> None:
    """Let what a user was notified of count as read, up to a position."""
    tx.run(
        "UPDATE notifications SET is_read = 1 WHERE user_id = :user_id AND room_id = :room_id"
        " AND is_read = 0 AND position <= :position"
        " AND (CAST(:thread AS text) IS NULL OR thread = :thread)",
        user_id=user_id,
        room_id=room_id,
        position=position,
        thread=thread,
    )


def forget_rooms(tx: Tx, gone: Sequence[tuple[str, str]]) -> None:
    """Forget what users were notified of in rooms; user and room ID of each."""
    tx.run(
        "DELETE FROM notifications WHERE (user_id, room_id) IN rows(:gone, user_id, room_id)",
        gone=[list(each) for each in gone],
    )


def forget_event(tx: Tx, user_ids: Sequence[str], position: int) -> None:
    """Forget that some users were notified of an event."""
    tx.run(
        "DELETE FROM notifications WHERE user_id IN each(:user_ids) AND position = :position",
        user_ids=list(user_ids),
        position=position,
    )


def forget_old(tx: Tx, before: int) -> int:
    """Forget what was read and is older than a time; return how many there were."""
    return tx.run(
        "DELETE FROM notifications WHERE (user_id, position) IN"
        " (SELECT user_id, position FROM notifications"
        " WHERE is_read = 1 AND at < :before LIMIT :most)",
        before=before,
        most=FORGOTTEN_AT_ONCE,
    )


@dataclass(frozen=True)
class Notification:
    """What somebody was notified of."""

    room_id: str
    position: int
    event_id: str
    actions: str
    at: int
    is_read: int


def page(tx: Tx, user_id: str, before: int, limit: int, *, highlights: bool) -> list[Notification]:
    """What a user was notified of before a position, the newest first."""
    return tx.all(
        Notification,
        "SELECT room_id, position, event_id, actions, at, is_read FROM notifications"
        " WHERE user_id = :user_id AND position < :before AND highlight >= :highlight"
        " ORDER BY position DESC LIMIT :limit",
        user_id=user_id,
        before=before,
        highlight=int(highlights),
        limit=limit,
    )
