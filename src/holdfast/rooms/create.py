"""Making rooms (Client-Server API, `POST /createRoom`)."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.rooms.append import create
from holdfast.rooms.events import Draft
from holdfast.rooms.versions import version


class CreateBody(msgspec.Struct):
    """What a client asks for."""

    room_version: str | None = None
    invite: list[str] = []
    name: str | None = None


def make_room(tx: Tx, request: Request, body: CreateBody) -> str:
    """Make a room; return its ID."""
    me = request.requester
    made = version(body.room_version or request.context.settings.default_room_version)
    room_id = "" if made.creators_above_all else f"!{request.id}:hold.example"

    def draft(kind: str, content: dict[str, Any], state_key: str = "") -> Draft:
        return Draft(room_id, kind, me.user_id, content, state_key, device_id=me.device_id)

    drafts = [
        draft("m.room.create", {"room_version": made.number}),
        draft("m.room.member", {"membership": "join"}, me.user_id),
        draft("m.room.join_rules", {"join_rule": "invite"}),
        draft("m.room.history_visibility", {"history_visibility": "shared"}),
        *[draft("m.room.member", {"membership": "invite"}, user_id) for user_id in body.invite],
    ]
    return create(tx, request.context.signer, made, drafts, request.context.now)[0].room_id
