"""Tables: lock_links."""

from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class LockLink:
    """A link with which somebody can lock their account; times are milliseconds."""

    user_id: str
    created_at: int
    expires_at: int
    used_at: int | None


def insert_lock_link(tx: Tx, digest: bytes, user_id: str, now: int, expires_at: int) -> None:
    """Add a link."""
    tx.run(
        "INSERT INTO lock_links (digest, user_id, created_at, expires_at)"
        " VALUES (:digest, :user_id, :now, :expires_at)",
        digest=digest,
        user_id=user_id,
        now=now,
        expires_at=expires_at,
    )


def lock_link(tx: Tx, digest: bytes) -> LockLink | None:
    """The link with this token's digest."""
    return tx.one(
        LockLink,
        "SELECT user_id, created_at, expires_at, used_at FROM lock_links WHERE digest = :digest",
        digest=digest,
    )


def use_lock_link(tx: Tx, digest: bytes, now: int) -> bool:
    """Use a link up; False when somebody was faster, or it has expired."""
    return bool(
        tx.run(
            "UPDATE lock_links SET used_at = :now WHERE digest = :digest AND used_at IS NULL"
            " AND expires_at > :now",
            digest=digest,
            now=now,
        )
    )


def delete_lock_links(tx: Tx, expired_before: int) -> None:
    """Forget links that expired before a time."""
    tx.run("DELETE FROM lock_links WHERE expires_at < :before", before=expired_before)
