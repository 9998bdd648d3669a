"""Tables: login_tokens."""

from holdfast.kit.db import Tx


def insert(tx: Tx, digest: bytes, user_id: str, expires_at: int) -> None:
    """Add a login token."""
    tx.run(
        "INSERT INTO login_tokens (digest, user_id, expires_at)"
        " VALUES (:digest, :user_id, :expires_at)",
        digest=digest,
        user_id=user_id,
        expires_at=expires_at,
    )


def owner(tx: Tx, digest: bytes) -> str | None:
    """The user a login token would sign in."""
    user_id: str | None = tx.value(
        "SELECT user_id FROM login_tokens WHERE digest = :digest", digest=digest
    )
    return user_id


def use(tx: Tx, digest: bytes, now: int) -> bool:
    """Use a login token up; False when it was used or has expired."""
    return bool(
        tx.run(
            "DELETE FROM login_tokens WHERE digest = :digest AND expires_at > :now",
            digest=digest,
            now=now,
        )
    )


def delete_all(tx: Tx, user_id: str) -> None:
    """Forget every login token of a user."""
    tx.run("DELETE FROM login_tokens WHERE user_id = :user_id", user_id=user_id)


def delete_expired(tx: Tx, now: int) -> None:
    """Forget login tokens that have expired."""
    tx.run("DELETE FROM login_tokens WHERE expires_at <= :now", now=now)
