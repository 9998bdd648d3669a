"""Access and refresh tokens: making them, recognising them, replacing them."""

from dataclasses import dataclass

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.device_keys import listing
from holdfast.journal import rules as journal
from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError, UnknownToken
from holdfast.kit.http import Request, Requester
from holdfast.sessions import rules, sql
from holdfast.sessions.last_seen import LastSeen
from holdfast.sessions.sql import AccessToken, Device, RefreshToken

KEPT_GENERATIONS = 100
KEPT_SIGN_INS = 10
_SIGNED_OUT = "This session was signed out. Sign in again."
_SIGN_IN_AGAIN = (
    "This session was locked. Sign in again to continue: it stays the same session, and its keys"
    " are still there."
)
_PAUSED = (
    "This session is paused. Its keys are still there. Let it in again in the account portal, under"
    " Settings, Sessions."
)
_REPLACED = (
    "This session was signed in to again since, and these tokens were replaced. Sign in again to"
    " continue: it stays the same session, and its keys are still there."
)


class Tokens(msgspec.Struct, omit_defaults=True):
    """What a client gets when it signs in or refreshes. `expires_in_ms` is in milliseconds."""

    access_token: str
    refresh_token: str | None = None
    expires_in_ms: int | None = None


@dataclass(frozen=True)
class Fresh:
    """New secrets, made before the transaction that stores their digests."""

    access_token: str
    refresh_token: str | None
    lifetime_ms: int | None

    def tokens(self) -> Tokens:
        """The same as the client sees it."""
        return Tokens(self.access_token, self.refresh_token, self.lifetime_ms)


def fresh(context: Context, *, refreshable: bool) -> Fresh:
    """New tokens; only clients that can refresh get an access token that expires."""
    access = ids.secret(context.random, "hfa_")
    if not refreshable:
        return Fresh(access, None, None)
    lifetime = context.settings.access_token_lifetime * 1000
    return Fresh(access, ids.secret(context.random, "hfr_"), lifetime)


def open_session(tx: Tx, device: Device, tokens: Fresh, *, again: bool) -> None:
    """Sign a session in: a new one, or `again` one that exists, whose old tokens are dead for good.

    The dead ones of the last few sign-ins are remembered: another tab or a restored backup of the
    same client may hold one, and must not be told that its session, and its keys with it, is gone.
    """
    if again:
        sql.replace_tokens(tx, device.user_id, device.device_id, KEPT_SIGN_INS)
    sql.put_device(tx, device)
    listing.list_device(tx, device.user_id, device.device_id, device.display_name)
    _store(tx, device.user_id, device.device_id, tokens, 0, device.created_at)
    tx.wake(device.user_id)


def _store(tx: Tx, user_id: str, device_id: str, tokens: Fresh, generation: int, now: int) -> None:
    sql.insert_access_token(
        tx,
        digest=ids.digest(tokens.access_token),
        user_id=user_id,
        device_id=device_id,
        generation=generation,
        used=generation == 0,
        expires_at=None if tokens.lifetime_ms is None else now + tokens.lifetime_ms,
        created_at=now,
        restricted=credentials.restriction(credentials.account(tx, user_id)),
    )
    if tokens.refresh_token is not None:
        sql.insert_refresh_token(
            tx,
            digest=ids.digest(tokens.refresh_token),
            user_id=user_id,
            device_id=device_id,
            generation=generation,
            created_at=now,
        )


class Authenticator:
    """Finds the session behind an access token: one look-up by key for each request."""

    def __init__(self, context: Context, last_seen: LastSeen) -> None:
        self._context = context
        self._last_seen = last_seen

    async def __call__(self, request: Request, token: str) -> Requester:
        """The session that asks.

        Raises:
            UnknownToken: with `soft_logout` true when it is locked, or its token was replaced or
                has expired.
        """
        context = self._context
        digest = ids.digest(token)
        known = valid(await context.db.peek(lambda tx: sql.access_token(tx, digest)), context.now)
        if not known.used:
            await self._first_use(known)
        self._last_seen.note(known, request)
        suspended = known.restricted == "suspended"
        return Requester(known.user_id, known.device_id, known.expires_at, suspended)

    async def _first_use(self, known: AccessToken) -> None:
        await self._context.db.write(
            lambda tx: sql.note_use(tx, known.user_id, known.device_id, known.generation)
        )


def valid(known: AccessToken | None, now: int) -> AccessToken:
    """What is known of an access token, if it lets anybody in.

    Raises:
        UnknownToken: with `soft_logout` true when its session is locked, or it was replaced or has
            expired.
        MatrixError: `M_USER_LOCKED`: its session is paused, or an administrator has locked the
            account.
    """
    if known is None:
        raise UnknownToken(_SIGNED_OUT, soft_logout=False)
    if known.replaced:
        raise UnknownToken(_REPLACED, soft_logout=True)
    if known.locked_at is not None:
        raise _locked(paused=known.paused)
    if known.restricted == "locked":
        raise credentials.user_locked()
    if known.expires_at is not None and known.expires_at <= now:
        raise UnknownToken("The access token has expired. Refresh it.", soft_logout=True)
    return known


def _locked(*, paused: int) -> MatrixError:
    """What a locked session is told: to sign in again, or that its owner has to let it in.

    Clients that ignore `soft_logout` keep their keys when they hear that the account is locked
    (Client-Server API, "Account locking"), and ask again from time to time.
    """
    if paused:
        return MatrixError(401, "M_USER_LOCKED", _PAUSED, soft_logout=True)
    return UnknownToken(_SIGN_IN_AGAIN, soft_logout=True)


def still_signed_in(tx: Tx, access_token: str, now: int) -> None:
    """Look again at the access token of a request that has slept.

    Raises:
        UnknownToken: its session was locked or removed meanwhile, or it has expired.
    """
    valid(sql.access_token(tx, ids.digest(access_token)), now)


async def refresh(request: Request, refresh_token: str) -> Tokens:
    """Replace a session's tokens (spec, `POST /refresh`).

    The old pair works until the new one is first used, so an answer that is lost on its way costs
    nothing: the client asks again with the same refresh token. Once the new pair was used, whoever
    comes with an older refresh token is not the client, or the client is not alone: the session is
    locked.

    Raises:
        UnknownToken: the refresh token is not valid (any more).
    """
    context = request.context
    new = fresh(context, refreshable=True)
    error = await context.db.write(lambda tx: _refresh(tx, request, refresh_token, new))
    if error is not None:
        raise error
    return new.tokens()


def _refresh(tx: Tx, request: Request, refresh_token: str, new: Fresh) -> MatrixError | None:
    now = request.context.now
    digest = ids.digest(refresh_token)
    known = sql.refresh_token(tx, digest)
    if known is None:
        return UnknownToken(_SIGNED_OUT, soft_logout=False)
    tx.lock(f"user {known.user_id}")
    known = sql.refresh_token(tx, digest)
    if known is None:
        return UnknownToken(_SIGNED_OUT, soft_logout=False)
    if known.replaced:  # no sign of theft: its owner has signed in since, so it locks nothing
        return UnknownToken(_REPLACED, soft_logout=True)
    if known.locked_at is not None:
        return _locked(paused=known.paused)
    if known.generation < known.used_generation:
        locked = rules.lock(tx, known.user_id, [known.device_id], now, tokens_stolen=True)
        facts = {"device_ids": locked, "why": "refresh_token_reused"}
        journal.note(tx, request, known.user_id, "sessions_locked", **facts)
        return UnknownToken(
            "That refresh token was used before, so this session was locked. " + _SIGN_IN_AGAIN,
            soft_logout=True,
        )
    _replace(tx, known, new, now)
    return None


def _replace(tx: Tx, known: RefreshToken, new: Fresh, now: int) -> None:
    user_id, device_id, generation = known.user_id, known.device_id, known.generation
    sql.replace_unused_pair(tx, user_id, device_id, generation + 1)
    sql.note_use(tx, user_id, device_id, generation)
    sql.delete_old_tokens(tx, user_id, device_id, generation - KEPT_GENERATIONS)
    _store(tx, user_id, device_id, new, generation + 1, now)
