"""Account data over HTTP (Client-Server API, "Client Config")."""

from typing import Any

import msgspec

from holdfast.account_data import rules, tags
from holdfast.account_data.rules import NO_ROOM, Entry
from holdfast.kit.errors import Forbidden, NotFound
from holdfast.kit.http import Request, client
from holdfast.push import rulesets

CONTENT_BYTES = 256 * 1024  # a busy user's `m.direct` reaches tens of kilobytes


def _own(request: Request) -> str:
    """The user ID of the path.

    Raises:
        Forbidden: it is somebody else's.
    """
    user_id = request.params["user_id"]
    if user_id != request.requester.user_id:
        raise Forbidden("Account data can only be read and written by the user it belongs to.")
    return user_id


def _room(request: Request) -> str:
    """The room ID of the path, or `NO_ROOM` where the path has none."""
    room_id = request.params.get("room_id", NO_ROOM)
    if room_id != NO_ROOM:
        rules.check_room_id(room_id)
    return room_id


async def put_data(request: Request) -> Any:
    """Store one type's content."""
    user_id, room_id, kind = _own(request), _room(request), request.params["type"]
    rules.check_type(kind)
    entry = Entry(kind, request.json_object())
    await request.context.db.write(lambda tx: rules.put(tx, request, user_id, room_id, entry))
    return {}


async def get_data(request: Request) -> Any:
    """One type's content."""
    user_id, room_id, kind = _own(request), _room(request), request.params["type"]
    if kind == "m.push_rules" and room_id == NO_ROOM:
        return {"global": await request.context.db.read(lambda tx: rulesets.of(tx, user_id))}
    content = await request.context.db.peek(lambda tx: rules.get(tx, user_id, room_id, kind))
    if content is None:
        raise NotFound("There is no account data of that type.")
    return msgspec.Raw(content.encode())


async def get_tags(request: Request) -> Any:
    """The tags of a room."""
    user_id, room_id = _own(request), _room(request)
    return {"tags": await request.context.db.read(lambda tx: tags.tags(tx, user_id, room_id))}


async def put_tag(request: Request) -> Any:
    """Give a room a tag."""
    _own(request)
    room_id, tag, content = _room(request), request.params["tag"], request.json(dict[str, Any])
    await request.context.db.write(lambda tx: tags.put(tx, request, room_id, tag, content))
    return {}


async def delete_tag(request: Request) -> Any:
    """Take a tag away."""
    _own(request)
    room_id, tag = _room(request), request.params["tag"]
    await request.context.db.write(lambda tx: tags.delete(tx, request, room_id, tag))
    return {}


_USER = "user/{user_id}/account_data/{type}"
_OF_ROOM = "user/{user_id}/rooms/{room_id}/account_data/{type}"
_PUT = "PUT /user/{userId}/account_data/{type}"
_GET = "GET /user/{userId}/account_data/{type}"
_PUT_ROOM = "PUT /user/{userId}/rooms/{roomId}/account_data/{type}"
_GET_ROOM = "GET /user/{userId}/rooms/{roomId}/account_data/{type}"
_TAGS = "user/{user_id}/rooms/{room_id}/tags"
_PUT_TAG = "PUT /user/{userId}/rooms/{roomId}/tags/{tag}"
_DELETE_TAG = "DELETE /user/{userId}/rooms/{roomId}/tags/{tag}"
routes = [
    client("PUT", _USER, put_data, spec=_PUT, max_body=CONTENT_BYTES),
    client("GET", _USER, get_data, spec=_GET),
    client("PUT", _OF_ROOM, put_data, spec=_PUT_ROOM, max_body=CONTENT_BYTES),
    client("GET", _OF_ROOM, get_data, spec=_GET_ROOM),
    client("GET", _TAGS, get_tags, spec="GET /user/{userId}/rooms/{roomId}/tags"),
    client("PUT", f"{_TAGS}/{{tag}}", put_tag, spec=_PUT_TAG),
    client("DELETE", f"{_TAGS}/{{tag}}", delete_tag, spec=_DELETE_TAG),
]
