"""Tables: uia_sessions, address_proofs, registration_tokens."""

from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class UiaSession:
    """A proof that is under way."""

    operation: str
    user_id: str
    sealed_body: bytes
    completed: str
    expires_at: int


def session(tx: Tx, digest: bytes) -> UiaSession | None:
    """The session with this digest."""
    return tx.one(
        UiaSession,
        "SELECT operation, user_id, sealed_body, completed, expires_at FROM uia_sessions"
        " WHERE digest = :digest",
        digest=digest,
    )


def insert_session(tx: Tx, digest: bytes, row: UiaSession) -> None:
    """Store a new session."""
    tx.run(
        "INSERT INTO uia_sessions"
        " (digest, operation, user_id, sealed_body, completed, expires_at)"
        " VALUES (:digest, :operation, :user_id, :sealed_body, :completed, :expires_at)",
        digest=digest,
        operation=row.operation,
        user_id=row.user_id,
        sealed_body=row.sealed_body,
        completed=row.completed,
        expires_at=row.expires_at,
    )


def set_completed(tx: Tx, digest: bytes, completed: str) -> None:
    """Store which stages a session has completed by now."""
    tx.run(
        "UPDATE uia_sessions SET completed = :completed WHERE digest = :digest",
        digest=digest,
        completed=completed,
    )


def delete_session(tx: Tx, digest: bytes) -> bool:
    """Forget one session; False when it was gone."""
    return bool(tx.run("DELETE FROM uia_sessions WHERE digest = :digest", digest=digest))


def delete_sessions_of(tx: Tx, user_id: str) -> None:
    """Forget every session of a user."""
    tx.run("DELETE FROM uia_sessions WHERE user_id = :user_id", user_id=user_id)


def delete_expired(tx: Tx, now: int, proofs_before: int) -> None:
    """Forget sessions that have expired, and proofs that expired before `proofs_before`."""
    tx.run("DELETE FROM uia_sessions WHERE expires_at < :now", now=now)
    tx.run("DELETE FROM address_proofs WHERE expires_at < :before", before=proofs_before)


@dataclass(frozen=True)
class AddressProof:
    """Somebody's claim to an address, and how far the proof has come."""

    sid: str
    purpose: str
    medium: str
    address: str
    user_id: str
    token_digest: bytes
    send_attempt: int
    wrong_tries: int
    next_link: str | None
    expires_at: int
    validated_at: int | None
    used_at: int | None


_PROOF = (
    "SELECT sid, purpose, medium, address, user_id, token_digest, send_attempt, wrong_tries,"
    " next_link, expires_at, validated_at, used_at FROM address_proofs "
)


def proof(tx: Tx, sid: str) -> AddressProof | None:
    """The proof with this session id."""
    return tx.one(AddressProof, _PROOF + "WHERE sid = :sid", sid=sid)


def proof_of_client(tx: Tx, sid: str, client_secret_digest: bytes) -> AddressProof | None:
    """The proof with this session id, if it was asked for with this client secret."""
    return tx.one(
        AddressProof,
        _PROOF + "WHERE sid = :sid AND client_secret_digest = :secret",
        sid=sid,
        secret=client_secret_digest,
    )


def open_proof(
    tx: Tx, client_secret_digest: bytes, purpose: str, medium: str, address: str, now: int
) -> AddressProof | None:
    """The proof a client has asked for already and can still finish."""
    return tx.one(
        AddressProof,
        _PROOF + "WHERE client_secret_digest = :secret AND purpose = :purpose"
        " AND medium = :medium AND address = :address AND used_at IS NULL"
        " AND expires_at > :now ORDER BY created_at DESC LIMIT 1",
        secret=client_secret_digest,
        purpose=purpose,
        medium=medium,
        address=address,
        now=now,
    )


def insert_proof(tx: Tx, **columns: Any) -> None:
    """Add a proof that waits for its link to be followed."""
    tx.run(
        "INSERT INTO address_proofs (sid, purpose, medium, address, user_id,"
        " client_secret_digest, token_digest, send_attempt, next_link, created_at, expires_at)"
        " VALUES (:sid, :purpose, :medium, :address, :user_id, :client_secret_digest,"
        " :token_digest, :send_attempt, :next_link, :created_at, :expires_at)",
        **columns,
    )


def renew_proof(tx: Tx, sid: str, token_digest: bytes, send_attempt: int, expires_at: int) -> None:
    """Give a proof another token; the one sent before no longer works."""
    tx.run(
        "UPDATE address_proofs SET token_digest = :token_digest, send_attempt = :send_attempt,"
        " expires_at = :expires_at WHERE sid = :sid",
        sid=sid,
        token_digest=token_digest,
        send_attempt=send_attempt,
        expires_at=expires_at,
    )


def count_wrong_try(tx: Tx, sid: str) -> None:
    """Count a token that was wrong."""
    tx.run("UPDATE address_proofs SET wrong_tries = wrong_tries + 1 WHERE sid = :sid", sid=sid)


def validate_proof(tx: Tx, sid: str, now: int, expires_at: int) -> None:
    """Note that the token came back; from now on the proof can be used until `expires_at`."""
    tx.run(
        "UPDATE address_proofs SET validated_at = :now, expires_at = :expires_at"
        " WHERE sid = :sid AND validated_at IS NULL",
        sid=sid,
        now=now,
        expires_at=expires_at,
    )


def use_proof(tx: Tx, sid: str, now: int) -> bool:
    """Use a proof up; False when it has been used or has expired."""
    return bool(
        tx.run(
            "UPDATE address_proofs SET used_at = :now"
            " WHERE sid = :sid AND used_at IS NULL AND expires_at > :now",
            sid=sid,
            now=now,
        )
    )


def void_proofs(tx: Tx, user_id: str, now: int) -> None:
    """Use up every proof with which an account's password could still be changed."""
    tx.run(
        "UPDATE address_proofs SET used_at = :now WHERE user_id = :user_id AND used_at IS NULL"
        " AND purpose IN ('password', 'reset')",
        user_id=user_id,
        now=now,
    )


def void_proofs_of_address(tx: Tx, user_id: str, medium: str, address: str, now: int) -> None:
    """Use up every proof an account has of one address, which no longer belongs to it."""
    tx.run(
        "UPDATE address_proofs SET used_at = :now WHERE user_id = :user_id AND used_at IS NULL"
        " AND medium = :medium AND address = :address",
        user_id=user_id,
        medium=medium,
        address=address,
        now=now,
    )


@dataclass(frozen=True)
class RegistrationToken:
    """An invitation to register, without the token itself."""

    hint: str
    uses_allowed: int | None
    completed: int
    created_at: int
    expires_at: int | None


def usable_registration_token(tx: Tx, digest: bytes, now: int) -> bool:
    """Whether a registration token can be used (again)."""
    return bool(
        tx.value(
            "SELECT 1 FROM registration_tokens WHERE digest = :digest"
            " AND (uses_allowed IS NULL OR completed < uses_allowed)"
            " AND (expires_at IS NULL OR expires_at > :now)",
            digest=digest,
            now=now,
        )
    )


def use_registration_token(tx: Tx, digest: bytes, now: int) -> bool:
    """Count one use; False when it has none left."""
    return bool(
        tx.run(
            "UPDATE registration_tokens SET completed = completed + 1 WHERE digest = :digest"
            " AND (uses_allowed IS NULL OR completed < uses_allowed)"
            " AND (expires_at IS NULL OR expires_at > :now)",
            digest=digest,
            now=now,
        )
    )


def insert_registration_token(tx: Tx, digest: bytes, row: RegistrationToken) -> None:
    """Add a registration token."""
    tx.run(
        "INSERT INTO registration_tokens"
        " (digest, hint, uses_allowed, completed, created_at, expires_at)"
        " VALUES (:digest, :hint, :uses_allowed, 0, :created_at, :expires_at)",
        digest=digest,
        hint=row.hint,
        uses_allowed=row.uses_allowed,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def registration_tokens(tx: Tx) -> list[RegistrationToken]:
    """Every registration token, the newest first."""
    return tx.all(
        RegistrationToken,
        "SELECT hint, uses_allowed, completed, created_at, expires_at FROM registration_tokens"
        " ORDER BY created_at DESC, hint",
    )


def delete_registration_token(tx: Tx, digest: bytes) -> bool:
    """Remove a registration token; False when there was none."""
    return bool(tx.run("DELETE FROM registration_tokens WHERE digest = :digest", digest=digest))


def delete_registration_tokens_hinted(tx: Tx, hint: str) -> None:
    """Remove the registration tokens that begin with `hint`."""
    tx.run("DELETE FROM registration_tokens WHERE hint = :hint", hint=hint)
