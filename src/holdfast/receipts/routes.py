"""Receipts over HTTP (Client-Server API, "Receipts" and "Fully read markers")."""

from typing import Any

import msgspec

from holdfast.kit.http import Request, client
from holdfast.receipts import rules
from holdfast.receipts.rules import FULLY_READ, PRIVATE, PUBLIC


class ReceiptBody(msgspec.Struct):
    """In which thread."""

    thread_id: str | None = None


class MarkersBody(msgspec.Struct):
    """Up to which events the user has read."""

    fully_read: str | None = msgspec.field(name=FULLY_READ, default=None)
    read: str | None = msgspec.field(name=PUBLIC, default=None)
    private: str | None = msgspec.field(name=PRIVATE, default=None)


async def post_receipt(request: Request) -> Any:
    """Note that an event was read."""
    params, now, me = request.params, request.context.now, request.requester.user_id
    thread = request.json(ReceiptBody).thread_id if request.body else None
    rules.check(params["type"], thread)
    kinds, room_id = {params["type"]: params["event_id"]}, params["room_id"]
    await request.context.db.write(lambda tx: rules.read(tx, me, room_id, kinds, thread, now))
    return {}


async def post_read_markers(request: Request) -> Any:
    """Note how far the user has read, in several ways at once."""
    body, now, me = request.json(MarkersBody), request.context.now, request.requester.user_id
    given = {FULLY_READ: body.fully_read, PUBLIC: body.read, PRIVATE: body.private}
    kinds = {kind: event_id for kind, event_id in given.items() if event_id is not None}
    room_id = request.params["room_id"]
    await request.context.db.write(lambda tx: rules.read(tx, me, room_id, kinds, None, now))
    return {}


_RECEIPT = "POST /rooms/{roomId}/receipt/{receiptType}/{eventId}"
_MARKERS = "POST /rooms/{roomId}/read_markers"
routes = [
    client("POST", "rooms/{room_id}/receipt/{type}/{event_id}", post_receipt, spec=_RECEIPT),
    client("POST", "rooms/{room_id}/read_markers", post_read_markers, spec=_MARKERS),
]
