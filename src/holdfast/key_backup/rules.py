"""What other features ask of the key backup, inside their transactions."""

from holdfast.key_backup import sql
from holdfast.key_backup.sql import Backup, Storing, keys, old_keys
from holdfast.key_backup.versions import lock
from holdfast.kit.db import Tx

__all__ = ["Backup", "Storing"]

FORGOTTEN_AT_ONCE = 2000
GRACE_MS = 3_600_000
"""How much longer something is there than it can be brought back.

A transaction that brings it back may have looked at the clock before the one that clears it away,
in batches, and must not find half of it.
"""


def current(tx: Tx, user_id: str) -> Backup | None:
    """The version that keys are stored in; None where there is none."""
    return sql.current(tx, user_id)


def storing(tx: Tx, user_id: str) -> list[Storing]:
    """The sessions that stored keys in the current version: when last, and how many are there."""
    return sql.storing(tx, user_id)


def close(tx: Tx, user_id: str, *, erase: bool, now: int) -> None:
    """End the key backup of an account that is closed; with `erase` delete all there is of it.

    Without, an administrator who brings the account back can bring the backup back too.
    """
    lock(tx, user_id)
    if erase:
        sql.delete_all(tx, user_id)
        return
    backup = sql.current(tx, user_id)
    if backup is not None:
        sql.end(tx, backup.number, "deleted", None, now)


def forget_old(tx: Tx, since: int) -> int:
    """Delete a batch of what ended before `since`; return how much there was."""
    before = since - GRACE_MS
    return (
        old_keys.forget_keys(tx, before, FORGOTTEN_AT_ONCE)
        or old_keys.forget_changes(tx, before, FORGOTTEN_AT_ONCE)
        or keys.forget_of_ended(tx, before, FORGOTTEN_AT_ONCE)
        or sql.forget_ended(tx, before, FORGOTTEN_AT_ONCE)
    )
