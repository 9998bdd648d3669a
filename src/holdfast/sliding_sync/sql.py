"""Tables: sliding_connections."""

from dataclasses import dataclass

from holdfast.kit.db import Tx
from holdfast.kit.http import Requester

FORGOTTEN_AT_ONCE = 1000


@dataclass(frozen=True)
class Connection:
    """What a client was told up to an answer, and up to the one before it; as JSON."""

    pos: int
    told: str
    told_before: str


def one(tx: Tx, me: Requester, conn_id: str) -> Connection | None:
    """A session's connection."""
    return tx.one(
        Connection,
        "SELECT pos, told, told_before FROM sliding_connections WHERE user_id = :user_id"
        " AND device_id = :device_id AND conn_id = :conn_id",
        user_id=me.user_id,
        device_id=me.device_id,
        conn_id=conn_id,
    )


def put(tx: Tx, me: Requester, conn_id: str, connection: Connection, now: int) -> None:
    """Store what a client is being told."""
    tx.run(
        "INSERT INTO sliding_connections (user_id, device_id, conn_id, pos, told, told_before,"
        " used_at) VALUES (:user_id, :device_id, :conn_id, :pos, :told, :told_before, :now)"
        " ON CONFLICT (user_id, device_id, conn_id) DO UPDATE SET pos = excluded.pos,"
        " told = excluded.told, told_before = excluded.told_before, used_at = excluded.used_at",
        user_id=me.user_id,
        device_id=me.device_id,
        conn_id=conn_id,
        **vars(connection),
        now=now,
    )


def forget_others(tx: Tx, me: Requester, most: int) -> None:
    """Forget the connections of a session that were used longest ago, but for so many."""
    tx.run(
        "DELETE FROM sliding_connections WHERE user_id = :user_id AND device_id = :device_id"
        " AND conn_id NOT IN (SELECT conn_id FROM sliding_connections WHERE user_id = :user_id"
        " AND device_id = :device_id ORDER BY used_at DESC LIMIT :most)",
        user_id=me.user_id,
        device_id=me.device_id,
        most=most,
    )


def forget_old(tx: Tx, before: int) -> int:
    """Forget connections that were not used since a time; return how many there were."""
    return tx.run(
        "DELETE FROM sliding_connections WHERE (user_id, device_id, conn_id) IN"
        " (SELECT user_id, device_id, conn_id FROM sliding_connections WHERE used_at < :before"
        " LIMIT :most)",
        before=before,
        most=FORGOTTEN_AT_ONCE,
    )
