"""The portal's way to reset a forgotten account password."""

from typing import Any

import msgspec

from holdfast.kit.http import Auth, Request, extra
from holdfast.recovery import by_key, rules
from holdfast.recovery.by_key import ResetBody
from holdfast.recovery.new_password import shown
from holdfast.sessions.rules import Fate
from holdfast.sessions.shapes import state_of


class RequestBody(msgspec.Struct):
    """Where to send the link."""

    email: str


class OpenBody(msgspec.Struct):
    """What stands behind the `#` of the link."""

    token: str


class CompleteBody(msgspec.Struct):
    """The new account password and what shall happen to the sessions."""

    token: str
    new_password: str
    sessions: dict[str, Fate] = {}


async def post_request(request: Request) -> Any:
    """Send a reset link."""
    return {"expires_in_ms": await rules.request_link(request, request.json(RequestBody).email)}


async def post_open(request: Request) -> Any:
    """What the link is for."""
    token = request.json(OpenBody).token
    link = await rules.open_link(request, token)
    return {
        "user_id": link.user_id,
        "expires_in_ms": link.expires_at - request.context.now,
        "sessions": [
            {
                "device_id": one.device_id,
                "display_name": one.display_name,
                "last_seen_ts": one.last_seen_at,
                "dev.holdfast.state": state_of(one),
            }
            for one in link.sessions
        ],
        "custody": await rules.custody(request, link.user_id),
    }


async def post_complete(request: Request) -> Any:
    """Set the new account password."""
    body = request.json(CompleteBody)
    user_id, outcome = await rules.complete(request, body.token, body.new_password, body.sessions)
    return {"user_id": user_id, "dev.holdfast.sessions": shown(outcome)}


async def post_by_key(request: Request) -> Any:
    """Begin a reset with what was derived from the recovery key."""
    token, expires_in_ms = await by_key.open_by_key(request, request.json(ResetBody))
    return {"token": token, "expires_in_ms": expires_in_ms}


async def put_recovery_reset(request: Request) -> Any:
    """Let the recovery key set new account passwords."""
    await by_key.set_up(request)
    return {}


async def delete_recovery_reset(request: Request) -> Any:
    """Let no recovery key do that any more."""
    await by_key.revoke(request)
    return {}


_BY_KEY = "Resetting the account password with the recovery key"
_SPEC = "Resetting the account password in the portal"
routes = [
    extra("POST", "password_reset/request", post_request, spec=_SPEC, auth=Auth.NONE),
    extra("POST", "password_reset/recovery_key", post_by_key, spec=_BY_KEY, auth=Auth.NONE),
    extra("PUT", "recovery_key_reset", put_recovery_reset, spec=_BY_KEY),
    extra("DELETE", "recovery_key_reset", delete_recovery_reset, spec=_BY_KEY),
    extra("POST", "password_reset/open", post_open, spec=_SPEC, auth=Auth.NONE),
    extra("POST", "password_reset/complete", post_complete, spec=_SPEC, auth=Auth.NONE),
]
