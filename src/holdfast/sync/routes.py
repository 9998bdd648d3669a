"""Syncing and filters over HTTP (Client-Server API, "Syncing" and "Filtering")."""

from typing import Any

import msgspec

from holdfast.kit.errors import Forbidden, InvalidParam, NotFound
from holdfast.kit.http import Request, client
from holdfast.presence import rules as presence
from holdfast.sync import filters, poll, rules
from holdfast.sync.filters import FILTER_BYTES, Filter
from holdfast.sync.shapes import asked_by, position_of


async def get_sync(request: Request) -> Any:
    """What is new. Who asks is there, unless `set_presence` says otherwise."""
    state = presence.state_of(request.query("set_presence") or "online")
    await presence.seen(request.context, request.requester.user_id, state)
    return await poll.news(request, asked_by(request, await _filter(request)))


async def _filter(request: Request) -> Filter:
    """The filter that the query names or holds.

    Raises:
        MatrixError: it cannot be used, or is not there.
    """
    given, user_id = request.query("filter"), request.requester.user_id
    if not given:
        return Filter()
    if given.startswith("{"):
        return filters.parse(given)
    try:
        return filters.parse(
            await request.context.db.peek(lambda tx: filters.stored(tx, user_id, given))
        )
    except NotFound as error:
        raise InvalidParam(error.text) from error


def _own(request: Request) -> str:
    """The user ID of the path.

    Raises:
        Forbidden: it is somebody else's.
    """
    user_id = request.params["user_id"]
    if user_id != request.requester.user_id:
        raise Forbidden("Filters can only be stored and read by the user they belong to.")
    return user_id


async def post_filter(request: Request) -> Any:
    """Store a filter."""
    user_id, content = _own(request), request.json_object()
    filters.parse(content)
    filter_id = await request.context.db.write(lambda tx: filters.store(tx, user_id, content))
    return {"filter_id": filter_id}


async def get_filter(request: Request) -> Any:
    """A stored filter."""
    user_id, filter_id = _own(request), request.params["filter_id"]
    content = await request.context.db.peek(lambda tx: filters.stored(tx, user_id, filter_id))
    return msgspec.Raw(content.encode())


async def get_key_changes(request: Request) -> Any:
    """Whose keys have changed since an answer to `/sync`.

    Until now, whatever `to` says: who asks looks the keys up as they are now, too.
    """
    user_id = request.requester.user_id
    since = position_of("from", request.need_query("from"))
    until = request.query("to")
    if until is not None:
        position_of("to", until)
    return await request.context.db.read(lambda tx: rules.changed_users(tx, user_id, since))


_STORE = "POST /user/{userId}/filter"
_STORED = "GET /user/{userId}/filter/{filterId}"
routes = [
    client("GET", "sync", get_sync, spec="GET /sync"),
    client("GET", "keys/changes", get_key_changes, spec="GET /keys/changes"),
    client("POST", "user/{user_id}/filter", post_filter, spec=_STORE, max_body=FILTER_BYTES),
    client("GET", "user/{user_id}/filter/{filter_id}", get_filter, spec=_STORED),
]
