"""The public directory and aliases over HTTP (Client-Server API, "Listing rooms")."""

from typing import Any

from holdfast.kit.http import Auth, Request, Route, client


async def public_rooms(_request: Request) -> Any:
    """The rooms everybody may find."""
    return {"chunk": [], "total_room_count_estimate": 0}


routes: list[Route] = [
    client("GET", "publicRooms", public_rooms, spec="GET /publicRooms", auth=Auth.OPTIONAL),
    client("POST", "publicRooms", public_rooms, spec="POST /publicRooms"),
]
