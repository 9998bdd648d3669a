"""Reading rooms over HTTP."""

from typing import Any

from holdfast.kit.http import Request, Route, client
from holdfast.rooms import members


async def get_joined_rooms(request: Request) -> Any:
    """The rooms the user is in."""
    user_id = request.requester.user_id
    found = await request.context.db.read(lambda tx: members.joined_rooms(tx, user_id))
    return {"joined_rooms": found}


routes: list[Route] = [
    client("GET", "joined_rooms", get_joined_rooms, spec="GET /joined_rooms"),
]
