"""What leads out of this server: calls, and other networks (of which there are none)."""

import base64
import hashlib
import hmac
from typing import Any

from holdfast.kit.errors import NotFound
from holdfast.kit.http import Request, Route, client


async def get_turn_server(request: Request) -> Any:
    """TURN servers, and what to sign in to them with for a while.

    The user name holds the time at which it ends, the password proves that we have made it (the
    "TURN REST API", as coturn and others know it).
    """
    settings = request.context.settings
    if not (settings.turn_uris and settings.turn_secret):
        return {}
    until = request.context.now // 1000 + settings.turn_lifetime
    name = f"{until}:{request.requester.user_id}"
    proof = hmac.new(settings.turn_secret.encode(), name.encode(), hashlib.sha1).digest()
    return {
        "username": name,
        "password": base64.b64encode(proof).decode(),
        "uris": settings.turn_uris.split(),
        "ttl": settings.turn_lifetime,
    }


async def get_protocols(_request: Request) -> Any:
    """Other networks that can be reached: none."""
    return {}


async def get_nothing(_request: Request) -> Any:
    """Rooms and users of other networks by what they are called there: none."""
    return []


async def get_no_protocol(_request: Request) -> Any:
    """What belongs to another network."""
    raise NotFound("This server is connected to no other network.")


_LOCATION, _USER = "thirdparty/location", "thirdparty/user"
routes: list[Route] = [
    client("GET", "voip/turnServer", get_turn_server, spec="GET /voip/turnServer"),
    client("GET", "thirdparty/protocols", get_protocols, spec="GET /thirdparty/protocols"),
    client(
        "GET",
        "thirdparty/protocol/{protocol}",
        get_no_protocol,
        spec="GET /thirdparty/protocol/{protocol}",
    ),
    client("GET", _LOCATION, get_nothing, spec="GET /thirdparty/location"),
    client("GET", _USER, get_nothing, spec="GET /thirdparty/user"),
    client(
        "GET",
        f"{_LOCATION}/{{protocol}}",
        get_no_protocol,
        spec="GET /thirdparty/location/{protocol}",
    ),
    client(
        "GET",
        f"{_USER}/{{protocol}}",
        get_no_protocol,
        spec="GET /thirdparty/user/{protocol}",
    ),
]
