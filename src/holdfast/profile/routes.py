"""Profiles over HTTP (Client-Server API, "Profiles")."""

from typing import Any

import msgspec

from holdfast.kit.errors import Forbidden, MissingParam, NotFound
from holdfast.kit.http import Auth, Request, client
from holdfast.profile import rules


async def _fields(request: Request) -> dict[str, msgspec.Raw]:
    user_id = request.params["user_id"]
    found = await request.context.db.read(lambda tx: rules.profile(tx, user_id))
    return {field.name: msgspec.Raw(field.value.encode()) for field in found}


async def get_profile(request: Request) -> Any:
    """All of a user's profile."""
    return await _fields(request)


async def get_field(request: Request) -> Any:
    """One field of a user's profile."""
    name = request.params["name"]
    value = (await _fields(request)).get(name)
    if value is None:
        raise NotFound("That user's profile has no such field.")
    return {name: value}


def _own(request: Request) -> tuple[str, str]:
    """The user ID and the field's name in the path.

    Raises:
        Forbidden: it is somebody else's profile.
    """
    user_id, name = request.params["user_id"], request.params["name"]
    if user_id != request.requester.user_id:
        raise Forbidden("Only the user whom a profile describes can change it.")
    rules.check_name(name)
    return user_id, name


async def put_field(request: Request) -> Any:
    """Set one field of the user's own profile."""
    user_id, name = _own(request)
    request.json_object()
    given = request.json(dict[str, msgspec.Raw]).get(name)
    if given is None:
        raise MissingParam(name)
    value = rules.check_value(name, given)
    await request.context.db.write(lambda tx: rules.put(tx, user_id, name, value))
    return {}


async def delete_field(request: Request) -> Any:
    """Remove one field of the user's own profile."""
    user_id, name = _own(request)
    await request.context.db.write(lambda tx: rules.delete(tx, user_id, name))
    return {}


_FIELD = "profile/{user_id}/{name}"
_WHOLE = "profile/{user_id}"
_FIELD_SPEC = "GET /profile/{userId}/{keyName}"
# Anybody may look, as the specification has it; a token that is sent must still be valid.
routes = [
    client("GET", _WHOLE, get_profile, spec="GET /profile/{userId}", auth=Auth.OPTIONAL),
    client("GET", _FIELD, get_field, spec=_FIELD_SPEC, auth=Auth.OPTIONAL),
    client("PUT", _FIELD, put_field, spec="PUT /profile/{userId}/{keyName}"),
    client("DELETE", _FIELD, delete_field, spec="DELETE /profile/{userId}/{keyName}"),
]
