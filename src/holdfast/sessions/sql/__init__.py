"""Tables: devices, access_tokens, refresh_tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Device:
    """A session and what is known of the client behind it."""

    user_id: str
    device_id: str
    display_name: str | None
    created_at: int
    last_seen_at: int | None
    last_seen_ip: str | None
    last_seen_user_agent: str | None
    locked_at: int | None
    paused: int = 0


@dataclass(frozen=True)
class AccessToken:
    """An access token's session, in as much as a request needs to know."""

    user_id: str
    device_id: str
    generation: int
    used: int
    expires_at: int | None
    locked_at: int | None
    replaced: int
    restricted: str | None
    paused: int


@dataclass(frozen=True)
class RefreshToken:
    """A refresh token's session."""

    user_id: str
    device_id: str
    generation: int
    used_generation: int
    locked_at: int | None
    replaced: int
    paused: int


def access_token(tx: Tx, digest: bytes) -> AccessToken | None:
    """The session behind an access token: one row of one table, as every request pays for it."""
    return tx.one(
        AccessToken,
        "SELECT user_id, device_id, generation, used, expires_at, locked_at, replaced, restricted,"
        " paused FROM access_tokens WHERE digest = :digest",
        digest=digest,
    )


def refresh_token(tx: Tx, digest: bytes) -> RefreshToken | None:
    """The session behind a refresh token."""
    return tx.one(
        RefreshToken,
        "SELECT t.user_id, t.device_id, t.generation, d.used_generation, d.locked_at, t.replaced,"
        " d.paused FROM refresh_tokens t"
        " JOIN devices d ON d.user_id = t.user_id AND d.device_id = t.device_id"
        " WHERE t.digest = :digest",
        digest=digest,
    )


def put_device(tx: Tx, device: Device) -> None:
    """Add a session, or let it in again: unlocked, its keys and queue as they were."""
    tx.run(
        "INSERT INTO devices (user_id, device_id, display_name, created_at, last_seen_at,"
        " last_seen_ip, last_seen_user_agent)"
        " VALUES (:user_id, :device_id, :display_name, :created_at, :last_seen_at,"
        " :last_seen_ip, :last_seen_user_agent)"
        " ON CONFLICT (user_id, device_id) DO UPDATE SET locked_at = NULL, paused = 0,"
        " used_generation = 0,"
        " display_name = coalesce(devices.display_name, excluded.display_name),"
        " last_seen_at = excluded.last_seen_at, last_seen_ip = excluded.last_seen_ip,"
        " last_seen_user_agent = excluded.last_seen_user_agent",
        user_id=device.user_id,
        device_id=device.device_id,
        display_name=device.display_name,
        created_at=device.created_at,
        last_seen_at=device.last_seen_at,
        last_seen_ip=device.last_seen_ip,
        last_seen_user_agent=device.last_seen_user_agent,
    )


def put_locked(tx: Tx, user_id: str, device_id: str, display_name: str | None, now: int) -> None:
    """Add a session that nobody is signed in to."""
    tx.run(
        "INSERT INTO devices (user_id, device_id, display_name, created_at, locked_at)"
        " VALUES (:user_id, :device_id, :display_name, :now, :now)",
        user_id=user_id,
        device_id=device_id,
        display_name=display_name,
        now=now,
    )


def insert_access_token(tx: Tx, **columns: Any) -> None:
    """Add an access token's digest."""
    tx.run(
        "INSERT INTO access_tokens"
        " (digest, user_id, device_id, generation, used, expires_at, created_at, restricted)"
        " VALUES (:digest, :user_id, :device_id, :generation, :used, :expires_at, :created_at,"
        " :restricted)",
        **columns,
    )


def insert_refresh_token(tx: Tx, **columns: Any) -> None:
    """Add a refresh token's digest."""
    tx.run(
        "INSERT INTO refresh_tokens (digest, user_id, device_id, generation, created_at)"
        " VALUES (:digest, :user_id, :device_id, :generation, :created_at)",
        **columns,
    )


def replace_tokens(tx: Tx, user_id: str, device_id: str, kept: int) -> None:
    """End every token of a session, as its owner signs in to it again.

    They stay known for `kept` sign-ins, so that a client that still holds one is not told to
    discard its keys.
    """
    old = {"user_id": user_id, "device_id": device_id, "kept": kept}
    of_session = {"user_id": user_id, "device_id": device_id}
    tx.run(
        "DELETE FROM access_tokens WHERE user_id = :user_id AND device_id = :device_id"
        " AND replaced >= :kept",
        **old,
    )
    tx.run(
        "DELETE FROM refresh_tokens WHERE user_id = :user_id AND device_id = :device_id"
        " AND replaced >= :kept",
        **old,
    )
    tx.run(
        "UPDATE access_tokens SET replaced = replaced + 1"
        " WHERE user_id = :user_id AND device_id = :device_id",
        **of_session,
    )
    tx.run(
        "UPDATE refresh_tokens SET replaced = replaced + 1"
        " WHERE user_id = :user_id AND device_id = :device_id",
        **of_session,
    )


def replace_unused_pair(tx: Tx, user_id: str, device_id: str, generation: int) -> None:
    """End a pair of tokens whose answer was lost on its way, as another pair takes its place.

    If it was not lost after all, its access token is told to refresh, and its refresh token counts
    as an old one.
    """
    pair = {"user_id": user_id, "device_id": device_id, "generation": generation}
    tx.run(
        "UPDATE access_tokens SET expires_at = 0 WHERE user_id = :user_id"
        " AND device_id = :device_id AND generation = :generation AND replaced = 0",
        **pair,
    )
    tx.run(
        "UPDATE refresh_tokens SET generation = -1 WHERE user_id = :user_id"
        " AND device_id = :device_id AND generation = :generation AND replaced = 0",
        **pair,
    )


def note_use(tx: Tx, user_id: str, device_id: str, generation: int) -> None:
    """A token of this generation was used: older access tokens have expired from now on.

    They are not forgotten yet: a request that is under way with one must hear that it has expired,
    not that its session was signed out, or the client would discard its keys.
    """
    newest = {"user_id": user_id, "device_id": device_id, "generation": generation}
    tx.run(
        "UPDATE devices SET used_generation = :generation WHERE user_id = :user_id"
        " AND device_id = :device_id AND used_generation < :generation",
        **newest,
    )
    tx.run(
        "UPDATE access_tokens SET used = 1,"
        " expires_at = CASE WHEN generation < :generation THEN 0 ELSE expires_at END"
        " WHERE user_id = :user_id AND device_id = :device_id AND generation <= :generation"
        " AND replaced = 0",
        **newest,
    )


def delete_old_tokens(tx: Tx, user_id: str, device_id: str, before: int) -> None:
    """Forget tokens replaced so many generations ago that nobody will try them."""
    old = {"user_id": user_id, "device_id": device_id, "before": before}
    tx.run(
        "DELETE FROM access_tokens WHERE user_id = :user_id AND device_id = :device_id"
        " AND generation < :before",
        **old,
    )
    tx.run(
        "DELETE FROM refresh_tokens WHERE user_id = :user_id AND device_id = :device_id"
        " AND generation < :before",
        **old,
    )


DEVICE = (
    "SELECT user_id, device_id, display_name, created_at, last_seen_at, last_seen_ip,"
    " last_seen_user_agent, locked_at, paused FROM devices "
)


def devices(tx: Tx, user_id: str) -> list[Device]:
    """Every session of a user, the oldest first."""
    return tx.all(
        Device,
        DEVICE + "WHERE user_id = :user_id ORDER BY created_at, device_id",
        user_id=user_id,
    )


def device(tx: Tx, user_id: str, device_id: str) -> Device | None:
    """One session."""
    return tx.one(
        Device,
        DEVICE + "WHERE user_id = :user_id AND device_id = :device_id",
        user_id=user_id,
        device_id=device_id,
    )


def rename(tx: Tx, user_id: str, device_id: str, display_name: str) -> bool:
    """Give a session another name; False when there is no such session."""
    return bool(
        tx.run(
            "UPDATE devices SET display_name = :display_name"
            " WHERE user_id = :user_id AND device_id = :device_id",
            user_id=user_id,
            device_id=device_id,
            display_name=display_name,
        )
    )


def delete_devices(tx: Tx, user_id: str, device_ids: Sequence[str]) -> list[str]:
    """Delete sessions, return those there were; their tokens go with them (ON DELETE CASCADE)."""
    deleted: list[str] = tx.all(
        str,
        "DELETE FROM devices WHERE user_id = :user_id AND device_id IN each(:device_ids)"
        " RETURNING device_id",
        user_id=user_id,
        device_ids=list(device_ids),
    )
    return sorted(deleted)


def note_seen(tx: Tx, seen: Sequence[dict[str, Any]]) -> None:
    """Note when and from where sessions were last seen."""
    tx.many(
        "UPDATE devices SET last_seen_at = :last_seen_at, last_seen_ip = :last_seen_ip,"
        " last_seen_user_agent = :last_seen_user_agent"
        " WHERE user_id = :user_id AND device_id = :device_id",
        seen,
    )
