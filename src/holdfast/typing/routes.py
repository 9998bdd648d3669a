"""Typing over HTTP (Client-Server API, "Typing Notifications")."""

from typing import Any

import msgspec

from holdfast.kit.errors import Forbidden
from holdfast.kit.http import Request, client
from holdfast.typing import rules
from holdfast.typing.rules import DEFAULT_MS, LONGEST_MS


class TypingBody(msgspec.Struct):
    """Whether the user is typing, and for how many milliseconds that holds."""

    typing: bool
    timeout: int = DEFAULT_MS


async def put_typing(request: Request) -> Any:
    """Tell whether the user is typing."""
    context, room_id, user_id = (
        request.context,
        request.params["room_id"],
        request.params["user_id"],
    )
    if user_id != request.requester.user_id:
        raise Forbidden("Nobody can type for somebody else.")
    body, now = request.json(TypingBody), context.now
    if not body.typing:
        await context.db.write(lambda tx: rules.stop(tx, room_id, user_id))
        return {}
    timeout = max(1, min(body.timeout, LONGEST_MS))
    await context.db.write(lambda tx: rules.start(tx, room_id, user_id, now + timeout, now))
    context.later.put(("typing", room_id, user_id), timeout, lambda: rules.end(context))
    return {}


_TYPING = "PUT /rooms/{roomId}/typing/{userId}"
routes = [client("PUT", "rooms/{room_id}/typing/{user_id}", put_typing, spec=_TYPING)]
