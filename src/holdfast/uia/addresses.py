"""Proving control over an e-mail address or phone number, with a link or code sent to it.

A proof is opened by a client (`requestToken`), validated by whoever gets the message, and used up
once, by the request it was opened for. It is bound to its purpose, its address and, where there is
one, its account.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum
from hmac import compare_digest
from typing import Literal

from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, MatrixError
from holdfast.uia import sql
from holdfast.uia.sql import AddressProof

__all__ = ["AddressProof", "Opened", "Purpose", "Refusal", "Wanted"]

Purpose = Literal["register", "add", "password", "reset"]
"""register and add: a new address. password: a client resets. reset: the portal resets."""

CLICK_LIFETIME_MS = 60 * 60_000
USE_LIFETIME_MS = 10 * 60_000
MOST_WRONG_TRIES = 5
KEEP_ENDED_MS = 24 * 60 * 60_000  # so that an old link can say that it is old
_CLIENT_SECRET = re.compile(r"[0-9a-zA-Z.=_-]{1,255}")


class Refusal(Enum):
    """Why a link or code does not work."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True)
class Wanted:
    """A proof somebody asks for. `user_id` is '' when no account is concerned (yet)."""

    purpose: Purpose
    medium: str
    address: str
    user_id: str
    client_secret: str
    send_attempt: int
    next_link: str | None = None


@dataclass(frozen=True)
class Opened:
    """A proof that waits; `send` is False when its message is on its way already."""

    sid: str
    send: bool


def check_client_secret(secret: str) -> None:
    """Refuse a client secret the specification does not allow.

    Raises:
        InvalidParam: it has other characters than it may, or is too long.
    """
    if not _CLIENT_SECRET.fullmatch(secret):
        raise InvalidParam(
            "The client_secret must be 1 to 255 of the characters 0-9 a-z A-Z . = _ -"
        )


def open_proof(tx: Tx, wanted: Wanted, *, sid: str, token: str, now: int) -> Opened:
    """Open a proof that `token` will validate, or find the one this client has open.

    A message is to be sent only for a `send_attempt` higher than any before (spec,
    "requestToken"); it carries the new `token`, and the one sent before stops working.
    """
    secret = ids.digest(wanted.client_secret)
    tx.lock(f"proof {secret.hex()}")
    known = sql.open_proof(tx, secret, wanted.purpose, wanted.medium, wanted.address, now)
    if known is None:
        sql.insert_proof(
            tx,
            sid=sid,
            purpose=wanted.purpose,
            medium=wanted.medium,
            address=wanted.address,
            user_id=wanted.user_id,
            client_secret_digest=secret,
            token_digest=ids.digest(token),
            send_attempt=wanted.send_attempt,
            next_link=wanted.next_link,
            created_at=now,
            expires_at=now + CLICK_LIFETIME_MS,
        )
        return Opened(sid, send=True)
    if wanted.send_attempt <= known.send_attempt or known.validated_at is not None:
        return Opened(known.sid, send=False)
    sql.renew_proof(tx, known.sid, ids.digest(token), wanted.send_attempt, now + CLICK_LIFETIME_MS)
    return Opened(known.sid, send=True)


def look(tx: Tx, sid: str, token: str, now: int) -> AddressProof | Refusal:
    """The proof that `token` belongs to, or why it does not work. Wrong tokens are counted.

    After five wrong ones the proof is dead: a code of six digits cannot be guessed.
    """
    proof = sql.proof(tx, sid)
    if proof is None or proof.wrong_tries >= MOST_WRONG_TRIES:
        return Refusal.UNKNOWN
    if not compare_digest(proof.token_digest, ids.digest(token)):
        sql.count_wrong_try(tx, sid)
        return Refusal.UNKNOWN
    if proof.used_at is not None:
        return Refusal.USED
    return proof if proof.expires_at > now else Refusal.EXPIRED


def validate(tx: Tx, sid: str, token: str, now: int) -> AddressProof | Refusal:
    """Note that `token` has come back from where it was sent.

    A proof with which an account password can be changed is good for ten more minutes, any other
    for an hour. Doing this twice changes nothing.
    """
    tx.lock(f"proof {sid}")
    proof = look(tx, sid, token, now)
    if isinstance(proof, Refusal) or proof.validated_at is not None:
        return proof
    resets = proof.purpose in ("password", "reset")
    expires_at = now + (USE_LIFETIME_MS if resets else CLICK_LIFETIME_MS)
    sql.validate_proof(tx, sid, now, expires_at)
    return replace(proof, validated_at=now, expires_at=expires_at)


def validated(
    tx: Tx, sid: str, client_secret: str, purpose: Purpose | None, now: int
) -> AddressProof | None:
    """The proof if it is validated, unused, in time, and was opened for `purpose`."""
    proof = sql.proof_of_client(tx, sid, ids.digest(client_secret))
    if proof is None or proof.validated_at is None or proof.used_at is not None:
        return None
    return proof if proof.purpose == purpose and proof.expires_at > now else None


def use(tx: Tx, sid: str, now: int) -> None:
    """Use a proof up, in the transaction of what it was needed for.

    Raises:
        MatrixError: 401 `M_FORBIDDEN`: somebody else was faster, or its time has just run out.
    """
    if not sql.use_proof(tx, sid, now):
        raise MatrixError(
            401, "M_FORBIDDEN", "That link has been used or has expired. Ask for a new one."
        )


def void_of(tx: Tx, user_id: str, now: int) -> None:
    """After a new account password: no link or proof under way may change it again."""
    sql.void_proofs(tx, user_id, now)
    sql.delete_sessions_of(tx, user_id)


def void_of_address(tx: Tx, user_id: str, medium: str, address: str, now: int) -> None:
    """After the removal of an address: links sent to it no longer work for this account."""
    sql.void_proofs_of_address(tx, user_id, medium, address, now)


def forget_old(tx: Tx, now: int) -> None:
    """Delete what has expired; ended proofs are kept for a day, so that old links can say so."""
    sql.delete_expired(tx, now, now - KEEP_ENDED_MS)


def address_of(tx: Tx, sid: str) -> str | None:
    """The address that a proof is about."""
    found = sql.proof(tx, sid)
    return found.address if found else None


def proof(tx: Tx, sid: str) -> AddressProof:
    """A proof that is known to exist, because a request rests on it.

    Raises:
        MatrixError: 401 `M_FORBIDDEN`: it has been cleared away meanwhile.
    """
    found = sql.proof(tx, sid)
    if found is None:
        raise MatrixError(401, "M_FORBIDDEN", "That link has expired. Ask for a new one.")
    return found
