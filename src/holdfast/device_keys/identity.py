"""A user's identity: cross-signing keys (POST /keys/device_signing/upload)."""

import asyncio
from dataclasses import dataclass

from holdfast.device_keys import identity_checks, listing
from holdfast.device_keys.identity_checks import (
    MASTER,
    SELF_SIGNING,
    USER_SIGNING,
    New,
    Owned,
    SigningBody,
)
from holdfast.device_keys.locking import lock_keys
from holdfast.device_keys.sql import identities as sql
from holdfast.device_keys.sql import signatures
from holdfast.device_keys.uploads import ED25519
from holdfast.journal import rules as journal
from holdfast.journal.rules import What
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.notices import rules as notices
from holdfast.uia.prove import Proven, consume, prove
from holdfast.uia.shapes import PASSWORD

TRIES = 3


def owned(tx: Tx, user_id: str) -> Owned:
    """A user's identity and devices."""
    keys = {key.usage: key for key in sql.keys(tx, [user_id])}
    return Owned(keys, dict(sql.devices(tx, user_id)))


@dataclass(frozen=True)
class Standing:
    """Whether an identity is complete, and the device IDs that it vouches for."""

    complete: bool
    verified: frozenset[str]


def standing(tx: Tx, user_id: str) -> Standing:
    """What a user's identity is worth (Client-Server API, "Cross-signing")."""
    keys = {key.usage: key for key in sql.keys(tx, [user_id])}
    own = keys.get(SELF_SIGNING)
    signed = signatures.signed_by(tx, user_id, f"{ED25519}:{own.public_key}") if own else []
    return Standing(keys.keys() >= {MASTER, SELF_SIGNING, USER_SIGNING}, frozenset(signed))


async def upload(request: Request) -> None:
    """Publish cross-signing keys.

    It takes proof to replace an identity, none to begin with one or to send the same again: clients
    send their first one right after signing in.

    Raises:
        UiaRequired: 401 with the flows.
        MatrixError: the keys cannot be used (`identity_checks.check`).
    """
    user_id, db = request.requester.user_id, request.context.db
    sent = request.json(SigningBody)
    for _ in range(TRIES):
        before = await db.read(lambda tx: owned(tx, user_id))
        new = await asyncio.to_thread(identity_checks.check, user_id, sent, before)
        proven = None
        if before.master and (new.keys or not sent.by_usage()):
            proven = await prove(request, ((PASSWORD,),))
            all_sent = decode(proven.body, SigningBody)  # what this round leaves out counts, too
            new = await asyncio.to_thread(identity_checks.check, user_id, all_sent, before)
        if not new.keys or await db.write(_Change(request, user_id, before, new, proven).store):
            return
    raise changing_meanwhile()


@dataclass(frozen=True)
class _Change:
    """New keys on their way into the database, checked against what was there `before`."""

    request: Request
    user_id: str
    before: Owned
    new: New
    proven: Proven | None

    def store(self, tx: Tx) -> bool:
        """Store it; False, and nothing stored, when `before` does not hold any more."""
        lock_keys(tx, [self.user_id])
        if owned(tx, self.user_id) != self.before:
            return False
        now = self.request.context.now
        if self.proven is not None:
            consume(tx, self.proven, now)
        self._forget_replaced(tx)
        sql.put(tx, self.user_id, self.new.keys, now)
        position = listing.list_changed(tx, self.user_id)
        if self.new.signatures:
            signatures.add(tx, self.user_id, self.new.signatures, position)
        self._tell(tx)
        return True

    def _forget_replaced(self, tx: Tx) -> None:
        """With a key go the signatures that others gave it and those made with it.

        With the master key the whole identity goes: it has signed the other keys. A key that stays
        itself may still be in another object now, which nobody has signed.
        """
        usages = {usage for usage, _public_key, _key in self.new.keys}
        staying = {public_key for _usage, public_key, _key in self.new.keys}
        if self.replaces_identity:
            sql.delete(tx, self.user_id)
            usages = set(self.before.keys)
        old = {key.public_key for usage, key in self.before.keys.items() if usage in usages}
        if old:
            key_ids = [f"{ED25519}:{public_key}" for public_key in old - staying]
            sql.delete_signatures(tx, self.user_id, list(old), key_ids)

    @property
    def replaces_identity(self) -> bool:
        """Whether there is another master key so far."""
        masters = [public_key for usage, public_key, _key in self.new.keys if usage == "master"]
        return bool(masters) and self.before.master not in (None, *masters)

    def _tell(self, tx: Tx) -> None:
        usages = sorted(usage for usage, _public_key, _key in self.new.keys)
        what: What = "identity_replaced" if self.before.master else "identity_created"
        journal.note(tx, self.request, self.user_id, what, keys=usages)
        if self.replaces_identity:
            notices.identity_replaced(tx, self.request, self.user_id)


def erase(tx: Tx, user_id: str) -> None:
    """Forget a user's identity and every signature, when the account is closed."""
    lock_keys(tx, [user_id])
    sql.delete_all_signatures(tx, user_id)
    if sql.delete(tx, user_id):
        listing.list_changed(tx, user_id)


def changing_meanwhile() -> MatrixError:
    """409: other requests change the same keys, faster than this one could check them."""
    return MatrixError(
        409, "M_UNKNOWN", "Other requests are changing these keys. Try again in a moment."
    )
