"""Deactivating an account, for good."""

from dataclasses import dataclass

import msgspec

from holdfast.account_data import rules as account_data
from holdfast.config import Settings
from holdfast.credentials import rules as credentials
from holdfast.dehydrated_devices import rules as dehydrated_devices
from holdfast.device_keys import identity
from holdfast.journal import rules as journal
from holdfast.key_backup import rules as key_backup
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.kit.signer import Signer
from holdfast.notices import rules as notices
from holdfast.profile import rules as profile
from holdfast.rooms.leaving import leave_all
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
        by = By(me.device_id, request.address)
        close_account(
            tx, context.settings, context.signer, me.user_id, erase=body.erase, now=now, by=by
        )

    await context.db.write(close)


@dataclass(frozen=True)
class By:
    """The session and the address that close an account; without either it is the operator."""

    device_id: str | None = None
    address: str | None = None


OPERATOR = By()


def close_account(
    tx: Tx,
    settings: Settings,
    signer: Signer,
    user_id: str,
    *,
    erase: bool,
    now: int,
    by: By = OPERATOR,
) -> None:
    """Everything that deactivating brings with it, in the caller's one transaction.

    The journal of an account that is erased goes when nothing else can be undone any more.
    """
    credentials.deactivate(tx, user_id, erase=erase, now=now)
    identity.erase(tx, user_id)
    removed = sessions.remove_all(tx, user_id, now)
    dehydrated_devices.remove(tx, user_id, now)
    proofs.void_of(tx, user_id, now)
    journal.write(
        tx,
        user_id,
        "account_deactivated",
        at=now,
        by_device=by.device_id,
        by_address=by.address,
        forget_at=now + settings.key_backup_undo_lifetime * 1000 if erase else None,
        erase=erase,
        device_ids=removed,
    )
    key_backup.close(tx, user_id, erase=erase, now=now)
    leave_all(tx, signer, user_id, now)
    if erase:
        profile.erase(tx, user_id)
        account_data.erase(tx, user_id)
