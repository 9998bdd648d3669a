"""Reading rooms over HTTP (Client-Server API, "Getting events for a room")."""

from collections.abc import Callable
from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request, Route, client
from holdfast.kit.http.request import decode
from holdfast.rooms import members, pages, reading, state
from holdfast.rooms.events import Event
from holdfast.rooms.filters import RoomEventFilter, check_limit
from holdfast.rooms.pages import Asked
from holdfast.rooms.shown import Viewer, bare, shown
from holdfast.rooms.tokens import place_of
from holdfast.rooms.visibility import FOREVER

LIMIT = 10
FURTHEST_MS = 1 << 53


async def get_joined_rooms(request: Request) -> Any:
    """The rooms the user is in."""
    user_id = request.requester.user_id
    found = await request.context.db.read(lambda tx: members.joined_rooms(tx, user_id))
    return {"joined_rooms": found}


def viewer_of(request: Request) -> Viewer:
    """For whom events are shown."""
    return Viewer(request.requester.user_id, request.requester.device_id)


def place(request: Request, name: str) -> int | None:
    """The position that a token in the query stands for.

    Raises:
        InvalidParam: it is none of ours.
    """
    token = request.query(name)
    return place_of(name, token) if token else None


def backwards(request: Request, *, otherwise: bool | None = None) -> bool:
    """Whether `dir` asks to go back.

    Raises:
        InvalidParam: it is neither `b` nor `f`, or missing where there is no other answer.
    """
    direction = request.query("dir")
    if direction is None and otherwise is not None:
        return otherwise
    if direction not in ("b", "f"):
        raise InvalidParam("dir is b for backwards or f for forwards.")
    return direction == "b"


def _asked(request: Request, *, back: bool) -> Asked:
    given = request.query("filter")
    by = decode(given.encode(), RoomEventFilter) if given else RoomEventFilter()
    check_limit(by)
    limit = request.query_number("limit", by.limit or LIMIT, least=0, most=pages.MOST)
    room_id = request.params["room_id"]
    return Asked(room_id, back, place(request, "from"), place(request, "to"), limit, by)


async def get_messages(request: Request) -> Any:
    """A page of a room's history."""
    asked, now = _asked(request, back=backwards(request)), request.context.now
    viewer = viewer_of(request)
    return await request.context.db.read(lambda tx: pages.answer(tx, viewer, asked, now))


async def get_context(request: Request) -> Any:
    """An event and what was sent around it."""
    asked, now, viewer = _asked(request, back=True), request.context.now, viewer_of(request)
    event_id = request.params["event_id"]
    return await request.context.db.read(lambda tx: pages.context(tx, viewer, asked, event_id, now))


def _showing(request: Request, look: Callable[[Tx], list[Event]]) -> Callable[[Tx], list[Any]]:
    now, viewer = request.context.now, viewer_of(request)
    return lambda tx: shown(tx, look(tx), viewer, now)


async def get_event(request: Request) -> Any:
    """One event."""
    me, params = request.requester.user_id, request.params
    look = _showing(
        request, lambda tx: [reading.event(tx, me, params["room_id"], params["event_id"])]
    )
    return (await request.context.db.read(look))[0]


async def get_state(request: Request) -> Any:
    """The whole state."""
    me, room_id = request.requester.user_id, request.params["room_id"]
    look = _showing(request, lambda tx: reading.current_state(tx, me, room_id))
    return await request.context.db.read(look)


async def get_state_event(request: Request) -> Any:
    """One part of the state: its content, or with `format=event` all of it."""
    me, params = request.requester.user_id, request.params
    key = (params["type"], params.get("state_key", ""))
    whole = request.query("format") == "event"
    found = await request.context.db.read(
        lambda tx: reading.state_event(tx, me, params["room_id"], key)
    )
    return bare(found) if whole else msgspec.Raw(found.content.encode())


async def get_members(request: Request) -> Any:
    """The member events."""
    me, room_id = request.requester.user_id, request.params["room_id"]
    position = place(request, "at")
    only, but = request.query("membership"), request.query("not_membership")
    at = FOREVER if position is None else position
    look = _showing(request, lambda tx: reading.members_at(tx, me, room_id, at, only, but))
    return {"chunk": await request.context.db.read(look)}


async def get_joined_members(request: Request) -> Any:
    """Who is in a room, with names and pictures."""
    me, room_id = request.requester.user_id, request.params["room_id"]
    found = await request.context.db.read(
        lambda tx: reading.members_at(tx, me, room_id, FOREVER, "join", None)
    )
    joined = {}
    for event in found:
        said = state.State([event]).content((event.type, event.state_key or ""))
        names = {"display_name": said.get("displayname"), "avatar_url": said.get("avatar_url")}
        joined[event.state_key] = {k: v for k, v in names.items() if isinstance(v, str)}
    return {"joined": joined}


async def get_timestamp_to_event(request: Request) -> Any:
    """The event nearest to a time."""
    me, room_id = request.requester.user_id, request.params["room_id"]
    request.need_query("ts")
    at = request.query_number("ts", 0, least=0, most=FURTHEST_MS)
    forwards = not backwards(request)
    found = await request.context.db.read(
        lambda tx: reading.near(tx, me, room_id, at, forwards=forwards)
    )
    return {"event_id": found.event_id, "origin_server_ts": found.origin_server_ts}


_ROOM = "rooms/{room_id}"
_STATE = "GET /rooms/{roomId}/state/{eventType}/{stateKey}"
_NEAR = "GET /rooms/{roomId}/timestamp_to_event"
_JOINED = "GET /rooms/{roomId}/joined_members"
_CONTEXT = "GET /rooms/{roomId}/context/{eventId}"
_EVENT = "GET /rooms/{roomId}/event/{eventId}"
routes: list[Route] = [
    client("GET", "joined_rooms", get_joined_rooms, spec="GET /joined_rooms"),
    client("GET", f"{_ROOM}/messages", get_messages, spec="GET /rooms/{roomId}/messages"),
    client("GET", f"{_ROOM}/context/{{event_id}}", get_context, spec=_CONTEXT),
    client("GET", f"{_ROOM}/event/{{event_id}}", get_event, spec=_EVENT),
    client("GET", f"{_ROOM}/state", get_state, spec="GET /rooms/{roomId}/state"),
    client("GET", f"{_ROOM}/state/{{type}}", get_state_event, spec=_STATE),
    client("GET", f"{_ROOM}/state/{{type}}/", get_state_event, spec=_STATE),
    client("GET", f"{_ROOM}/state/{{type}}/{{state_key}}", get_state_event, spec=_STATE),
    client("GET", f"{_ROOM}/members", get_members, spec="GET /rooms/{roomId}/members"),
    client("GET", f"{_ROOM}/joined_members", get_joined_members, spec=_JOINED),
    client(
        "GET",
        f"{_ROOM}/timestamp_to_event",
        get_timestamp_to_event,
        spec=_NEAR,
        versions=("v1",),
    ),
]
