"""Tables: dehydrated_devices."""

from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Dehydrated:
    """A dehydrated device; `device_data` is JSON that only the user's clients can decrypt."""

    device_id: str
    device_data: str


def get(tx: Tx, user_id: str) -> Dehydrated | None:
    """The dehydrated device of a user."""
    return tx.one(
        Dehydrated,
        "SELECT device_id, device_data FROM dehydrated_devices WHERE user_id = :user_id",
        user_id=user_id,
    )


def put(tx: Tx, user_id: str, device: Dehydrated, now: int) -> None:
    """Store a user's dehydrated device in place of another one."""
    tx.run(
        "INSERT INTO dehydrated_devices (user_id, device_id, device_data, created_at)"
        " VALUES (:user_id, :device_id, :device_data, :now)"
        " ON CONFLICT (user_id) DO UPDATE SET device_id = excluded.device_id,"
        " device_data = excluded.device_data, created_at = excluded.created_at",
        user_id=user_id,
        device_id=device.device_id,
        device_data=device.device_data,
        now=now,
    )


def delete(tx: Tx, user_id: str) -> str | None:
    """Delete a user's dehydrated device; return its device ID."""
    device_id: str | None = tx.value(
        "DELETE FROM dehydrated_devices WHERE user_id = :user_id RETURNING device_id",
        user_id=user_id,
    )
    return device_id
