"""Profiles as their owners change them, and searching for users, over HTTP."""

from typing import Any

import msgspec

from holdfast.kit.errors import Forbidden, MissingParam
from holdfast.kit.http import Request, Route, client
from holdfast.people import directory, rules
from holdfast.people.directory import SearchBody
from holdfast.profile import rules as profile


def _own(request: Request) -> tuple[str, str]:
    """The user ID and the field's name in the path.

    Raises:
        Forbidden: it is somebody else's profile.
    """
    user_id, name = request.params["user_id"], request.params["name"]
    if user_id != request.requester.user_id:
        raise Forbidden("Only the user whom a profile describes can change it.")
    profile.check_name(name)
    request.requester.check_not_suspended()
    return user_id, name


async def put_field(request: Request) -> Any:
    """Set one field of the user's own profile."""
    _user_id, name = _own(request)
    request.json_object()
    given = request.json(dict[str, msgspec.Raw]).get(name)
    if given is None:
        raise MissingParam(name)
    value = profile.check_value(name, given)
    await request.context.db.write(lambda tx: rules.put_field(tx, request, name, value))
    return {}


async def delete_field(request: Request) -> Any:
    """Remove one field of the user's own profile."""
    _user_id, name = _own(request)
    await request.context.db.write(lambda tx: rules.put_field(tx, request, name, None))
    return {}


async def post_search(request: Request) -> Any:
    """Find users by their names."""
    body, me = request.json(SearchBody), request.requester.user_id
    everybody = request.context.settings.search_everybody
    return await request.context.db.read(
        lambda tx: directory.search(tx, me, body, everybody=everybody)
    )


_FIELD = "profile/{user_id}/{name}"
_SEARCH = "POST /user_directory/search"
routes: list[Route] = [
    client("PUT", _FIELD, put_field, spec="PUT /profile/{userId}/{keyName}"),
    client("DELETE", _FIELD, delete_field, spec="DELETE /profile/{userId}/{keyName}"),
    client("POST", "user_directory/search", post_search, spec=_SEARCH),
]
