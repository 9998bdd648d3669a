"""Deactivating an account, for good."""

import msgspec

from holdfast.account_data import rules as account_data
from holdfast.credentials import rules as credentials
from holdfast.key_backup import rules as key_backup
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.notices import rules as notices
from holdfast.profile import rules as profile
from holdfast.sessions import rules as sessions
from holdfast.uia import addresses as proofs
from holdfast.uia.prove import consume, prove
from holdfast.uia.shapes import PASSWORD


class DeactivateBody(msgspec.Struct):
    """With `erase`, what the user left behind is removed as far as possible.

    The specification has the profile's fields and the account data go with `erase` only. Without
    it they stay: others still see a name beside old messages, and the account data holds the
    secret storage, which an administrator who brings an account back wants to find. The key backup
    ends either way; only without `erase` it can be brought back for a while.
    """

    erase: bool = False


async def deactivate(request: Request) -> None:
    """Close the account: no session, address or way to sign in remains.

    Raises:
        UiaRequired: 401 with the flows.
    """
    context, me = request.context, request.requester
    proven = await prove(request, ((PASSWORD,),))
    body = decode(proven.body, DeactivateBody)
    now = context.now

    def close(tx: Tx) -> None:
        tx.lock(f"user {me.user_id}")
        consume(tx, proven, now)
        notices.account_deactivated(tx, request, me.user_id)
        close_account(tx, me.user_id, erase=body.erase, now=now)

    await context.db.write(close)


def close_account(tx: Tx, user_id: str, *, erase: bool, now: int) -> None:
    """Everything that deactivating brings with it, in the caller's one transaction."""
    credentials.deactivate(tx, user_id, erase=erase, now=now)
    sessions.remove_all(tx, user_id, now)
    proofs.void_of(tx, user_id, now)
    key_backup.close(tx, user_id, erase=erase, now=now)
    if erase:
        profile.erase(tx, user_id)
        account_data.erase(tx, user_id)
