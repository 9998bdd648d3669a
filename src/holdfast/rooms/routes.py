"""What clients ask about rooms when they start, where the true answer is "there are none"."""

from typing import Any

from holdfast.kit.http import Auth, Request, client


async def get_joined_rooms(_request: Request) -> Any:
    """The rooms the user is in."""
    return {"joined_rooms": []}


async def public_rooms(_request: Request) -> Any:
    """The rooms everybody may find."""
    return {"chunk": [], "total_room_count_estimate": 0}


routes = [
    client("GET", "joined_rooms", get_joined_rooms, spec="GET /joined_rooms"),
    client("GET", "publicRooms", public_rooms, spec="GET /publicRooms", auth=Auth.OPTIONAL),
    client("POST", "publicRooms", public_rooms, spec="POST /publicRooms"),
]
