"""Tables: listed_devices, device_list_changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Listed:
    """A device on its user's list. `number` names it in tables."""

    number: int
    user_id: str
    device_id: str


@dataclass(frozen=True)
class Removed:
    """A device that was taken off the list, with what it had published still there."""

    number: int
    device_id: str
    display_name: str | None
    removed_at: int


def live(tx: Tx, user_ids: Sequence[str]) -> list[Listed]:
    """Every device on the lists of some users."""
    return tx.all(
        Listed,
        "SELECT number, user_id, device_id FROM listed_devices"
        " WHERE user_id IN each(:user_ids) AND removed_at IS NULL",
        user_ids=list(user_ids),
    )


def number(tx: Tx, user_id: str, device_id: str) -> int | None:
    """The number of a device on the list of a user."""
    found: int | None = tx.value(
        "SELECT number FROM listed_devices"
        " WHERE user_id = :user_id AND device_id = :device_id AND removed_at IS NULL",
        user_id=user_id,
        device_id=device_id,
    )
    return found


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


def removed(tx: Tx, user_id: str) -> list[Removed]:
    """The devices of a user that had published keys and were removed, the last one first."""
    return tx.all(
        Removed,
        "SELECT number, device_id, display_name, removed_at FROM listed_devices"
        " WHERE user_id = :user_id AND removed_at IS NOT NULL AND keys IS NOT NULL"
        " ORDER BY removed_at DESC, number DESC",
        user_id=user_id,
    )


def restore(tx: Tx, user_id: str, number: int) -> Removed | None:
    """Put a removed device back on the list, unless its device ID is there again."""
    return tx.one(
        Removed,
        "UPDATE listed_devices SET removed_at = NULL WHERE number = :number"
        " AND user_id = :user_id AND removed_at IS NOT NULL AND keys IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM listed_devices AS live WHERE live.user_id = :user_id"
        " AND live.device_id = listed_devices.device_id AND live.removed_at IS NULL)"
        " RETURNING number, device_id, display_name, 0",
        user_id=user_id,
        number=number,
    )


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
