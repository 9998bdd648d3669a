"""Deactivating an account, for good."""

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.notices import rules as notices
from holdfast.sessions import rules as sessions
from holdfast.uia import addresses as proofs
from holdfast.uia.prove import consume, prove
from holdfast.uia.shapes import PASSWORD


class DeactivateBody(msgspec.Struct):
    """With `erase`, what the user left behind is hidden as far as possible."""

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
        credentials.deactivate(tx, me.user_id, erase=body.erase, now=now)
        sessions.remove_all(tx, me.user_id)
        proofs.void_of(tx, me.user_id, now)

    await context.db.write(close)
