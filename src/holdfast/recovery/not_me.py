"""This wasn't me: whoever gets a notice can lock the account with the link in it.

A mailbox is all that it takes, so nothing that is locked may be lost by it: sessions keep their
keys, and the account is its owner's again with the next reset by mail or by an administrator.
`docs/decisions/0072-this-was-not-me.md` says what it undoes and why.
"""

from dataclasses import dataclass

from holdfast.credentials import rules as credentials
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.notices import rules as notices
from holdfast.notices.rules import Useless
from holdfast.sessions import rules as sessions
from holdfast.sessions.rules import Choices
from holdfast.uia import addresses as proofs


@dataclass(frozen=True)
class Lockable:
    """An account that a link can lock, and how many sessions of it would be locked."""

    user_id: str
    sessions: int


async def look(request: Request, token: str) -> Lockable | Useless:
    """What a link in a notice would do. Nothing is changed.

    Raises:
        LimitExceeded: too many links that do not work were tried from here.
    """
    now = request.context.now
    _check_limit(request)
    found = await request.context.db.read(lambda tx: _look(tx, token, now))
    return _counted(request, found)


async def lock_account(request: Request, token: str) -> Lockable | Useless:
    """Lock the account of a notice; return it, with how many sessions were locked by that.

    In one transaction: all sessions are locked; the account password and the recovery key let
    nobody in; half-finished proofs, reset links and changes of addresses are void; addresses that
    were removed lately are in force again. The link is used up.

    Raises:
        LimitExceeded: too many links that do not work were tried from here.
    """
    now = request.context.now
    _check_limit(request)

    def lock(tx: Tx) -> Lockable | Useless:
        found = _look(tx, token, now)
        if not isinstance(found, Lockable):
            return found
        user_id = found.user_id
        tx.lock(f"user {user_id}")
        if not notices.use_lock_link(tx, token, now):
            return "used"
        outcome = sessions.decide(tx, user_id, None, Choices("lock"), now)
        changed = credentials.lock_out(tx, user_id, now)
        proofs.void_of(tx, user_id, now)
        notices.account_locked(tx, request, user_id, found.sessions)
        facts = {
            "device_ids": outcome.locked,
            "addresses_brought_back": changed.brought_back,
            "addresses_withdrawn": changed.withdrawn,
        }
        journal.note(tx, request, user_id, "locked_by_owner", **facts)
        return found

    return _counted(request, await request.context.db.write(lock))


def _look(tx: Tx, token: str, now: int) -> Lockable | Useless:
    link = notices.lock_link(tx, token, now)
    if isinstance(link, str):
        return link
    account = credentials.account(tx, link.user_id)
    if account is None or account.deactivated_at is not None:
        return "unknown"
    signed_in = [d for d in sessions.devices(tx, link.user_id) if d.locked_at is None]
    return Lockable(link.user_id, len(signed_in))


def _check_limit(request: Request) -> None:
    limit = request.context.settings.uia_limit
    request.context.limits.check("link failed", limit, request.network)


def _counted(request: Request, found: Lockable | Useless) -> Lockable | Useless:
    """Count a link that does not work, as one that was guessed."""
    if not isinstance(found, Lockable):
        limit = request.context.settings.uia_limit
        request.context.limits.take("link failed", limit, request.network)
    return found
