"""Making rooms, and sending to them, over HTTP (Client-Server API, "Rooms")."""

from typing import Any

from holdfast.kit.http import Request, Route, client
from holdfast.rooms.create import checked, make_room
from holdfast.rooms.redact import redact
from holdfast.rooms.send import content_of, send, set_state
from holdfast.rooms.upgrade import UpgradeBody, upgrade


async def post_create_room(request: Request) -> Any:
    """Make a room."""
    take(request, "rooms")
    body, alias = checked(request)
    made = await request.context.db.write(lambda tx: make_room(tx, request, body, alias))
    return {"room_id": made}


def take(request: Request, what: str) -> None:
    """Count a request of this user: `messages`, or `rooms` for new rooms and memberships.

    Raises:
        LimitExceeded: there were too many.
        Forbidden: the account is suspended.
    """
    request.requester.check_not_suspended()
    settings = request.context.settings
    limit = settings.message_limit if what == "messages" else settings.membership_limit
    request.context.limits.take(what, limit, request.requester.user_id)


async def put_send(request: Request) -> Any:
    """Send an event."""
    take(request, "messages")
    content, params = content_of(request), request.params
    room_id, kind, txn_id = params["room_id"], params["type"], params["txn_id"]
    event_id = await request.context.db.write(
        lambda tx: send(tx, request, room_id, kind, txn_id, content)
    )
    return {"event_id": event_id}


async def put_state(request: Request) -> Any:
    """Set a part of the state."""
    take(request, "messages")
    content, params = content_of(request), request.params
    key = (params["type"], params.get("state_key", ""))
    event_id = await request.context.db.write(
        lambda tx: set_state(tx, request, params["room_id"], key, content)
    )
    return {"event_id": event_id}


async def put_redact(request: Request) -> Any:
    """Take back what an event said: one's own, a suspended account can still."""
    if not request.requester.suspended:
        take(request, "messages")
    content, params = content_of(request), request.params
    room_id, event_id, txn_id = params["room_id"], params["event_id"], params["txn_id"]
    redaction = await request.context.db.write(
        lambda tx: redact(tx, request, room_id, event_id, txn_id, content)
    )
    return {"event_id": redaction}


async def post_upgrade(request: Request) -> Any:
    """Replace a room by one of another version."""
    take(request, "rooms")
    body, room_id = request.json(UpgradeBody), request.params["room_id"]
    made = await request.context.db.write(lambda tx: upgrade(tx, request, room_id, body))
    return {"replacement_room": made}


_SEND = "PUT /rooms/{roomId}/send/{eventType}/{txnId}"
_STATE = "PUT /rooms/{roomId}/state/{eventType}/{stateKey}"
_REDACT = "PUT /rooms/{roomId}/redact/{eventId}/{txnId}"
_IN_ROOM = "rooms/{room_id}"
_UPGRADE = "POST /rooms/{roomId}/upgrade"
routes: list[Route] = [
    client("POST", "createRoom", post_create_room, spec="POST /createRoom"),
    client("PUT", f"{_IN_ROOM}/send/{{type}}/{{txn_id}}", put_send, spec=_SEND),
    client("PUT", f"{_IN_ROOM}/state/{{type}}", put_state, spec=_STATE),
    client("PUT", f"{_IN_ROOM}/state/{{type}}/", put_state, spec=_STATE),
    client("PUT", f"{_IN_ROOM}/state/{{type}}/{{state_key}}", put_state, spec=_STATE),
    client("PUT", f"{_IN_ROOM}/redact/{{event_id}}/{{txn_id}}", put_redact, spec=_REDACT),
    client("POST", f"{_IN_ROOM}/upgrade", post_upgrade, spec=_UPGRADE),
]
