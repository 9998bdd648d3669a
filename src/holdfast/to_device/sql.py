"""Tables: to_device_messages, to_device_transactions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Queued:
    """A message in a device's queue; `message` is JSON, None where it was told before."""

    position: int
    message: str | None


def begin(tx: Tx, device: int, kind: str, transaction_id: str, now: int) -> bool:
    """Note a transaction; False when it was noted before."""
    return bool(
        tx.run(
            "INSERT INTO to_device_transactions (device, type, transaction_id, sent_at)"
            " VALUES (:device, :kind, :transaction_id, :now)"
            " ON CONFLICT (device, type, transaction_id) DO NOTHING",
            device=device,
            kind=kind,
            transaction_id=transaction_id,
            now=now,
        )
    )


def insert(tx: Tx, messages: Sequence[dict[str, Any]]) -> None:
    """Put messages into queues, each given as device, position and message."""
    tx.many(
        "INSERT INTO to_device_messages (device, position, message)"
        " VALUES (:device, :position, :message)",
        messages,
    )


def front(tx: Tx, device: int, after: int, limit: int) -> list[Queued]:
    """The beginning of a device's queue, with the texts of what lies after `after`."""
    return tx.all(
        Queued,
        "SELECT position, CASE WHEN position > :after THEN message END FROM to_device_messages"
        " WHERE device = :device ORDER BY position LIMIT :limit",
        device=device,
        after=after,
        limit=limit,
    )


def page(tx: Tx, device: int, after: int, limit: int) -> list[Queued]:
    """The messages of a device's queue that lie after `after`, the oldest first."""
    return tx.all(
        Queued,
        "SELECT position, message FROM to_device_messages"
        " WHERE device = :device AND position > :after ORDER BY position LIMIT :limit",
        device=device,
        after=after,
        limit=limit,
    )


def delete(tx: Tx, device: int, upto: int) -> None:
    """Take the messages up to a position out of a device's queue."""
    tx.run(
        "DELETE FROM to_device_messages WHERE device = :device AND position <= :upto",
        device=device,
        upto=upto,
    )


def delete_transactions(tx: Tx, before: int, limit: int) -> int:
    """Forget transactions of before a time; return how many there were."""
    return tx.run(
        "DELETE FROM to_device_transactions WHERE (device, type, transaction_id) IN"
        " (SELECT device, type, transaction_id FROM to_device_transactions"
        " WHERE sent_at < :before ORDER BY sent_at LIMIT :limit)",
        before=before,
        limit=limit,
    )
