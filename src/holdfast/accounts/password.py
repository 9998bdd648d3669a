"""Changing the account password, signed in or, with a mailed link, signed out."""

import msgspec

from holdfast.credentials import policy
from holdfast.credentials import rules as credentials
from holdfast.credentials.rules import Owner
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.recovery.new_password import choices, covered, replace_password
from holdfast.sessions.rules import Choices, Fate, Outcome
from holdfast.uia import addresses as proofs
from holdfast.uia.prove import Proven, consume, prove
from holdfast.uia.shapes import EMAIL, MSISDN, PASSWORD, Flow


class Peek(msgspec.Struct):
    """What can be looked at before anything is proven."""

    new_password: str | None = None


class PasswordBody(msgspec.Struct):
    """A new account password, and what shall happen to the other sessions.

    `logout_devices` is the specification's switch; `dev.holdfast.sessions` decides one by one.
    """

    new_password: str
    logout_devices: bool = True
    sessions: dict[str, Fate] | None = msgspec.field(name="dev.holdfast.sessions", default=None)


async def change_password(request: Request) -> Outcome:
    """Set a new account password for who can prove to be the account's owner.

    The weak ones are refused before anybody is asked to prove anything. Clients send `auth` with
    the first request, and while they wait for a mailed link the same request every two seconds:
    nothing is hashed until the proof is complete.

    Raises:
        UiaRequired: 401 with the flows.
        WeakPassword: the new account password is too easy to guess.
    """
    context = request.context
    me = request.requester_or_none
    before = await _owner(context, me.user_id) if me else None
    peek = request.json(Peek).new_password
    if peek is not None:
        _check(context, peek, before)
    proven = await prove(request, _flows(context, signed_in=me is not None))
    body = decode(proven.body, PasswordBody)
    owner = before or await _proven_owner(context, proven)
    _check(context, body.new_password, owner)
    account = owner.account
    new_hash = await context.hasher.hash(body.new_password)
    decided = _choices(context, body)
    told = await covered(context, account.user_id)
    now = context.now

    def change(tx: Tx) -> Outcome:
        tx.lock(f"user {account.user_id}")
        consume(tx, proven, now)
        return replace_password(
            tx,
            request,
            account.user_id,
            new_hash,
            old_hash=account.password_hash,
            own_session=me.device_id if me else None,
            decided=decided,
            how="changed" if me else "reset",
            covered=told,
        )

    return await context.db.write(change)


def _flows(context: Context, *, signed_in: bool) -> tuple[Flow, ...]:
    """Who is signed in and forgot the account password must not have to sign out to reset it."""
    by_mail: tuple[Flow, ...] = ((EMAIL,),) if context.mailer.works else ()
    by_phone: tuple[Flow, ...] = ((MSISDN,),) if context.texts.works else ()
    flows = (((PASSWORD,),) if signed_in else ()) + by_mail + by_phone
    if not flows:
        raise Forbidden(
            "This server sends no messages, so it cannot reset a password. Ask its administrator."
        )
    return flows


async def _owner(context: Context, user_id: str) -> Owner | None:
    return await context.db.read(lambda tx: credentials.owner(tx, user_id))


async def _proven_owner(context: Context, proven: Proven) -> Owner:
    """Whose account a mailed link was for."""
    sid = proven.proof_sids[0]
    user_id = (await context.db.peek(lambda tx: proofs.proof(tx, sid))).user_id
    owner = await _owner(context, user_id)
    if owner is None or owner.account.deactivated_at is not None:
        raise Forbidden("There is no account whose account password this link could change.")
    return owner


def _check(context: Context, new_password: str, owner: Owner | None) -> None:
    policy.check(
        new_password,
        enabled=context.settings.password_policy,
        user_id=owner.account.user_id if owner else None,
        addresses=owner.addresses if owner else (),
    )


def _choices(context: Context, body: PasswordBody) -> Choices:
    otherwise: Fate = context.settings.on_password_change if body.logout_devices else "keep"
    return choices(body.sessions, otherwise)
