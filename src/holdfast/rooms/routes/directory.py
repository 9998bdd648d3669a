"""Finding rooms over HTTP: aliases, the public directory, spaces (Client-Server API)."""

from typing import Any, Literal

import msgspec

from holdfast.kit.errors import InvalidParam, NotFound
from holdfast.kit.http import Auth, Request, Route, client
from holdfast.rooms import aliases, directory, hierarchy, members, reading
from holdfast.rooms.directory import LIMIT, MOST, SearchBody
from holdfast.rooms.hierarchy import Asked
from holdfast.rooms.membership import room_of
from holdfast.rooms.routes.writing import take


class AliasBody(msgspec.Struct):
    """To which room an alias leads."""

    room_id: str


class VisibilityBody(msgspec.Struct):
    """Whether a room is in the directory."""

    visibility: Literal["public", "private"] = "public"


async def get_alias(request: Request) -> Any:
    """Where an alias leads."""
    alias, server_name = request.params["alias"], request.context.settings.server_name
    if not alias.startswith("#"):
        raise InvalidParam("An alias begins with #.")
    room_id = await request.context.db.read(lambda tx: aliases.resolve(tx, alias))
    return {"room_id": room_id, "servers": [server_name]}


async def put_alias(request: Request) -> Any:
    """Give a room a name: whoever can see the room can."""
    take(request, "rooms")
    me, now, body = request.requester.user_id, request.context.now, request.json(AliasBody)
    alias = request.params["alias"]
    aliases.check_form(alias, request.context.settings.server_name)

    def add(tx: Any) -> None:
        reading.readable(tx, me, body.room_id)
        aliases.add(tx, alias, body.room_id, me, now)

    await request.context.db.write(add)
    return {}


async def delete_alias(request: Request) -> Any:
    """Take a name away."""
    me, alias = request.requester.user_id, request.params["alias"]
    await request.context.db.write(lambda tx: aliases.remove(tx, alias, me))
    return {}


async def get_aliases(request: Request) -> Any:
    """The names of a room."""
    me, room_id = request.requester.user_id, request.params["room_id"]

    def look(tx: Any) -> list[str]:
        reading.readable(tx, me, room_id)
        return aliases.of_room(tx, room_id)

    return {"aliases": await request.context.db.read(look)}


async def get_listed(request: Request) -> Any:
    """Whether a room is in the directory."""
    room_id = request.params["room_id"]
    listed = await request.context.db.read(lambda tx: aliases.is_published(tx, room_id))
    return {"visibility": "public" if listed else "private"}


async def put_listed(request: Request) -> Any:
    """Put a room into the directory, or take it out."""
    body = request.json(VisibilityBody) if request.body else VisibilityBody()
    room_id, me, now = request.params["room_id"], request.requester.user_id, request.context.now
    listed = body.visibility == "public"
    await request.context.db.write(
        lambda tx: aliases.publish(tx, room_id, me, listed=listed, now=now)
    )
    return {}


async def get_public_rooms(request: Request) -> Any:
    """A page of the directory."""
    limit = request.query_number("limit", LIMIT, least=1, most=MOST)
    return await _page(request, SearchBody(limit, request.query("since")))


async def post_public_rooms(request: Request) -> Any:
    """A page of what somebody looks for in the directory."""
    return await _page(request, request.json(SearchBody))


async def _page(request: Request, body: SearchBody) -> Any:
    server = request.query("server")
    if server and server != request.context.settings.server_name:
        raise NotFound("This server knows the rooms of no other server.")
    return await request.context.db.read(lambda tx: directory.page(tx, body))


async def get_hierarchy(request: Request) -> Any:
    """What is in a space."""
    suggested = request.query("suggested_only")
    if suggested not in (None, "true", "false"):
        raise InvalidParam("suggested_only is true or false.")
    asked = Asked(
        request.params["room_id"],
        suggested == "true",
        request.query_number("max_depth", hierarchy.DEEPEST, least=0, most=hierarchy.DEEPEST),
        request.query_number("limit", hierarchy.LIMIT, least=1, most=hierarchy.MOST),
        request.query("from"),
    )
    me = request.requester.user_id
    return await request.context.db.read(lambda tx: hierarchy.page(tx, me, asked))


async def get_summary(request: Request) -> Any:
    """What there is to know of a room before one joins it."""
    who, named = request.requester_or_none, request.params["room_id"]
    me = who.user_id if who else None
    return await request.context.db.read(lambda tx: hierarchy.summary(tx, me, room_of(tx, named)))


async def get_mutual_rooms(request: Request) -> Any:
    """The rooms that the user is in together with another one."""
    me, other = request.requester.user_id, request.need_query("user_id")
    if other == me:
        raise InvalidParam("You share all your rooms with yourself.")
    found = await request.context.db.read(lambda tx: members.shared_rooms(tx, me, other))
    return {"joined": found, "count": len(found)}


_ALIAS = "directory/room/{alias}"
_LISTED = "directory/list/room/{room_id}"
_MUTUAL = ("v1",)
_OPTIONAL = Auth.OPTIONAL
_GET_ALIAS = "GET /directory/room/{roomAlias}"
_PUT_ALIAS = "PUT /directory/room/{roomAlias}"
_DELETE_ALIAS = "DELETE /directory/room/{roomAlias}"
_GET_LISTED = "GET /directory/list/room/{roomId}"
_PUT_LISTED = "PUT /directory/list/room/{roomId}"
_ALIASES = "GET /rooms/{roomId}/aliases"
_HIERARCHY = "GET /rooms/{roomId}/hierarchy"
_SUMMARY = "GET /room_summary/{roomIdOrAlias}"
_V1 = ("v1",)
_SUMMARY_PREFIXES = ("v1", "unstable/im.nheko.summary")  # Element Web calls the proposal's, too
routes: list[Route] = [
    client("GET", _ALIAS, get_alias, spec=_GET_ALIAS, auth=_OPTIONAL),
    client("PUT", _ALIAS, put_alias, spec=_PUT_ALIAS),
    client("DELETE", _ALIAS, delete_alias, spec=_DELETE_ALIAS),
    client("GET", "rooms/{room_id}/aliases", get_aliases, spec=_ALIASES),
    client("GET", _LISTED, get_listed, spec=_GET_LISTED, auth=_OPTIONAL),
    client("PUT", _LISTED, put_listed, spec=_PUT_LISTED),
    client("GET", "publicRooms", get_public_rooms, spec="GET /publicRooms", auth=_OPTIONAL),
    client("POST", "publicRooms", post_public_rooms, spec="POST /publicRooms"),
    client("GET", "rooms/{room_id}/hierarchy", get_hierarchy, spec=_HIERARCHY, versions=_V1),
    client(
        "GET",
        "room_summary/{room_id}",
        get_summary,
        spec=_SUMMARY,
        auth=_OPTIONAL,
        versions=_SUMMARY_PREFIXES,
    ),
    client("GET", "mutual_rooms", get_mutual_rooms, spec="GET /mutual_rooms", versions=_MUTUAL),
]
