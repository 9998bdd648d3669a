"""Administration and reports over HTTP (Client-Server API)."""

from typing import Any

import msgspec

from holdfast.admin import reports, rules
from holdfast.admin.rules import Restriction
from holdfast.kit.db import Tx
from holdfast.kit.http import Request, Route, client


class ReasonBody(msgspec.Struct):
    """Why something is reported."""

    reason: str | None = None


class LockBody(msgspec.Struct):
    """Whether an account shall be locked."""

    locked: bool


class SuspendBody(msgspec.Struct):
    """Whether an account shall be suspended."""

    suspended: bool


async def get_whois(request: Request) -> Any:
    """The sessions of a user."""
    me, user_id = request.requester.user_id, request.params["user_id"]
    return await request.context.db.read(lambda tx: rules.whois(tx, me, user_id))


async def get_lock(request: Request) -> Any:
    """Whether an account is locked."""
    return await _state(request, "locked")


async def get_suspend(request: Request) -> Any:
    """Whether an account is suspended."""
    return await _state(request, "suspended")


async def put_lock(request: Request) -> Any:
    """Lock an account, or let it free again."""
    return await _restrict(request, "locked", on=request.json(LockBody).locked)


async def put_suspend(request: Request) -> Any:
    """Suspend an account, or let it write again."""
    return await _restrict(request, "suspended", on=request.json(SuspendBody).suspended)


async def _state(request: Request, what: Restriction) -> Any:
    me, user_id = request.requester.user_id, request.params["user_id"]
    server_name = request.context.settings.server_name
    account = await request.context.db.read(lambda tx: rules.target(tx, me, user_id, server_name))
    return {what: rules.since(account, what) is not None}


async def _restrict(request: Request, what: Restriction, *, on: bool) -> Any:
    me, user_id, now = request.requester.user_id, request.params["user_id"], request.context.now
    server_name = request.context.settings.server_name

    def act(tx: Tx) -> None:
        tx.lock(f"user {user_id}")
        account = rules.target(tx, me, user_id, server_name)
        rules.restrict(tx, account, what, now, me, on=on)

    await request.context.db.write(act)
    return {what: on}


def _reported(request: Request) -> tuple[str, str, int]:
    """Who reports, why, and when."""
    settings = request.context.settings
    me = request.requester.user_id
    request.context.limits.take("report", settings.membership_limit, me)
    return me, reports.check_reason(request.json(ReasonBody).reason), request.context.now


async def post_report_event(request: Request) -> Any:
    """Report an event."""
    me, reason, now = _reported(request)
    room_id, event_id = request.params["room_id"], request.params["event_id"]
    await request.context.db.write(lambda tx: reports.event(tx, me, room_id, event_id, reason, now))
    return {}


async def post_report_room(request: Request) -> Any:
    """Report a room."""
    (me, reason, now), room_id = _reported(request), request.params["room_id"]
    await request.context.db.write(lambda tx: reports.room(tx, me, room_id, reason, now))
    return {}


async def post_report_user(request: Request) -> Any:
    """Report a user."""
    (me, reason, now), user_id = _reported(request), request.params["user_id"]
    await request.context.db.write(lambda tx: reports.user(tx, me, user_id, reason, now))
    return {}


_LOCK, _SUSPEND = "admin/lock/{user_id}", "admin/suspend/{user_id}"
_EVENT = "POST /rooms/{roomId}/report/{eventId}"
_V1 = ("v1",)
routes: list[Route] = [
    client("GET", "admin/whois/{user_id}", get_whois, spec="GET /admin/whois/{userId}"),
    client("GET", _LOCK, get_lock, spec="GET /admin/lock/{userId}", versions=_V1),
    client("PUT", _LOCK, put_lock, spec="PUT /admin/lock/{userId}", versions=_V1),
    client("GET", _SUSPEND, get_suspend, spec="GET /admin/suspend/{userId}", versions=_V1),
    client("PUT", _SUSPEND, put_suspend, spec="PUT /admin/suspend/{userId}", versions=_V1),
    client("POST", "rooms/{room_id}/report", post_report_room, spec="POST /rooms/{roomId}/report"),
    client("POST", "rooms/{room_id}/report/{event_id}", post_report_event, spec=_EVENT),
    client("POST", "users/{user_id}/report", post_report_user, spec="POST /users/{userId}/report"),
]
