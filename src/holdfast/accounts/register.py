"""Creating an account (Client-Server API, "Account registration and management")."""

from collections.abc import Sequence
from typing import Any

import msgspec

from holdfast.credentials import policy
from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import new_user_id
from holdfast.journal import rules as journal
from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, MatrixError, MissingParam
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.profile import rules as profile
from holdfast.sessions import tokens
from holdfast.sessions.login import LoggedIn, answer, check_device, seen_now
from holdfast.uia import addresses as proofs
from holdfast.uia.addresses import AddressProof
from holdfast.uia.prove import Proven, consume, prove
from holdfast.uia.shapes import DUMMY, EMAIL, MSISDN, REGISTRATION_TOKEN, Flow

GENERATED_NAME_LETTERS = 12


class RegisterBody(msgspec.Struct):
    """An account to create. All of it may come in a later round than the first."""

    username: str | None = None
    password: str | None = None
    device_id: str | None = None
    initial_device_display_name: str | None = None
    inhibit_login: bool = False
    refresh_token: bool = False


def flows(context: Context) -> tuple[Flow, ...]:
    """What has to be proven: nothing, or a registration token; addresses, where they can be.

    The token never closes a flow: it is the first stage of each, and after it the client still
    has to say whether it wants to add an address. matrix-nio expects the dummy stage there.
    For the same reason there is none with both kinds of address: the first would close it.
    """
    if context.settings.effective_registration == "closed":
        raise Forbidden("Accounts on this server are made by its administrator. Ask them for one.")
    by_token = context.settings.effective_registration == "token"
    first: Flow = (REGISTRATION_TOKEN,) if by_token else ()
    offered: list[Flow] = [(*first, DUMMY)]
    if context.mailer.works:
        offered.append((*first, EMAIL))
    if context.texts.works:
        offered.append((*first, MSISDN))
    return tuple(offered)


async def register(request: Request) -> LoggedIn | dict[str, Any]:
    """Create an account and, unless `inhibit_login`, sign in to it.

    What can be wrong with the name and the account password is said before anything is asked for.

    Raises:
        UiaRequired: 401 with the flows.
        MatrixError: `M_INVALID_USERNAME`, `M_USER_IN_USE`, `M_WEAK_PASSWORD` and the like.
    """
    context = request.context
    if request.query("kind") not in (None, "user"):
        raise MatrixError(
            403, "M_GUEST_ACCESS_FORBIDDEN", "This server has no guests. Create an account."
        )
    offered = flows(context)
    await _check(request, request.json(RegisterBody))
    proven = await prove(request, offered)
    body = decode(proven.body, RegisterBody)
    proven_addresses = await _proofs(context, proven.proof_sids)
    user_id = await _check(request, body, [proof.address for proof in proven_addresses])
    if body.password is None:
        raise MissingParam("password")
    context.limits.take("register", context.settings.register_limit, request.network)
    password_hash = await context.hasher.hash(body.password)
    return await _create(request, body, proven, proven_addresses, user_id, password_hash)


async def _proofs(context: Context, sids: list[str]) -> list[AddressProof]:
    """The proofs behind `sids`: what they prove never changes, and `consume` sees that it holds."""
    if not sids:
        return []
    return await context.db.read(lambda tx: [proofs.proof(tx, sid) for sid in sids])


async def _check(request: Request, body: RegisterBody, addresses: Sequence[str] = ()) -> str:
    """Refuse what cannot be registered with `addresses`; return the user ID it would have."""
    context = request.context
    name = _any_name(context) if body.username is None else body.username
    user_id = new_user_id(name, context.settings.server_name)
    check_device(body.device_id, body.initial_device_display_name)
    if await context.db.peek(lambda tx: credentials.account(tx, user_id)) is not None:
        raise credentials.user_in_use()
    if body.password is not None:
        policy.check(
            body.password,
            enabled=context.settings.password_policy,
            user_id=user_id,
            addresses=addresses,
        )
    return user_id


def _any_name(context: Context) -> str:
    """A name for somebody who chose none, as the specification asks."""
    letters = context.random.bytes(GENERATED_NAME_LETTERS)
    return bytes(b"abcdefghijklmnopqrstuvwxyz234567"[b % 32] for b in letters).decode()


async def _create(
    request: Request,
    body: RegisterBody,
    proven: Proven,
    addresses: list[AddressProof],
    user_id: str,
    password_hash: str,
) -> LoggedIn | dict[str, Any]:
    context, now = request.context, request.context.now
    new = tokens.fresh(context, refreshable=body.refresh_token)
    device_id = body.device_id or ids.device_id(context.random)
    device = seen_now(request, user_id, device_id, body.initial_device_display_name)

    def create(tx: Tx) -> None:
        consume(tx, proven, now)
        credentials.create(tx, user_id, password_hash, request.language, now)
        profile.begin(tx, user_id)
        for proof in addresses:
            credentials.add_address(
                tx, user_id, proof.medium, proof.address, validated_at=now, now=now
            )
        if not body.inhibit_login:
            tokens.open_session(tx, device, new, again=False)
        known = [{"medium": proof.medium, "address": proof.address} for proof in addresses]
        facts = {"device_id": None if body.inhibit_login else device_id, "addresses": known}
        journal.note(tx, request, user_id, "account_created", **facts)

    await context.db.write(create)
    if body.inhibit_login:
        return {"user_id": user_id, "home_server": context.settings.server_name}
    return answer(context, user_id, device_id, new)


async def available(request: Request) -> bool:
    """Whether a user name is free.

    Raises:
        MatrixError: `M_USER_IN_USE` or `M_INVALID_USERNAME`.
    """
    context = request.context
    context.limits.take("available", context.settings.uia_limit, request.network)
    await _check(request, RegisterBody(username=request.need_query("username")))
    return True
