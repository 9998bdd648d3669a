"""Presence over HTTP (Client-Server API, "Presence")."""

from typing import Any

import msgspec

from holdfast.kit.errors import Forbidden
from holdfast.kit.http import Request, Route, client
from holdfast.presence import feed, rules
from holdfast.presence.rules import NOBODY


class StatusBody(msgspec.Struct):
    """Whether the user is there, and what the user says about it."""

    presence: str
    status_msg: str | None = None


async def get_status(request: Request) -> Any:
    """Whether a user is there."""
    me, user_id, now = request.requester.user_id, request.params["user_id"], request.context.now
    if not request.context.settings.presence:
        return feed.content(NOBODY, now)
    found = await request.context.db.read(lambda tx: rules.of(tx, me, user_id))
    return feed.content(found, now)


async def put_status(request: Request) -> Any:
    """Say whether one is there."""
    me, now, body = request.requester.user_id, request.context.now, request.json(StatusBody)
    if request.params["user_id"] != me:
        raise Forbidden("Nobody can be there for somebody else.")
    state = rules.state_of(body.presence)
    if request.context.settings.presence:
        await request.context.db.write(lambda tx: rules.put(tx, me, state, body.status_msg, now))
    return {}


_STATUS = "presence/{user_id}/status"
_GET = "GET /presence/{userId}/status"
_PUT = "PUT /presence/{userId}/status"
routes: list[Route] = [
    client("GET", _STATUS, get_status, spec=_GET),
    client("PUT", _STATUS, put_status, spec=_PUT),
]
