"""Relations, threads and searching over HTTP (Client-Server API)."""

from typing import Any

from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request, Route, client
from holdfast.rooms import relations, search
from holdfast.rooms.relations import MOST, Asked
from holdfast.rooms.routes.reading import backwards, place, viewer_of
from holdfast.rooms.search import SearchBody

LIMIT = 50
SEARCH_BYTES = 64 * 1024


async def post_search(request: Request) -> Any:
    """Find messages by their words."""
    asked = request.json(SearchBody).search_categories.room_events
    if asked is None:
        return {"search_categories": {}}
    search.check(asked)
    start, viewer = search.start_of(request.query("next_batch")), viewer_of(request)
    now = request.context.now
    found = await request.context.db.read(lambda tx: search.search(tx, viewer, asked, start, now))
    return {"search_categories": {"room_events": found}}


async def get_relations(request: Request) -> Any:
    """What relates to an event."""
    params, now, viewer = request.params, request.context.now, viewer_of(request)
    recurse = request.query("recurse")
    if recurse not in (None, "true", "false"):
        raise InvalidParam("recurse is true or false.")
    asked = Asked(
        params["room_id"],
        params["event_id"],
        params.get("rel_type"),
        params.get("type"),
        backwards(request, otherwise=True),
        place(request, "from"),
        place(request, "to"),
        request.query_number("limit", LIMIT, least=1, most=MOST),
        recurse == "true",
    )
    return await request.context.db.read(lambda tx: relations.page(tx, viewer, asked, now))


async def get_threads(request: Request) -> Any:
    """The threads of a room."""
    include = request.query("include") or "all"
    if include not in ("all", "participated"):
        raise InvalidParam("include is all or participated.")
    room_id, before, now = request.params["room_id"], place(request, "from"), request.context.now
    limit = request.query_number("limit", LIMIT, least=1, most=MOST)
    viewer, own = viewer_of(request), include == "participated"
    return await request.context.db.read(
        lambda tx: relations.threads(
            tx, viewer, room_id, own=own, before=before, limit=limit, now=now
        )
    )


_OF_EVENT = "rooms/{room_id}/relations/{event_id}"
_SPEC = "GET /rooms/{roomId}/relations/{eventId}"
_OF_KIND = "GET /rooms/{roomId}/relations/{eventId}/{relType}"
_OF_TYPE = "GET /rooms/{roomId}/relations/{eventId}/{relType}/{eventType}"
_V1 = ("v1", "unstable")  # matrix-js-sdk and nio still call the unstable prefix
routes: list[Route] = [
    client("POST", "search", post_search, spec="POST /search", max_body=SEARCH_BYTES),
    client("GET", _OF_EVENT, get_relations, spec=_SPEC, versions=_V1),
    client(
        "GET",
        f"{_OF_EVENT}/{{rel_type}}",
        get_relations,
        spec=_OF_KIND,
        versions=_V1,
    ),
    client(
        "GET",
        f"{_OF_EVENT}/{{rel_type}}/{{type}}",
        get_relations,
        spec=_OF_TYPE,
        versions=_V1,
    ),
    client(
        "GET",
        "rooms/{room_id}/threads",
        get_threads,
        spec="GET /rooms/{roomId}/threads",
        versions=("v1",),
    ),
]
