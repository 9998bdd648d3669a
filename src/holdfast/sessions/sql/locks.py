"""Tables: devices, access_tokens. Locking sessions, pausing them, and letting them in again."""

from collections.abc import Sequence

from holdfast.kit.db import Tx
from holdfast.sessions.sql import DEVICE, Device


def lock(
    tx: Tx, user_id: str, device_ids: Sequence[str], now: int, pausing: Sequence[str]
) -> list[str]:
    """Lock sessions and their access tokens, pausing some; return those not locked before.

    The others stay locked since then, and in the form they were.
    """
    chosen = {
        "user_id": user_id,
        "device_ids": list(device_ids),
        "now": now,
        "pausing": list(pausing),
    }
    locked: list[str] = tx.all(
        str,
        "UPDATE devices SET locked_at = :now,"
        " paused = CASE WHEN device_id IN each(:pausing) THEN 1 ELSE 0 END WHERE user_id = :user_id"
        " AND device_id IN each(:device_ids) AND locked_at IS NULL RETURNING device_id",
        **chosen,
    )
    tx.run(
        "UPDATE access_tokens SET locked_at = :now,"
        " paused = CASE WHEN device_id IN each(:pausing) THEN 1 ELSE 0 END WHERE user_id = :user_id"
        " AND device_id IN each(:device_ids) AND locked_at IS NULL",
        **chosen,
    )
    return sorted(locked)


def let_in(tx: Tx, user_id: str, device_ids: Sequence[str]) -> list[str]:
    """Let paused sessions go on with the tokens they have; return which ones there were."""
    chosen = {"user_id": user_id, "device_ids": list(device_ids)}
    let_in: list[str] = tx.all(
        str,
        "UPDATE devices SET locked_at = NULL, paused = 0 WHERE user_id = :user_id"
        " AND device_id IN each(:device_ids) AND paused = 1 RETURNING device_id",
        **chosen,
    )
    tx.run(
        "UPDATE access_tokens SET locked_at = NULL, paused = 0 WHERE user_id = :user_id"
        " AND device_id IN each(:device_ids) AND paused = 1",
        **chosen,
    )
    return sorted(let_in)


def locked_before(tx: Tx, before: int, limit: int) -> list[Device]:
    """Sessions that were locked before a time."""
    return tx.all(
        Device,
        DEVICE + "WHERE locked_at < :before ORDER BY locked_at LIMIT :limit",
        before=before,
        limit=limit,
    )
