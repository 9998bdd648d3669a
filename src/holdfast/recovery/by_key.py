"""Setting a new account password with the recovery key.

The browser derives a secret from the recovery key; the server keeps its SHA-256 digest and never
sees the key. `docs/decisions/0073-reset-by-recovery-key.md` has the threat model.
"""

import re
from hmac import compare_digest

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import user_id_from
from holdfast.custody.recovery import default_key
from holdfast.journal import rules as journal
from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.notices import rules as notices
from holdfast.recovery.links import open_reset
from holdfast.uia import addresses as proofs
from holdfast.uia.addresses import USE_LIFETIME_MS
from holdfast.uia.prove import consume, prove
from holdfast.uia.shapes import PASSWORD

MEDIUM = "recovery_key"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in URL-safe base64
_NOBODYS = ids.digest("nobody's")


class SetUpBody(msgspec.Struct):
    """The recovery key's ID in secret storage, and the secret that was derived from it."""

    key_id: str
    secret: str


class ResetBody(msgspec.Struct):
    """Whose account password, and the secret derived from their recovery key."""

    user: str
    secret: str


async def set_up(request: Request) -> None:
    """Let the recovery key set new account passwords, for who knows the present one.

    Raises:
        UiaRequired: 401 with the flows.
        InvalidParam: the secret is none, or the key is not the account's present recovery key.
    """
    context, me = request.context, request.requester
    proven = await prove(request, ((PASSWORD,),))
    body = decode(proven.body, SetUpBody)
    if not _SECRET.fullmatch(body.secret):
        raise InvalidParam("The secret must be 32 bytes in URL-safe base64 without padding.")
    now = context.now

    def store(tx: Tx) -> None:
        tx.lock(f"user {me.user_id}")
        consume(tx, proven, now)
        if body.key_id == "" or default_key(tx, me.user_id) != body.key_id:
            raise InvalidParam("That is not the present recovery key. Load the page again.")
        credentials.set_recovery_reset(tx, me.user_id, body.key_id, ids.digest(body.secret), now)
        notices.recovery_reset_on(tx, request, me.user_id)
        journal.note(tx, request, me.user_id, "recovery_reset_set_up")

    await context.db.write(store)


async def revoke(request: Request) -> None:
    """Let no recovery key set a new account password any more. Revoking twice changes nothing."""
    user_id = request.requester.user_id

    def delete(tx: Tx) -> None:
        tx.lock(f"user {user_id}")
        if credentials.revoke_recovery_reset(tx, user_id):
            notices.recovery_reset_off(tx, request, user_id)
            journal.note(tx, request, user_id, "recovery_reset_revoked")

    await request.context.db.write(delete)


async def open_by_key(request: Request, body: ResetBody) -> tuple[str, int]:
    """A token with which the reset page goes on, and its lifetime in milliseconds.

    An account that does not exist, one that has not set this up, a wrong key and one that was
    replaced since: the same answer, after the same statements.

    Raises:
        Forbidden: that is not the recovery key of that account, or it cannot be used for this.
        LimitExceeded: too many tries from here.
    """
    context, now = request.context, request.context.now
    context.limits.take("recovery key", context.settings.uia_limit, request.network)
    user_id = user_id_from(body.user, context.settings.server_name) or ""
    if not await context.db.read(lambda tx: _fits(tx, user_id, body.secret)):
        raise Forbidden(
            "That recovery key does not fit that account, or resetting by recovery key was not set"
            " up for it. Check both, or use another way."
        )

    def open_it(tx: Tx) -> str | None:
        tx.lock(f"user {user_id}")
        if not _fits(tx, user_id, body.secret):
            return None
        opened = open_reset(tx, context.random, user_id, now, medium=MEDIUM)
        proofs.validate(tx, opened.sid, opened.secret, now)
        return opened.token

    token = await context.db.write(open_it)
    if token is None:
        raise Forbidden("The recovery key was replaced or revoked at the same moment. Try again.")
    return token, USE_LIFETIME_MS


def _fits(tx: Tx, user_id: str, secret: str) -> bool:
    """Whether a secret is the one of the account's present recovery key."""
    known = credentials.recovery_reset(tx, user_id)
    account = credentials.account(tx, user_id)
    key_id = default_key(tx, user_id)
    right = compare_digest(known.digest if known else _NOBODYS, ids.digest(secret))
    is_open = account is not None and account.deactivated_at is None
    return right and is_open and known is not None and known.key_id == key_id
