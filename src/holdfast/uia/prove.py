"""The conversation: asked for proof, given it, stage by stage, until it is enough.

A request may carry everything at once, without a first refusal: that is how clients change the
account password (Client-Server API, "User-Interactive Authentication API").
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import LimitExceeded, MatrixError
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.uia import addresses, sql, waiting
from holdfast.uia.shapes import (
    EMAIL,
    MSISDN,
    PASSWORD,
    REGISTRATION_TOKEN,
    AuthData,
    Envelope,
    Flow,
    UiaRequired,
)
from holdfast.uia.stages import guesser, proves
from holdfast.uia.waiting import UiaSession

_GUESSED = (PASSWORD, REGISTRATION_TOKEN)


@dataclass(frozen=True)
class Proven:
    """Enough has been proven. `body` is the request's, whichever round it came in."""

    body: bytes
    completed: dict[str, str]
    session_digest: bytes | None

    @property
    def proof_sids(self) -> list[str]:
        """The proofs of addresses this rests on."""
        return [self.completed[s] for s in (EMAIL, MSISDN) if s in self.completed]


@dataclass
class _Round:
    """One request of the conversation."""

    session: str
    known: UiaSession | None
    body: bytes
    completed: dict[str, str]


async def prove(request: Request, flows: tuple[Flow, ...]) -> Proven:
    """Return once one of `flows` is complete; otherwise ask for what is missing.

    The session is bound to the method, the path and the signed-in user. The caller calls
    `consume` in its transaction.

    Raises:
        UiaRequired: 401 with the flows, the session and the stages completed so far.
        MatrixError: the body is malformed, or the session belongs to another request.
    """
    context = request.context
    auth = decode(request.body, Envelope).auth
    requester = request.requester_or_none
    user_id = requester.user_id if requester else None
    this = await _round(request, auth.session if auth else None, user_id)
    refusal: MatrixError | None = None
    if auth is not None and auth.type is not None:
        refusal = await _try_stage(request, this, auth, flows, user_id)
    if any(all(stage in this.completed for stage in flow) for flow in flows):
        return Proven(this.body, this.completed, ids.digest(this.session) if this.known else None)
    await _remember(context, this, _operation(request), user_id)
    raise UiaRequired(flows, this.session, list(this.completed), refusal)


async def _try_stage(
    request: Request,
    this: _Round,
    auth: AuthData,
    flows: tuple[Flow, ...],
    user_id: str | None,
) -> MatrixError | None:
    """Add what the stage proves to the round, or say why it proves nothing."""
    stage = auth.type or ""
    if not any(stage in flow for flow in flows):
        return MatrixError(401, "M_UNRECOGNIZED", "That stage is not offered for this request.")
    take_limit(request, stage, user_id)
    try:
        this.completed[stage] = await proves(request, auth, _operation(request), user_id)
    except LimitExceeded:
        raise
    except MatrixError as refusal:
        return refusal
    return None


def take_limit(request: Request, stage: str, user_id: str | None) -> None:
    """Count one try at a stage whose answer could be guessed.

    Clients ask every two seconds whether a mailed link has been followed. That is no guessing, and
    refusing it would break them.

    Raises:
        LimitExceeded: too many tries, from this address or with this session.
    """
    if stage in _GUESSED:
        context = request.context
        who = [request.network, *([guesser(request, user_id)] if user_id else [])]
        context.limits.take("uia", context.settings.uia_limit, *who)


async def _round(request: Request, session: str | None, user_id: str | None) -> _Round:
    """Take up the conversation `session`, or begin one."""
    context = request.context
    if session:
        known = await waiting.find(context, session)
        if known is not None:
            if known.operation != _operation(request) or known.user_id != (user_id or ""):
                raise MatrixError(
                    403,
                    "M_FORBIDDEN",
                    "That authentication session was opened for another request.",
                )
            first, stages = waiting.first_body(session, known), waiting.completed(known)
            if user_id and stages:
                _refuse_another_body(first, request.body)
            return _Round(session, known, _merged(first, request.body), stages)
    return _Round(ids.secret(context.random), None, request.body, {})


def _refuse_another_body(first: bytes, sent: bytes) -> None:
    """Whoever has somebody prove who they are for one thing must not get another.

    Before anything is proven, and while somebody registers, clients may still fill in fields.
    """
    asked = decode(first, dict[str, Any])
    changed = {k: v for k, v in decode(sent, dict[str, Any]).items() if k != "auth"}
    if any(name not in asked or asked[name] != value for name, value in changed.items()):
        raise MatrixError(
            403, "M_FORBIDDEN", "You proved who you are for another request than this. Start again."
        )


def _merged(stored: bytes, sent: bytes) -> bytes:
    """The body of this round over that of the first: what is left out now still counts."""
    first = decode(stored, dict[str, msgspec.Raw])
    return msgspec.json.encode({**first, **decode(sent, dict[str, msgspec.Raw])})


def _operation(request: Request) -> str:
    """What a session is opened for: the method and the path behind the version prefix."""
    return f"{request.method} {request.path.split('/', 4)[-1]}"


async def _remember(context: Context, this: _Round, operation: str, user_id: str | None) -> None:
    if this.known is not None:
        await waiting.add_stages(context, this.session, this.completed)
        return
    await waiting.begin(
        context,
        this.session,
        operation=operation,
        user_id=user_id or "",
        body=_without_auth(this.body),
        stages=this.completed,
    )


def _without_auth(body: bytes) -> bytes:
    fields = decode(body, dict[str, msgspec.Raw])
    fields.pop("auth", None)
    return msgspec.json.encode(fields)


def consume(tx: Tx, proven: Proven, now: int) -> None:
    """Use up what was proven, in the transaction of what it was needed for.

    Raises:
        MatrixError: another request has used one of the proofs meanwhile.
    """
    if proven.session_digest is not None and not sql.delete_session(tx, proven.session_digest):
        raise MatrixError(401, "M_FORBIDDEN", "That authentication session has just been used.")
    for sid in proven.proof_sids:
        addresses.use(tx, sid, now)
    token = proven.completed.get(REGISTRATION_TOKEN)
    if token is not None and not sql.use_registration_token(tx, bytes.fromhex(token), now):
        raise MatrixError(403, "M_FORBIDDEN", "That registration token has just been used up.")
