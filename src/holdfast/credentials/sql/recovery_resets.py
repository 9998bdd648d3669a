"""Tables: recovery_resets."""

from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class RecoveryReset:
    """The recovery key that can set a new account password, and the digest of its secret."""

    key_id: str
    digest: bytes


def recovery_reset(tx: Tx, user_id: str) -> RecoveryReset | None:
    """What was set up for an account."""
    return tx.one(
        RecoveryReset,
        "SELECT key_id, digest FROM recovery_resets WHERE user_id = :user_id",
        user_id=user_id,
    )


def put_recovery_reset(tx: Tx, user_id: str, key_id: str, digest: bytes, now: int) -> None:
    """Set it up, in the place of what was set up before."""
    tx.run(
        "INSERT INTO recovery_resets (user_id, key_id, digest, created_at)"
        " VALUES (:user_id, :key_id, :digest, :now)"
        " ON CONFLICT (user_id) DO UPDATE SET key_id = excluded.key_id,"
        " digest = excluded.digest, created_at = excluded.created_at",
        user_id=user_id,
        key_id=key_id,
        digest=digest,
        now=now,
    )


def delete_recovery_reset(tx: Tx, user_id: str) -> bool:
    """Revoke it; False where nothing was set up."""
    return bool(tx.run("DELETE FROM recovery_resets WHERE user_id = :user_id", user_id=user_id))
