"""Dehydrated devices over HTTP (MSC3814)."""

import asyncio
from typing import Any

import msgspec

from holdfast.dehydrated_devices import rules
from holdfast.dehydrated_devices.rules import Dehydrated
from holdfast.dehydrated_devices.shapes import Page, PutBody, Shown, page_asked_for, token_of
from holdfast.device_keys import publish
from holdfast.device_keys.uploads import check
from holdfast.kit.http import Request, client
from holdfast.kit.http.request import utf8


async def put_device(request: Request) -> Any:
    """Store the user's dehydrated device, in place of the one before."""
    me, db = request.requester, request.context.db
    body = request.json(PutBody)
    body.check()
    device = Dehydrated(body.device_id, utf8(body.device_data))
    before = await db.peek(lambda tx: publish.published(tx, me.user_id, body.device_id))
    checked = await asyncio.to_thread(check, me.user_id, body.device_id, body, before)
    name = body.initial_device_display_name
    await db.write(lambda tx: rules.put(tx, request, device, name, checked))
    return {"device_id": body.device_id}


async def get_device(request: Request) -> Any:
    """The user's dehydrated device."""
    user_id = request.requester.user_id
    found = await request.context.db.peek(lambda tx: rules.get(tx, user_id))
    return Shown(found.device_id, msgspec.Raw(found.device_data.encode()))


async def delete_device(request: Request) -> Any:
    """Delete the user's dehydrated device."""
    return {"device_id": await request.context.db.write(lambda tx: rules.delete(tx, request))}


async def post_events(request: Request) -> Any:
    """A page of what was sent to the dehydrated device; who gets an empty one has all."""
    page, _ = await _page(request)
    return page


async def get_events(request: Request) -> Any:
    """The same for clients that ask until an answer has no `next_batch`, as matrix-js-sdk does."""
    page, more = await _page(request)
    return page if more else Page(page.events)


async def _page(request: Request) -> tuple[Page, bool]:
    """The page that is asked for, and whether there may be another one."""
    user_id, device_id = request.requester.user_id, request.params["device_id"]
    after, limit = page_asked_for(request)
    found = await request.context.db.read(
        lambda tx: rules.events(tx, user_id, device_id, after, limit)
    )
    events = [msgspec.Raw(message.encode()) for message in found.messages]
    upto = after if found.upto is None else found.upto
    return Page(events, token_of(upto)), len(events) == limit


_MSC = "MSC3814"
_PREFIX = ("unstable/org.matrix.msc3814.v1",)
_EVENTS = "dehydrated_device/{device_id}/events"
routes = [
    client("PUT", "dehydrated_device", put_device, spec=_MSC, versions=_PREFIX),
    client("GET", "dehydrated_device", get_device, spec=_MSC, versions=_PREFIX),
    client("DELETE", "dehydrated_device", delete_device, spec=_MSC, versions=_PREFIX),
    client("GET", _EVENTS, get_events, spec=_MSC, versions=_PREFIX),
    client("POST", _EVENTS, post_events, spec=_MSC, versions=_PREFIX),
]
