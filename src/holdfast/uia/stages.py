"""The stages: each looks at what a client sent and says what it proves."""

from holdfast.credentials.verify import Identifier, claim_of, find, matches
from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.errors import Forbidden, InvalidParam, MatrixError, MissingParam
from holdfast.kit.http import Request
from holdfast.uia import addresses, registration_tokens
from holdfast.uia.addresses import Purpose
from holdfast.uia.shapes import DUMMY, EMAIL, MSISDN, PASSWORD, REGISTRATION_TOKEN, AuthData
from holdfast.uia.waiting import PURPOSES

_WAITING = {
    "email": "The link in the mail has not been followed yet, or it is too old or used up.",
    "msisdn": "The code in the text message has not been entered yet, or it is too old or used up.",
}


async def proves(request: Request, auth: AuthData, operation: str, user_id: str | None) -> str:
    """What the stage `auth.type` proves: a proof's sid, a token's digest, or just "yes".

    `user_id` is the signed-in user and `operation` what they want to do (`waiting.PURPOSES`);
    `request` is where the proof comes from, and failures are counted against its session.

    Raises:
        MatrixError: it proves nothing; shown with the flows, so that the user can try again.
    """
    if auth.type == DUMMY:
        return "yes"
    context = request.context
    if auth.type == PASSWORD:
        return await _password(request, auth, user_id)
    if auth.type in (EMAIL, MSISDN):
        medium = "email" if auth.type == EMAIL else "msisdn"
        return await _address(context, auth, user_id, medium, PURPOSES.get(operation))
    if auth.type == REGISTRATION_TOKEN:
        return await _registration_token(context, auth)
    raise InvalidParam("That is not one of the stages asked for.")


def guesser(request: Request, user_id: str) -> str:
    """Whose guesses at `user_id`'s secrets are counted together: those of one session.

    Not all of the account's: a thief with one of its sessions could otherwise keep the others from
    changing the account password.
    """
    me = request.requester_or_none
    return f"{user_id} {me.device_id}" if me else f"{user_id} on a page"


async def _password(request: Request, auth: AuthData, user_id: str | None) -> str:
    if auth.password is None:
        raise MissingParam("password")
    if user_id is None:
        raise Forbidden("Sign in to prove who you are with the account password.")
    context, guesses = request.context, guesser(request, user_id)
    who = auth.identifier or Identifier("m.id.user", user=auth.user or user_id)
    claim = claim_of(who, context.settings.server_name)
    limits, limit = context.limits, context.settings.failed_login_limit
    limits.check("uia failed", limit, guesses)
    account = await context.db.peek(lambda tx: find(tx, claim))
    own = account if account is not None and account.user_id == user_id else None
    # The hash is not improved here: the request this is for may be about to replace it.
    if not await matches(context, own, auth.password):
        limits.take("uia failed", limit, guesses)
        raise Forbidden("The account password is not right. Try again.")
    return "yes"


async def _address(
    context: Context,
    auth: AuthData,
    user_id: str | None,
    medium: str,
    purpose: Purpose | None,
) -> str:
    creds = auth.creds
    if creds is None:
        raise MissingParam("threepid_creds")
    now = context.now
    proof = await context.db.peek(
        lambda tx: addresses.validated(tx, creds.sid, creds.client_secret, purpose, now)
    )
    if proof is None or proof.medium != medium or (user_id and proof.user_id != user_id):
        raise MatrixError(401, "M_UNAUTHORIZED", _WAITING[medium])
    return proof.sid


async def _registration_token(context: Context, auth: AuthData) -> str:
    token = auth.token
    if token is None:
        raise MissingParam("token")
    now = context.now
    if not await context.db.peek(lambda tx: registration_tokens.usable(tx, token, now)):
        raise MatrixError(
            401, "M_FORBIDDEN", "That registration token is not valid here (any more)."
        )
    return ids.digest(token).hex()
