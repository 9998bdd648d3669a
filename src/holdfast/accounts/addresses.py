"""The e-mail addresses and phone numbers of an account.

Whoever has an address of an account can reset its account password, so adding and removing one
needs proof of who is asking, on the deprecated forms of the endpoints too: a stolen access token
alone must not be enough to take an account over.
"""

from typing import Any

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import canonical_address
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.notices import rules as notices
from holdfast.uia import addresses as proofs
from holdfast.uia.prove import consume, prove
from holdfast.uia.shapes import PASSWORD, ThreepidCreds


class OldAddBody(msgspec.Struct):
    """The deprecated way to add an address; `threePidCreds` is older still."""

    three_pid_creds: ThreepidCreds | None = None
    oldest: ThreepidCreds | None = msgspec.field(name="threePidCreds", default=None)


class RemoveBody(msgspec.Struct):
    """An address to remove."""

    medium: str
    address: str


async def addresses(request: Request) -> list[dict[str, Any]]:
    """The account's addresses as the API tells them."""
    user_id = request.requester.user_id
    found = await request.context.db.read(lambda tx: credentials.addresses(tx, user_id))
    return [msgspec.to_builtins(address) for address in found]


async def add(request: Request, *, deprecated: bool) -> None:
    """Add an address that a followed link has proven.

    Raises:
        UiaRequired: 401 with the flows.
        MatrixError: `M_THREEPID_AUTH_FAILED` when the link was not followed, `M_THREEPID_IN_USE`
            when the address belongs to another account.
    """
    context, me = request.context, request.requester
    proven = await prove(request, ((PASSWORD,),))
    creds = _creds(proven.body, deprecated=deprecated)
    now = context.now

    def add_it(tx: Tx) -> None:
        tx.lock(f"user {me.user_id}")
        consume(tx, proven, now)
        proof = proofs.validated(tx, creds.sid, creds.client_secret, "add", now)
        if proof is None or proof.user_id not in ("", me.user_id):
            raise MatrixError(
                400,
                "M_THREEPID_AUTH_FAILED",
                "Follow the link in the mail first, then try again. It may also have expired.",
            )
        proofs.use(tx, proof.sid, now)
        new = credentials.add_address(
            tx,
            me.user_id,
            proof.medium,
            proof.address,
            validated_at=proof.validated_at or now,
            now=now,
        )
        if new:
            notices.address_added(tx, request, me.user_id, proof.medium, proof.address)
            which = {"medium": proof.medium, "address": proof.address}
            journal.note(tx, request, me.user_id, "address_added", **which)

    await context.db.write(add_it)


def _creds(body: bytes, *, deprecated: bool) -> ThreepidCreds:
    if not deprecated:
        return decode(body, ThreepidCreds)
    old = decode(body, OldAddBody)
    creds = old.three_pid_creds or old.oldest
    if creds is None:
        raise MatrixError(400, "M_MISSING_PARAM", "The parameter 'three_pid_creds' is missing.")
    return creds


async def remove(request: Request) -> None:
    """Remove an address; links sent to it no longer work for this account.

    Raises:
        UiaRequired: 401 with the flows.
    """
    context, me = request.context, request.requester
    proven = await prove(request, ((PASSWORD,),))
    body = decode(proven.body, RemoveBody)
    address = canonical_address(body.medium, body.address)
    now = context.now

    def remove_it(tx: Tx) -> None:
        tx.lock(f"user {me.user_id}")
        consume(tx, proven, now)
        if credentials.remove_address(tx, me.user_id, body.medium, address, now):
            proofs.void_of_address(tx, me.user_id, body.medium, address, now)
            notices.address_removed(tx, request, me.user_id, body.medium, address)
            which = {"medium": body.medium, "address": address}
            journal.note(tx, request, me.user_id, "address_removed", **which)

    await context.db.write(remove_it)
