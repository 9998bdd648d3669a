"""Tables: key_backups, key_backup_versions, key_backup_sessions."""

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Backup:
    """A version of a user's key backup. `number` names it in tables."""

    number: int
    version: int
    algorithm: str
    auth_data: str
    count: int
    etag: int
    created_at: int
    ended_at: int | None
    ended_how: str | None
    ended_by: str | None


@dataclass(frozen=True)
class Stored:
    """What stands in a backup after something was done to it."""

    count: int
    etag: int


@dataclass(frozen=True)
class Storing:
    """A session that stores keys: when it last did, and how many of them are there."""

    device_id: str
    last_at: int
    count: int


_BACKUP = (
    "SELECT number, version, algorithm, auth_data, count, etag, created_at, ended_at, ended_how,"
    " ended_by FROM key_backups WHERE user_id = :user_id"
)


def current(tx: Tx, user_id: str) -> Backup | None:
    """The version that keys are stored in."""
    return tx.one(Backup, _BACKUP + " AND ended_at IS NULL", user_id=user_id)


def readable(tx: Tx, user_id: str, version: int, since: int) -> Backup | None:
    """A version that is the current one, or was superseded and can still be brought back."""
    return tx.one(
        Backup,
        _BACKUP + " AND version = :version AND (ended_at IS NULL"
        " OR (ended_how = 'superseded' AND ended_at >= :since))",
        user_id=user_id,
        version=version,
        since=since,
    )


def ended(tx: Tx, user_id: str, version: int, since: int) -> Backup | None:
    """A version that ended, but not too long ago to be brought back."""
    return tx.one(
        Backup,
        _BACKUP + " AND version = :version AND ended_at >= :since",
        user_id=user_id,
        version=version,
        since=since,
    )


def all_ended(tx: Tx, user_id: str, since: int, limit: int) -> list[Backup]:
    """The versions that can be brought back, those with keys and the newest of them first."""
    return tx.all(
        Backup,
        _BACKUP + " AND ended_at >= :since"
        " ORDER BY CASE WHEN count > 0 THEN 0 ELSE 1 END, ended_at DESC, number DESC LIMIT :limit",
        user_id=user_id,
        since=since,
        limit=limit,
    )


def count_ended(tx: Tx, user_id: str, since: int) -> int:
    """How many versions can be brought back."""
    count: int = tx.value(
        "SELECT count(*) FROM key_backups WHERE user_id = :user_id AND ended_at >= :since",
        user_id=user_id,
        since=since,
    )
    return count


def newest(tx: Tx, user_id: str) -> int:
    """The number of the last version that was ever made; 0 when there was none."""
    found: int | None = tx.value(
        "SELECT newest FROM key_backup_versions WHERE user_id = :user_id", user_id=user_id
    )
    return found or 0


def next_version(tx: Tx, user_id: str) -> int:
    """A number that no version of this user has had."""
    number: int = tx.value(
        "INSERT INTO key_backup_versions (user_id, newest) VALUES (:user_id, 1)"
        " ON CONFLICT (user_id) DO UPDATE SET newest = key_backup_versions.newest + 1"
        " RETURNING newest",
        user_id=user_id,
    )
    return number


def insert(
    tx: Tx, user_id: str, version: int, algorithm: str, auth_data: str, by: str, now: int
) -> None:
    """Add a version as the current one."""
    tx.run(
        "INSERT INTO key_backups (user_id, version, algorithm, auth_data, created_at, created_by)"
        " VALUES (:user_id, :version, :algorithm, :auth_data, :now, :by)",
        user_id=user_id,
        version=version,
        algorithm=algorithm,
        auth_data=auth_data,
        by=by,
        now=now,
    )


def set_auth_data(tx: Tx, backup: int, auth_data: str) -> None:
    """Replace what clients need to know to use the backup."""
    tx.run(
        "UPDATE key_backups SET auth_data = :auth_data WHERE number = :backup",
        backup=backup,
        auth_data=auth_data,
    )


def end(tx: Tx, backup: int, how: str, by: str | None, now: int) -> None:
    """End a version as `deleted` or `superseded`."""
    tx.run(
        "UPDATE key_backups SET ended_at = :now, ended_how = :how, ended_by = :by"
        " WHERE number = :backup",
        backup=backup,
        how=how,
        by=by,
        now=now,
    )


def revive(tx: Tx, backup: int) -> None:
    """Make an ended version the current one."""
    tx.run(
        "UPDATE key_backups SET ended_at = NULL, ended_how = NULL, ended_by = NULL"
        " WHERE number = :backup",
        backup=backup,
    )


def shift(tx: Tx, backup: int, added: int) -> Stored:
    """Note that keys changed, and that there are so many more of them."""
    stored = tx.one(
        Stored,
        "UPDATE key_backups SET count = count + :added, etag = etag + 1 WHERE number = :backup"
        " RETURNING count, etag",
        backup=backup,
        added=added,
    )
    if stored is None:
        raise AssertionError("the backup was there, in this transaction")
    return stored


def shift_sessions(
    tx: Tx, backup: int, added: Mapping[str, int], sender: str | None, now: int
) -> None:
    """Note how many more keys of each session there are, and that `sender` has just sent some."""
    tx.many(
        "INSERT INTO key_backup_sessions (backup, device_id, last_at, count)"
        " VALUES (:backup, :device_id, :last_at, :added) ON CONFLICT (backup, device_id) DO UPDATE"
        " SET count = key_backup_sessions.count + excluded.count,"
        " last_at = CASE WHEN excluded.last_at > key_backup_sessions.last_at"
        " THEN excluded.last_at ELSE key_backup_sessions.last_at END",
        [
            {
                "backup": backup,
                "device_id": device_id,
                "last_at": now if device_id == sender else 0,
                "added": count,
            }
            for device_id, count in sorted(added.items())
        ],
    )


def storing(tx: Tx, user_id: str) -> list[Storing]:
    """The sessions that stored keys in the current version."""
    return tx.all(
        Storing,
        "SELECT s.device_id, s.last_at, s.count FROM key_backups b"
        " JOIN key_backup_sessions s ON s.backup = b.number"
        " WHERE b.user_id = :user_id AND b.ended_at IS NULL AND (s.last_at > 0 OR s.count > 0)"
        " ORDER BY s.device_id",
        user_id=user_id,
    )


def delete_all(tx: Tx, user_id: str) -> None:
    """Delete every version of a user, with all keys and what was kept of those before."""
    tx.run("DELETE FROM key_backups WHERE user_id = :user_id", user_id=user_id)


def forget_ended(tx: Tx, before: int, limit: int) -> int:
    """Delete versions that ended before a time and hold no keys any more."""
    return tx.run(
        "DELETE FROM key_backups WHERE number IN (SELECT number FROM key_backups"
        " WHERE ended_at < :before ORDER BY ended_at LIMIT :limit)",
        before=before,
        limit=limit,
    )
