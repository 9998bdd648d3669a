"""Signing devices and identities (POST /keys/signatures/upload)."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from holdfast.device_keys import identity, listing
from holdfast.device_keys.identity_checks import (
    MASTER,
    SELF_SIGNING,
    USER_SIGNING,
    Owned,
    signatures_of,
)
from holdfast.device_keys.locking import lock_keys
from holdfast.device_keys.sql import identities, signatures
from holdfast.device_keys.sql.identities import Key
from holdfast.device_keys.stored import same
from holdfast.device_keys.uploads import ED25519, Keys, invalid_signature
from holdfast.kit import stream
from holdfast.kit.db import Database, Tx
from holdfast.kit.errors import MatrixError, NotFound
from holdfast.kit.http import Request

Sent = dict[str, dict[str, Keys]]
"""Signed objects by user ID and key ID."""
Failures = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Known:
    """What the signer has published, and the master keys of others."""

    own: Owned
    others: dict[str, Key]


@dataclass
class _Checked:
    """Signatures that are good, as they are stored, and errors for what is not."""

    good: list[list[str]] = field(default_factory=list)
    failures: Failures = field(default_factory=dict)


async def upload(request: Request) -> Failures:
    """Store the good signatures among those that are sent; return an error for each bad object."""
    sent = request.json(Sent)
    for _ in range(identity.TRIES):
        failures = await _try(request.context.db, request.requester.user_id, sent)
        if failures is not None:
            return failures
    raise identity.changing_meanwhile()


async def _try(db: Database, me: str, sent: Sent) -> Failures | None:
    """Check and store; None where the keys were others by then."""
    known = await db.read(lambda tx: _known(tx, me, sent))
    checked = await asyncio.to_thread(_check, me, sent, known)
    good = checked.good
    if good and not await db.write(lambda tx: _store(tx, me, sent, known, good)):
        return None
    return checked.failures


def _known(tx: Tx, me: str, sent: Iterable[str]) -> _Known:
    keys = identities.keys(tx, list({me, *sent}))
    own = {key.usage: key for key in keys if key.user_id == me}
    others = {key.user_id: key for key in keys if key.user_id != me and key.usage == MASTER}
    return _Known(Owned(own, dict(identities.devices(tx, me))), others)


def _check(me: str, sent: Sent, known: _Known) -> _Checked:
    checked = _Checked()
    for user_id, objects in sent.items():
        for key_id, signed in objects.items():
            try:
                checked.good += _signatures(me, user_id, key_id, signed, known)
            except MatrixError as error:
                checked.failures.setdefault(user_id, {})[key_id] = error.body()
    return checked


def _signatures(me: str, user_id: str, key_id: str, signed: Keys, known: _Known) -> list[list[str]]:
    """The signatures of one's own under one key, which may be nobody else's to give.

    Raises:
        NotFound: there is no such key, or none that one signs.
        MatrixError: `M_INVALID_SIGNATURE`: it is not the key that is published, or not signed.
    """
    text, signers = _signable(me, user_id, key_id, known)
    if not same(text, signed):
        raise invalid_signature("What is signed is not the key that is published.")
    found = signatures_of(me, user_id, key_id, signed, signers)
    if not found:
        raise invalid_signature("There is no signature of a key that may sign this one.")
    return found


def _signable(me: str, user_id: str, key_id: str, known: _Known) -> tuple[str, dict[str, str]]:
    """A key as it is stored, and the public keys that may sign it, by key ID.

    An identity signs its devices, devices sign their identity, and users the identity of others.
    """
    own = known.own
    if user_id != me:
        other = known.others.get(user_id)
        if other is not None and key_id == other.public_key:
            return other.key, _signer(own, USER_SIGNING)
    elif key_id == own.master:
        return own.keys[MASTER].key, {**own.signing_devices(), **_signer(own, SELF_SIGNING)}
    elif keys := own.devices.get(key_id):
        return keys, _signer(own, SELF_SIGNING)
    raise NotFound("There is no such key that you could sign.")


def _signer(own: Owned, usage: str) -> dict[str, str]:
    public_key = own.public(usage)
    return {} if public_key is None else {f"{ED25519}:{public_key}": public_key}


def _store(tx: Tx, me: str, sent: Sent, known: _Known, good: list[list[str]]) -> bool:
    """Store signatures; False, and nothing stored, when `known` does not hold any more.

    What is stored already is no change. Their owner's clients wait for their own user in
    `device_lists.changed` before they call a session verified.
    """
    lock_keys(tx, {me, *sent})
    if _known(tx, me, sent) != known:
        return False
    stored = {tuple(each) for each in signatures.known(tx, me, good)}
    fresh = [each for each in good if tuple(each) not in stored]
    if not fresh:
        return True
    if any(user_id == me for user_id, *_rest in fresh):
        position = listing.list_changed(tx, me)
    else:
        position = stream.advance(tx, "key")
        tx.wake(me)
    signatures.add(tx, me, fresh, position)
    return True
