"""Pushers over HTTP (Client-Server API, "Push Notifications")."""

from typing import Any

import msgspec

from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request, client
from holdfast.push import rules
from holdfast.push.rules import Pusher
from holdfast.push.shapes import EMAIL, PusherBody, check, pusher_of


async def get_pushers(request: Request) -> Any:
    """The user's pushers."""
    user_id = request.requester.user_id
    found = await request.context.db.read(lambda tx: rules.pushers(tx, user_id))
    return {"pushers": [_shown(pusher) for pusher in found]}


def _shown(pusher: Pusher) -> dict[str, Any]:
    fields = {
        "app_id": pusher.app_id,
        "pushkey": pusher.pushkey,
        "kind": pusher.kind,
        "app_display_name": pusher.app_display_name,
        "device_display_name": pusher.device_display_name,
        "profile_tag": pusher.profile_tag,
        "lang": pusher.lang,
        "data": msgspec.Raw(pusher.data.encode()),
    }
    return {name: value for name, value in fields.items() if value is not None}


async def post_set(request: Request) -> Any:
    """Set or remove a pusher."""
    me, body, now = request.requester, request.json(PusherBody), request.context.now
    check(body)
    if body.kind is None:
        await request.context.db.write(
            lambda tx: rules.delete(tx, me.user_id, body.app_id, body.pushkey)
        )
        return {}
    if body.kind == EMAIL and not request.context.settings.push_emails:
        raise InvalidParam("This server does not notify by mail. Use a pusher of the kind 'http'.")
    pusher = pusher_of(body, body.kind, me.device_id)
    await request.context.db.write(
        lambda tx: rules.put(tx, me.user_id, pusher, append=body.append, now=now)
    )
    return {}


routes = [
    client("GET", "pushers", get_pushers, spec="GET /pushers"),
    client("POST", "pushers/set", post_set, spec="POST /pushers/set"),
]
