"""Waiting for news, which costs neither a thread nor a connection nor any work while it lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request
from holdfast.kit.notifier import Waiter
from holdfast.sessions import tokens
from holdfast.sync import rules
from holdfast.sync.shapes import Answer, Asked, Found


async def news(request: Request, asked: Asked) -> Answer:
    """What is new, as soon as something is; nothing new once `asked.timeout_ms` have passed.

    The waiter is there before the first look, so nothing slips through between a look and a
    sleep. Each look, the first one too, sees whether the session is still signed in: when it is
    locked or removed, or its access token expires, the wait ends at once.

    Raises:
        UnknownToken: the session may not ask (any more).
    """
    with request.context.notifier.waiter(request.requester.user_id) as waiter:
        found = await _look(request, asked)
        if found.acknowledged and (since := asked.since):
            await request.context.db.write(lambda tx: rules.acknowledge(tx, found.device, since))
        if found.has_news or asked.at_once:
            return found.answer
        async with ended_by_hanging_up(request, waiter) as hung_up:
            return await _wait(request, asked, waiter, hung_up, found)


async def _wait(
    request: Request, asked: Asked, waiter: Waiter, hung_up: "asyncio.Task[None]", found: Found
) -> Answer:
    loop, notifier = asyncio.get_running_loop(), request.context.notifier
    deadline = loop.time() + asked.timeout_ms / 1000
    while not notifier.closing:
        left_ms = int((deadline - loop.time()) * 1000)
        if left_ms <= 0:
            break
        await waiter.wait(until_expiry(request, left_ms))
        if hung_up.done():
            raise MatrixError(499, "M_UNKNOWN", "The client has hung up.")
        found = await _look(request, _going_on(asked, found))
        if found.has_news:
            return found.answer
    return (await _look(request, replace(_going_on(asked, found), timeout_ms=0))).answer


def _going_on(asked: Asked, found: Found) -> Asked:
    """What was looked at brought nothing for this client: go on from there."""
    return replace(asked, since=found.position, device=found.device)


def until_expiry(request: Request, left_ms: int) -> int:
    """How long to sleep: no longer than the access token lives."""
    expires_at = request.requester.expires_at
    if expires_at is None:
        return left_ms
    return max(0, min(left_ms, expires_at - request.context.now))


async def _look(request: Request, asked: Asked) -> Found:
    me, token, now = request.requester, request.access_token or "", request.context.now

    def look(tx: Tx) -> Found:
        tokens.still_signed_in(tx, token, now)
        found = rules.changes(tx, me, asked, now)
        if found.has_news or asked.at_once:
            rules.complete(tx, me, found.answer)
        return found

    return await request.context.db.read(look)


@asynccontextmanager
async def ended_by_hanging_up(
    request: Request, waiter: Waiter
) -> AsyncIterator["asyncio.Task[None]"]:
    """Watch the connection; when the client hangs up, the waiter wakes."""
    task = asyncio.create_task(request.hung_up())
    task.add_done_callback(lambda _task: waiter.wake())
    try:
        yield task
    finally:
        task.cancel()
