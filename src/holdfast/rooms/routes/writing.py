"""Making rooms, and sending to them, over HTTP."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.http import Request, Route, client
from holdfast.rooms.append import append
from holdfast.rooms.create import CreateBody, make_room
from holdfast.rooms.events import Draft


async def post_create_room(request: Request) -> Any:
    """Make a room."""
    body = request.json(CreateBody)
    return {"room_id": await request.context.db.write(lambda tx: make_room(tx, request, body))}


async def put_send(request: Request) -> Any:
    """Send an event."""
    params = request.params
    return await _append(request, params["type"], None, txn_id=params["txn_id"])


async def put_state(request: Request) -> Any:
    """Set a part of the state."""
    return await _append(request, request.params["type"], request.params.get("state_key", ""))


async def post_join(request: Request) -> Any:
    """Join a room."""
    await _member(request, request.requester.user_id, "join")
    return {"room_id": request.params["room_id"]}


async def post_leave(request: Request) -> Any:
    """Leave a room."""
    await _member(request, request.requester.user_id, "leave")
    return {}


class InviteBody(msgspec.Struct):
    """Whom to invite."""

    user_id: str


async def post_invite(request: Request) -> Any:
    """Invite somebody."""
    await _member(request, request.json(InviteBody).user_id, "invite")
    return {}


async def _member(request: Request, user_id: str, membership: str) -> None:
    me, context = request.requester, request.context
    room_id = request.params["room_id"]
    content = {"membership": membership}
    draft = Draft(room_id, "m.room.member", me.user_id, content, user_id, device_id=me.device_id)
    await context.db.write(lambda tx: append(tx, context.signer, [draft], context.now))


async def _append(
    request: Request, kind: str, state_key: str | None, txn_id: str | None = None
) -> Any:
    me, context = request.requester, request.context
    content = request.json(dict[str, Any])
    room_id = request.params["room_id"]
    draft = Draft(room_id, kind, me.user_id, content, state_key, None, me.device_id, txn_id)

    def send(tx: Tx) -> str:
        return append(tx, context.signer, [draft], context.now)[0].event_id

    return {"event_id": await context.db.write(send)}


_SEND = "PUT /rooms/{roomId}/send/{eventType}/{txnId}"
_STATE = "PUT /rooms/{roomId}/state/{eventType}/{stateKey}"
routes: list[Route] = [
    client("POST", "createRoom", post_create_room, spec="POST /createRoom"),
    client("PUT", "rooms/{room_id}/send/{type}/{txn_id}", put_send, spec=_SEND),
    client("PUT", "rooms/{room_id}/state/{type}", put_state, spec=_STATE),
    client("PUT", "rooms/{room_id}/state/{type}/", put_state, spec=_STATE),
    client("PUT", "rooms/{room_id}/state/{type}/{state_key}", put_state, spec=_STATE),
    client("POST", "join/{room_id}", post_join, spec="POST /join/{roomIdOrAlias}"),
    client("POST", "rooms/{room_id}/join", post_join, spec="POST /rooms/{roomId}/join"),
    client("POST", "rooms/{room_id}/leave", post_leave, spec="POST /rooms/{roomId}/leave"),
    client("POST", "rooms/{room_id}/invite", post_invite, spec="POST /rooms/{roomId}/invite"),
]
