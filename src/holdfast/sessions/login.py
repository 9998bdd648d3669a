"""Signing in (Client-Server API, "Login")."""

from collections.abc import Callable
from typing import Literal

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.credentials.rules import Account
from holdfast.credentials.verify import Claim, Identifier, claim_of, find, verified
from holdfast.dehydrated_devices import rules as dehydrated_devices
from holdfast.journal import rules as journal
from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam, MatrixError, MissingParam
from holdfast.kit.http import Request
from holdfast.notices import rules as notices
from holdfast.sessions import sql, tokens
from holdfast.sessions.sql import Device, login_tokens
from holdfast.sessions.tokens import Fresh, Tokens

LOGIN_TOKEN_LIFETIME_MS = 2 * 60_000
NAME_LENGTH = 255
How = Literal["password", "login_token"]


class LoginBody(msgspec.Struct):
    """A request to sign in; `user`, `medium` and `address` are older ways to say who."""

    type: str
    identifier: Identifier | None = None
    user: str | None = None
    medium: str | None = None
    address: str | None = None
    password: str | None = None
    token: str | None = None
    device_id: str | None = None
    initial_device_display_name: str | None = None
    refresh_token: bool = False


class WellKnown(msgspec.Struct):
    """The server's address as clients look it up."""

    base_url: str


class LoggedIn(Tokens, omit_defaults=True):
    """The answer to a successful sign-in or registration."""

    user_id: str = ""
    device_id: str | None = None
    home_server: str = ""
    well_known: dict[str, WellKnown] | None = None


async def login(request: Request, body: LoginBody) -> LoggedIn:
    """Sign in with an account password or a login token.

    Raises:
        Forbidden: the same for a wrong account password and for nobody by that name.
        LimitExceeded: too many tries from here or for this account.
    """
    context = request.context
    context.limits.take("login", context.settings.login_limit, request.network)
    check_device(body.device_id, body.initial_device_display_name)
    if body.type == "m.login.token":
        return await _by_token(request, body)
    if body.type == "m.login.password":
        return await _by_password(request, body)
    raise MatrixError(400, "M_UNKNOWN", "This server offers m.login.password and m.login.token.")


def check_device(device_id: str | None, display_name: str | None) -> None:
    """Refuse device IDs and names that would break something somewhere.

    Raises:
        InvalidParam: empty, too long, or not printable.
    """
    if device_id is not None and not (
        0 < len(device_id) <= NAME_LENGTH and device_id.isprintable()
    ):
        raise InvalidParam("A device_id has 1 to 255 printable characters.")
    if display_name is not None and len(display_name) > NAME_LENGTH:
        raise InvalidParam("A session's name has at most 255 characters.")


def _claim(body: LoginBody, server_name: str) -> Claim:
    if body.identifier is not None:
        return claim_of(body.identifier, server_name)
    if body.user is not None:
        return claim_of(Identifier("m.id.user", user=body.user), server_name)
    if body.medium is not None:
        old = Identifier("m.id.thirdparty", medium=body.medium, address=body.address)
        return claim_of(old, server_name)
    raise MissingParam("identifier")


async def _by_password(request: Request, body: LoginBody) -> LoggedIn:
    context, settings = request.context, request.context.settings
    if body.password is None:
        raise MissingParam("password")
    claim = _claim(body, settings.server_name)
    who = (f"{claim.medium} {claim.value}", request.network)
    context.limits.take("login", settings.login_limit, who[0])
    context.limits.check("login failed", settings.failed_login_limit, *who)
    found = await context.db.peek(lambda tx: find(tx, claim))
    account = await verified(context, found, body.password)
    if account is None:
        context.limits.take("login failed", settings.failed_login_limit, *who)
        raise Forbidden(
            "That account password or name is not right. Check both, or set a new account password."
        )
    if account.deactivated_at is not None:
        raise Forbidden("This account was deactivated and cannot be used.", "M_USER_DEACTIVATED")
    if account.locked_at is not None:
        raise credentials.user_locked()
    return await sign_in(request, body, lambda tx: _unchanged(tx, account), "password")


def _unchanged(tx: Tx, account: Account) -> str:
    """The user ID, if what was verified before the transaction still holds in it.

    Locked first: a change of the account password comes before this look, or after the session is
    open and then locks it with the others.
    """
    tx.lock(f"user {account.user_id}")
    now = credentials.account(tx, account.user_id)
    if now is None or now.password_hash != account.password_hash or now.deactivated_at is not None:
        raise Forbidden("The account password was changed at this very moment. Sign in again.")
    return account.user_id


async def _by_token(request: Request, body: LoginBody) -> LoggedIn:
    token = body.token
    if token is None:
        raise MissingParam("token")
    now = request.context.now

    def take(tx: Tx) -> str:
        digest = ids.digest(token)
        user_id = login_tokens.owner(tx, digest)
        tx.lock(f"user {user_id}")
        if user_id is None or not login_tokens.use(tx, digest, now):
            raise Forbidden("That login token is not valid (any more). Ask for a new one.")
        return user_id

    return await sign_in(request, body, take, "login_token")


async def sign_in(
    request: Request, body: LoginBody, who: Callable[[Tx], str], how: How
) -> LoggedIn:
    """Open a session for whom `who` names inside the transaction, and tell its owner by mail.

    `who` has locked the user, so that nothing changes between its look and the open session. `how`
    they showed who they are is for the journal.

    With a `device_id` that exists it is that same session again: unlocked, its keys and its queue
    in place, its old tokens dead for good.
    """
    context = request.context
    new = tokens.fresh(context, refreshable=body.refresh_token)
    device_id = body.device_id or ids.device_id(context.random)

    def open_it(tx: Tx) -> str:
        user_id = who(tx)
        device = seen_now(request, user_id, device_id, body.initial_device_display_name)
        known = sql.device(tx, user_id, device_id) is not None
        if body.device_id is not None and not known:
            _check_free(tx, user_id, body.device_id)
        tokens.open_session(tx, device, new, again=known)
        facts = {"device_id": device_id, "again": known, "how": how}
        journal.note(tx, request, user_id, "session_opened", **facts)
        if not known:
            notices.new_session(tx, request, user_id, device.display_name or "")
        return user_id

    return answer(context, await context.db.write(open_it), device_id, new)


def _check_free(tx: Tx, user_id: str, device_id: str) -> None:
    """Refuse a new session with the name of the device that waits beside the sessions.

    It would get, and acknowledge, what was sent to that one, and could not read any of it.
    """
    if dehydrated_devices.is_dehydrated(tx, user_id, device_id):
        raise InvalidParam(
            "That device_id is the one of the account's dehydrated device, which no session can"
            " have. Sign in without a device_id."
        )


def seen_now(request: Request, user_id: str, device_id: str, name: str | None) -> Device:
    """A session as this request shows it."""
    now = request.context.now
    return Device(
        user_id, device_id, name, now, now, request.address, request.user_agent, locked_at=None
    )


def answer(context: Context, user_id: str, device_id: str, new: Fresh) -> LoggedIn:
    """What the client of a new session gets."""
    return LoggedIn(
        new.access_token,
        new.refresh_token,
        new.lifetime_ms,
        user_id=user_id,
        device_id=device_id,
        home_server=context.settings.server_name,
        well_known={"m.homeserver": WellKnown(context.settings.public_url)},
    )


async def login_token(context: Context, user_id: str) -> str:
    """A token with which `user_id` can sign in once, within two minutes, on another client."""
    token = ids.secret(context.random, "hfl_")
    expires_at = context.now + LOGIN_TOKEN_LIFETIME_MS
    await context.db.write(
        lambda tx: login_tokens.insert(tx, ids.digest(token), user_id, expires_at)
    )
    return token
