"""Tables: dehydrated_devices."""

from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Dehydrated:
    """A dehydrated device; `device_data` is JSON that only the user's clients can decrypt."""

    device_id: str
    device_data: str


@dataclass(frozen=True)
class Removed:
    """A dehydrated device that waits no more. `number` is that of the device list."""

    number: int
    device_id: str
    removed_at: int


def get(tx: Tx, user_id: str) -> Dehydrated | None:
    """The dehydrated device of a user."""
    return tx.one(
        Dehydrated,
        "SELECT device_id, device_data FROM dehydrated_devices"
        " WHERE user_id = :user_id AND removed_at IS NULL",
        user_id=user_id,
    )


def put(tx: Tx, number: int, user_id: str, device: Dehydrated, now: int) -> None:
    """Store a user's dehydrated device, or what there is of it in place of what there was."""
    tx.run(
        "INSERT INTO dehydrated_devices (device, user_id, device_id, device_data, created_at)"
        " VALUES (:device, :user_id, :device_id, :device_data, :now)"
        " ON CONFLICT (device) DO UPDATE SET device_data = excluded.device_data,"
        " created_at = excluded.created_at",
        device=number,
        user_id=user_id,
        device_id=device.device_id,
        device_data=device.device_data,
        now=now,
    )


def remove(tx: Tx, user_id: str, now: int) -> str | None:
    """End the dehydrated device of a user; return its device ID."""
    device_id: str | None = tx.value(
        "UPDATE dehydrated_devices SET removed_at = :now"
        " WHERE user_id = :user_id AND removed_at IS NULL RETURNING device_id",
        user_id=user_id,
        now=now,
    )
    return device_id


def removed(tx: Tx, user_id: str) -> list[Removed]:
    """The dehydrated devices of a user that wait no more, the last one first."""
    return tx.all(
        Removed,
        "SELECT device, device_id, removed_at FROM dehydrated_devices"
        " WHERE user_id = :user_id AND removed_at IS NOT NULL"
        " ORDER BY removed_at DESC, device DESC",
        user_id=user_id,
    )


def restore(tx: Tx, user_id: str, number: int) -> bool:
    """Let a dehydrated device wait again; False when there is none by that number."""
    return bool(
        tx.run(
            "UPDATE dehydrated_devices SET removed_at = NULL WHERE device = :number"
            " AND user_id = :user_id AND removed_at IS NOT NULL",
            user_id=user_id,
            number=number,
        )
    )
