"""Tables: journal. Entries are added and read; tests/house/test_journal.py keeps it so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx

_INSERT = (
    "INSERT INTO journal (user_id, at, what, by_device, by_address, facts, forget_at)"
    " VALUES (:user_id, :at, :what, :by_device, :by_address, :facts, :forget_at)"
)


@dataclass(frozen=True)
class Entry:
    """What was done, when (ms), from which session and address; `facts` is JSON as text."""

    number: int
    at: int
    what: str
    by_device: str | None
    by_address: str | None
    facts: str


def insert(tx: Tx, entries: Sequence[dict[str, Any]]) -> None:
    """Add entries, in one batch."""
    tx.many(_INSERT, entries)


def entries(tx: Tx, user_id: str, before: int, limit: int) -> list[Entry]:
    """What was done to an account, the newest first, from entries older than number `before`."""
    return tx.all(
        Entry,
        "SELECT number, at, what, by_device, by_address, facts FROM journal"
        " WHERE user_id = :user_id AND number < :before ORDER BY number DESC LIMIT :limit",
        user_id=user_id,
        before=before,
        limit=limit,
    )


def forget_erased(tx: Tx, now: int, limit: int) -> int:
    """Delete the whole journals of accounts whose erasure is due; return how many entries went."""
    return tx.run(
        "DELETE FROM journal WHERE user_id IN (SELECT user_id FROM journal"
        " WHERE forget_at <= :now ORDER BY forget_at LIMIT :limit)",
        now=now,
        limit=limit,
    )
