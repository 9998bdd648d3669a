"""Reading profiles over HTTP (Client-Server API, "Profiles"). Rooms show them: see `people`."""

from typing import Any

import msgspec

from holdfast.kit.errors import NotFound
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


_FIELD = "profile/{user_id}/{name}"
_WHOLE = "profile/{user_id}"
_FIELD_SPEC = "GET /profile/{userId}/{keyName}"
# Anybody may look, as the specification has it; a token that is sent must still be valid.
routes = [
    client("GET", _WHOLE, get_profile, spec="GET /profile/{userId}", auth=Auth.OPTIONAL),
    client("GET", _FIELD, get_field, spec=_FIELD_SPEC, auth=Auth.OPTIONAL),
]
