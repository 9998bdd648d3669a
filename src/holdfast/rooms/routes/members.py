"""Coming and going over HTTP (Client-Server API, "Room membership")."""

from collections.abc import Callable
from typing import Any

from holdfast.kit.db import Tx
from holdfast.kit.http import Request, Route, client
from holdfast.rooms import membership
from holdfast.rooms.membership import ReasonBody, TargetBody
from holdfast.rooms.routes.writing import take


async def post_join(request: Request) -> Any:
    """Join a room."""
    take(request, "rooms")
    reason, room = _reason(request), request.params["room_id"]
    joined = await request.context.db.write(lambda tx: membership.join(tx, request, room, reason))
    return {"room_id": joined}


async def post_knock(request: Request) -> Any:
    """Ask to be let in."""
    take(request, "rooms")
    reason, room = _reason(request), request.params["room_id"]
    asked = await request.context.db.write(lambda tx: membership.knock(tx, request, room, reason))
    return {"room_id": asked}


def _reason(request: Request) -> str | None:
    return request.json(ReasonBody).reason if request.body else None


async def post_leave(request: Request) -> Any:
    """Leave a room."""
    reason, room = _reason(request), request.params["room_id"]
    await request.context.db.write(lambda tx: membership.leave(tx, request, room, reason))
    return {}


async def post_forget(request: Request) -> Any:
    """Forget a room."""
    room, me = request.params["room_id"], request.requester.user_id
    await request.context.db.write(lambda tx: membership.forget(tx, room, me))
    return {}


async def post_invite(request: Request) -> Any:
    """Invite somebody."""
    return await _about(request, membership.invite)


async def post_kick(request: Request) -> Any:
    """Remove somebody from a room."""
    return await _about(request, membership.kick)


async def post_ban(request: Request) -> Any:
    """Remove somebody from a room for good."""
    return await _about(request, membership.ban)


async def post_unban(request: Request) -> Any:
    """Lift a ban."""
    return await _about(request, membership.unban)


async def _about(request: Request, act: Callable[[Tx, Request, str, TargetBody], None]) -> Any:
    """What somebody does to somebody else."""
    take(request, "rooms")
    body, room = request.json(TargetBody), request.params["room_id"]
    await request.context.db.write(lambda tx: act(tx, request, room, body))
    return {}


_IN_ROOM = "rooms/{room_id}"
_INVITE = "POST /rooms/{roomId}/invite"
routes: list[Route] = [
    client("POST", "join/{room_id}", post_join, spec="POST /join/{roomIdOrAlias}"),
    client("POST", "rooms/{room_id}/join", post_join, spec="POST /rooms/{roomId}/join"),
    client("POST", "knock/{room_id}", post_knock, spec="POST /knock/{roomIdOrAlias}"),
    client("POST", f"{_IN_ROOM}/leave", post_leave, spec="POST /rooms/{roomId}/leave"),
    client("POST", f"{_IN_ROOM}/forget", post_forget, spec="POST /rooms/{roomId}/forget"),
    client("POST", f"{_IN_ROOM}/invite", post_invite, spec=_INVITE),
    client("POST", f"{_IN_ROOM}/kick", post_kick, spec="POST /rooms/{roomId}/kick"),
    client("POST", f"{_IN_ROOM}/ban", post_ban, spec="POST /rooms/{roomId}/ban"),
    client("POST", f"{_IN_ROOM}/unban", post_unban, spec="POST /rooms/{roomId}/unban"),
]
