"""Changing one's profile, which rooms then show (Client-Server API, "Events on Change")."""

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.profile import rules as profile
from holdfast.rooms import members
from holdfast.rooms.append import append
from holdfast.rooms.events import Draft
from holdfast.rooms.state import MEMBER, named_in

IN_ROOMS = ("displayname", "avatar_url")


def put_field(tx: Tx, request: Request, name: str, value: str | None) -> None:
    """Set a field of the own profile, or remove it; rooms are told where they show it.

    As many statements for a thousand rooms as for one.

    Raises:
        MatrixError: `M_PROFILE_TOO_LARGE`.
    """
    me, context = request.requester, request.context
    if name not in IN_ROOMS:
        profile.put(tx, me.user_id, name, value)
        return
    before = profile.shown(tx, [me.user_id])[me.user_id]
    profile.put(tx, me.user_id, name, value)
    text = None if value is None else msgspec.json.decode(value)
    if before.get(name) == text:
        return
    drafts = _member_events(tx, me.user_id, me.device_id, name, text)
    if drafts:
        append(tx, context.signer, drafts, context.now, check=False)


def _member_events(
    tx: Tx, user_id: str, device_id: str, name: str, text: str | None
) -> list[Draft]:
    """The user's member events with another name or picture, for every room the user is in."""
    rooms, key = members.joined_rooms(tx, user_id), (MEMBER, user_id)
    found = []
    for room_id, said in (named_in(tx, rooms, key) if rooms else {}).items():
        content = {k: v for k, v in said.content(key).items() if k not in (name, "reason")}
        if text is not None:
            content[name] = text
        found.append(Draft(room_id, MEMBER, user_id, content, user_id, device_id=device_id))
    return found
