"""Simplified Sliding Sync over HTTP (MSC4186), as Element X and Element Web call it."""

import asyncio
from typing import Any

from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request, Route
from holdfast.kit.http.request import is_number
from holdfast.kit.notifier import Waiter
from holdfast.presence import rules as presence
from holdfast.sessions import tokens
from holdfast.sliding_sync import extensions, rules
from holdfast.sliding_sync.rules import Asked, Found
from holdfast.sliding_sync.shapes import Body, check
from holdfast.sync.poll import ended_by_hanging_up, until_expiry
from holdfast.sync.shapes import MOST_WAITING_MS
from holdfast.to_device import feed as to_device


async def post_sync(request: Request) -> Any:
    """What is new of the rooms that the client looks at, as soon as something is."""
    body = request.json(Body)
    check(body)
    extensions.since_of(body.extensions.to_device)
    pos = request.query("pos")
    if pos is not None and not is_number(pos):
        raise MatrixError(400, "M_UNKNOWN_POS", "That position is unknown here. Begin anew.")
    timeout = request.query_number("timeout", 0, least=0, most=MOST_WAITING_MS)
    state = presence.state_of(request.query("set_presence") or "online")
    await presence.seen(request.context, request.requester.user_id, state)
    return await _news(request, Asked(body, None if pos is None else int(pos), timeout))


async def _news(request: Request, asked: Asked) -> Any:
    with request.context.notifier.waiter(request.requester.user_id) as waiter:
        found = await _look(request, asked)
        if found.acknowledged:
            upto = extensions.since_of(asked.body.extensions.to_device)
            await request.context.db.write(lambda tx: to_device.acknowledge(tx, found.device, upto))
        if not found.has_news and asked.timeout_ms:
            async with ended_by_hanging_up(request, waiter) as hung_up:
                found = await _wait(request, asked, waiter, hung_up, found)
    return await _told(request, asked, found)


async def _wait(
    request: Request, asked: Asked, waiter: Waiter, hung_up: "asyncio.Task[None]", found: Found
) -> Found:
    loop, notifier = asyncio.get_running_loop(), request.context.notifier
    deadline = loop.time() + asked.timeout_ms / 1000
    while not (found.has_news or notifier.closing):
        left_ms = int((deadline - loop.time()) * 1000)
        if left_ms <= 0:
            break
        await waiter.wait(until_expiry(request, left_ms))
        if hung_up.done():
            raise MatrixError(499, "M_UNKNOWN", "The client has hung up.")
        found = await _look(request, asked)
    return found


async def _told(request: Request, asked: Asked, found: Found) -> Any:
    """The answer; where nothing is new, the client stays where it is."""
    me, now, answer = request.requester, request.context.now, found.answer
    if not found.has_news and asked.pos is not None:
        answer.pos = str(asked.pos)
        return answer
    pos = await request.context.db.write(lambda tx: rules.remember(tx, me, asked, found, now))
    answer.pos = str(pos)
    return answer


async def _look(request: Request, asked: Asked) -> Found:
    me, token, now = request.requester, request.access_token or "", request.context.now

    def look(tx: Any) -> Found:
        tokens.still_signed_in(tx, token, now)
        return rules.look(tx, me, asked, now)

    return await request.context.db.read(look)


_SYNC = "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync"
routes: list[Route] = [
    Route("POST", (_SYNC,), post_sync, spec="MSC4186: Simplified Sliding Sync"),
]
