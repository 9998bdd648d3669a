"""Tables: listed_devices, device_list_changes."""

from collections.abc import Sequence

from holdfast.kit.db import Tx


def list_device(tx: Tx, user_id: str, device_id: str, display_name: str | None) -> None:
    """Add a device, unless it is listed; one without a name gets this one."""
    tx.run(
        "INSERT INTO listed_devices (user_id, device_id, display_name)"
        " VALUES (:user_id, :device_id, :display_name)"
        " ON CONFLICT (user_id, device_id) WHERE removed_at IS NULL DO UPDATE"
        " SET display_name = coalesce(listed_devices.display_name, excluded.display_name)",
        user_id=user_id,
        device_id=device_id,
        display_name=display_name,
    )


def rename(tx: Tx, user_id: str, device_id: str, display_name: str) -> bool:
    """Give a device another name; True when it has published keys."""
    keys: str | None = tx.value(
        "UPDATE listed_devices SET display_name = :display_name WHERE user_id = :user_id"
        " AND device_id = :device_id AND removed_at IS NULL RETURNING keys",
        user_id=user_id,
        device_id=device_id,
        display_name=display_name,
    )
    return keys is not None


def remove(tx: Tx, user_id: str, device_ids: Sequence[str], now: int) -> bool:
    """Take devices off the list; True when one of them had published keys."""
    removed: list[bool] = tx.all(
        bool,
        "UPDATE listed_devices SET removed_at = :now WHERE user_id = :user_id"
        " AND device_id IN each(:device_ids) AND removed_at IS NULL RETURNING keys IS NOT NULL",
        user_id=user_id,
        device_ids=list(device_ids),
        now=now,
    )
    return any(removed)


def forget_removed(tx: Tx, before: int, limit: int) -> int:
    """Delete devices that were removed before a time, with all they had published."""
    return tx.run(
        "DELETE FROM listed_devices WHERE number IN (SELECT number FROM listed_devices"
        " WHERE removed_at < :before ORDER BY removed_at LIMIT :limit)",
        before=before,
        limit=limit,
    )


def list_changed(tx: Tx, user_id: str, position: int) -> None:
    """Note when a user's device list last changed."""
    tx.run(
        "INSERT INTO device_list_changes (user_id, position) VALUES (:user_id, :position)"
        " ON CONFLICT (user_id) DO UPDATE SET position = excluded.position",
        user_id=user_id,
        position=position,
    )
