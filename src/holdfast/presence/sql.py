"""Tables: presence."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Presence:
    """Whether somebody is there. `active_at` is in milliseconds."""

    user_id: str
    state: str
    status_msg: str | None
    active_at: int
    position: int


_ALL = "SELECT user_id, state, status_msg, active_at, position FROM presence "


def one(tx: Tx, user_id: str) -> Presence | None:
    """Whether a user is there."""
    return tx.one(Presence, _ALL + "WHERE user_id = :user_id", user_id=user_id)


def put(tx: Tx, presence: Presence) -> None:
    """Store whether somebody is there."""
    tx.run(
        "INSERT INTO presence (user_id, state, status_msg, active_at, position)"
        " VALUES (:user_id, :state, :status_msg, :active_at, :position)"
        " ON CONFLICT (user_id) DO UPDATE SET state = excluded.state,"
        " status_msg = excluded.status_msg, active_at = excluded.active_at,"
        " position = excluded.position",
        **vars(presence),
    )


def changed(tx: Tx, after: int, upto: int) -> list[Presence]:
    """Everybody whose state changed between two positions."""
    return tx.all(
        Presence,
        _ALL + "WHERE position > :after AND position <= :upto ORDER BY position",
        after=after,
        upto=upto,
    )


def away(tx: Tx, before: int) -> list[str]:
    """Those who count as there but were last seen before a time."""
    return tx.all(
        str,
        "SELECT user_id FROM presence WHERE state <> 'offline' AND active_at <= :before",
        before=before,
    )


def set_offline(tx: Tx, user_ids: Sequence[str], position: int) -> None:
    """Let some users not be there any more."""
    tx.run(
        "UPDATE presence SET state = 'offline', position = :position"
        " WHERE user_id IN each(:user_ids)",
        user_ids=list(user_ids),
        position=position,
    )
