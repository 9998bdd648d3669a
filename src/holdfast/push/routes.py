"""Pushers over HTTP (Client-Server API, "Push Notifications")."""

from typing import Any

import msgspec

from holdfast.kit.errors import InvalidParam, MissingParam
from holdfast.kit.http import Request, client
from holdfast.kit.http.request import decode
from holdfast.push import rules
from holdfast.push.rules import Pusher

APP_ID_LENGTH = 64
PUSHKEY_BYTES = 512


class PusherBody(msgspec.Struct):
    """A pusher to set; with `kind` null, one to remove."""

    app_id: str
    pushkey: str
    kind: str | None
    app_display_name: str | None = None
    device_display_name: str | None = None
    profile_tag: str | None = None
    lang: str | None = None
    data: msgspec.Raw | None = None
    append: bool = False


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
    if body.kind is None:
        await request.context.db.write(
            lambda tx: rules.delete(tx, me.user_id, body.app_id, body.pushkey)
        )
        return {}
    pusher = _pusher(body, body.kind, me.device_id)
    await request.context.db.write(
        lambda tx: rules.put(tx, me.user_id, pusher, append=body.append, now=now)
    )
    return {}


def _pusher(body: PusherBody, kind: str, device_id: str) -> Pusher:
    if len(body.app_id) > APP_ID_LENGTH or len(body.pushkey.encode()) > PUSHKEY_BYTES:
        raise InvalidParam(
            f"An app_id has at most {APP_ID_LENGTH} characters, a pushkey {PUSHKEY_BYTES} bytes."
        )
    for name in ("app_display_name", "device_display_name", "lang", "data"):
        if getattr(body, name) is None:
            raise MissingParam(name)
    return Pusher(
        body.app_id,
        body.pushkey,
        device_id,
        kind,
        body.app_display_name or "",
        body.device_display_name or "",
        body.profile_tag,
        body.lang or "",
        _object(body.data or msgspec.Raw(b"{}")),
    )


def _object(raw: msgspec.Raw) -> str:
    """A JSON object as it was sent: numbers that we could not write again stay as they are."""
    decode(raw, dict[str, Any])
    return bytes(raw).decode()


routes = [
    client("GET", "pushers", get_pushers, spec="GET /pushers"),
    client("POST", "pushers/set", post_set, spec="POST /pushers/set"),
]
