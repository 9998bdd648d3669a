"""Is this the right account password? The same answer, in the same time, for who does not exist."""

from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from holdfast.credentials import rules
from holdfast.credentials.identifiers import canonical_address, canonical_phone, user_id_from
from holdfast.credentials.rules import Account
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, MissingParam


class Identifier(msgspec.Struct):
    """How somebody says who they are (Client-Server API, "Identifier types")."""

    type: str
    user: str | None = None
    medium: str | None = None
    address: str | None = None
    country: str | None = None
    phone: str | None = None
    number: str | None = None  # what `phone` was called in old clients


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are: a user ID or an address, in canonical form."""

    medium: Literal["user", "email", "msisdn"]
    value: str


def claim_of(identifier: Identifier, server_name: str) -> Claim:
    """The canonical form of an identifier.

    Raises:
        InvalidParam, MissingParam: it is of no known type, malformed or incomplete.
    """
    if identifier.type == "m.id.user":
        user_id = user_id_from(_need("user", identifier.user), server_name)
        return Claim("user", user_id or "")
    if identifier.type == "m.id.thirdparty":
        medium = _need("medium", identifier.medium)
        address = canonical_address(medium, _need("address", identifier.address))
        return Claim("email" if medium == "email" else "msisdn", address)
    if identifier.type == "m.id.phone":
        number = _need("phone", identifier.phone or identifier.number)
        return Claim("msisdn", canonical_phone(identifier.country, number))
    raise InvalidParam("The identifier's type must be m.id.user, m.id.thirdparty or m.id.phone.")


def _need(name: str, value: str | None) -> str:
    if value is None:
        raise MissingParam(name)
    return value


def find(tx: Tx, claim: Claim) -> Account | None:
    """The account somebody claims."""
    if claim.medium == "user":
        return rules.account(tx, claim.value)
    return rules.account_at(tx, claim.medium, claim.value)


async def matches(context: Context, account: Account | None, password: str) -> bool:
    """Whether `password` is the account's password; takes the same time where there is no account.

    Raises:
        LimitExceeded: too many hashes are waiting.
    """
    return await context.hasher.verify(account.password_hash if account else None, password)


async def verified(context: Context, account: Account | None, password: str) -> Account | None:
    """`account` if `password` is its account password; None otherwise, and after the same time.

    A hash made with weaker parameters than those set now is replaced while the password is at
    hand. The caller looks at `deactivated_at`: only who knows the password may learn of it.

    Raises:
        LimitExceeded: too many hashes are waiting.
    """
    if not await matches(context, account, password) or account is None:
        return None
    stored = account.password_hash or ""
    if account.deactivated_at is None and context.hasher.outdated(stored):
        better = await context.hasher.hash(password)
        await context.db.write(
            lambda tx: rules.improve_hash(tx, account.user_id, better, old=stored)
        )
        return replace(account, password_hash=better)
    return account
