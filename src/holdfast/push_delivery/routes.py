"""What a user was notified of, over HTTP (Client-Server API, "Listing Notifications")."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request, Route, client
from holdfast.push import counting
from holdfast.rooms import reading
from holdfast.rooms.shown import Viewer, shown
from holdfast.rooms.tokens import place_of, token_of
from holdfast.rooms.visibility import FOREVER

LIMIT, MOST = 20, 200


async def get_notifications(request: Request) -> Any:
    """A page of what the user was notified of, the newest first."""
    me, now = request.requester, request.context.now
    limit = request.query_number("limit", LIMIT, least=1, most=MOST)
    start, only = request.query("from"), request.query("only")
    if only not in (None, "", "highlight"):
        raise InvalidParam("only is highlight.")
    before = place_of("from", start) if start else FOREVER
    viewer = Viewer(me.user_id, me.device_id)

    def look(tx: Tx) -> Any:
        found = counting.page(tx, me.user_id, before, limit + 1, highlights=only == "highlight")
        ids = [each.event_id for each in found[:limit]]
        events = reading.events_by_id(tx, me.user_id, ids)
        told = {each["event_id"]: each for each in shown(tx, events, viewer, now)}
        answer: dict[str, Any] = {
            "notifications": [
                {
                    "actions": msgspec.Raw(each.actions.encode()),
                    "event": told[each.event_id],
                    "read": bool(each.is_read),
                    "room_id": each.room_id,
                    "ts": each.at,
                }
                for each in found[:limit]
                if each.event_id in told
            ]
        }
        if len(found) > limit:
            answer["next_token"] = token_of(found[limit - 1].position)
        return answer

    return await request.context.db.read(look)


routes: list[Route] = [
    client("GET", "notifications", get_notifications, spec="GET /notifications"),
]
