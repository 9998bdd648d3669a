"""Replacing a room by one of another version (Client-Server API, "Room Upgrades")."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, NotFound
from holdfast.kit.http import Request
from holdfast.profile import rules as profile
from holdfast.rooms import aliases, state
from holdfast.rooms.append import append, lock
from holdfast.rooms.auth.power import Power
from holdfast.rooms.create import build, room_id_for
from holdfast.rooms.events import Draft
from holdfast.rooms.new_room import TOMBSTONE, CreateBody, Plan, StateBody
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.state import CREATE, MEMBER, POWER_LEVELS, State
from holdfast.rooms.versions import VERSIONS, RoomVersion, version

COPIED = (
    "m.room.server_acl",
    "m.room.encryption",
    "m.room.name",
    "m.room.avatar",
    "m.room.topic",
    "m.room.guest_access",
    "m.room.history_visibility",
    "m.room.join_rules",
    "m.space.child",
)
CLOSED_BELOW = 50


class UpgradeBody(msgspec.Struct):
    """To which version, and who shall have made the new room beside the user who asks."""

    new_version: str
    additional_creators: list[str] = []


def upgrade(tx: Tx, request: Request, old_room: str, body: UpgradeBody) -> str:
    """Replace a room; return the ID of the new one. All of it happens, or nothing.

    What the old room was like goes with it: names, encryption, rules, power, bans, its aliases and
    its place in the directory. Its members are asked in by their clients, as they see its end.

    Raises:
        MatrixError: `M_UNSUPPORTED_ROOM_VERSION`.
        NotFound: there is no such room.
        Forbidden: the user may not end the old room.
    """
    me, made = request.requester, version(body.new_version)
    lock(tx, [old_room])
    rows = state_sql.rooms(tx, [old_room])
    if not rows:
        raise NotFound("There is no such room here.")
    events = state.current(tx, old_room)
    old, was = State(events), VERSIONS[rows[0].version]
    power = Power(was, old)
    if old.member(me.user_id) != "join":
        raise Forbidden("You are not in this room.")
    if power.of(me.user_id) < power.to_send(TOMBSTONE, is_state=True):
        raise Forbidden("You may not replace this room by another one.")
    wanted = _wanted(request, old, body, made)
    plan = Plan(
        room_id_for(request, made),
        made,
        me.user_id,
        me.device_id,
        None,
        False,
        profile.shown(tx, [me.user_id]),
        {"room_id": old_room} if made.creators_above_all else _last(rows[0]),
    )
    new_room = build(tx, request, wanted, plan)
    _close(tx, request, old_room, new_room, power)
    aliases.move(tx, old_room, new_room)
    _follow(tx, request, old, new_room)
    return new_room


def _last(row: state_sql.RoomRow) -> dict[str, str]:
    """The old room and its newest event, as the create event names it up to version 11."""
    return {"room_id": row.room_id, "event_id": row.newest_event_id}


def _wanted(request: Request, old: State, body: UpgradeBody, made: RoomVersion) -> CreateBody:
    """What the new room is made from."""
    create = {
        name: value
        for name, value in old.content(CREATE).items()
        if name not in ("additional_creators", "creator", "room_version", "predecessor")
    }
    if made.creators_above_all and body.additional_creators:
        create["additional_creators"] = body.additional_creators
    initial = [
        StateBody(key[0], dict(old.content(key)), key[1])
        for key in old
        if key[0] in COPIED and old.content(key)
    ]
    return CreateBody(
        creation_content=create,
        initial_state=initial,
        power_level_content_override=_levels(request.requester.user_id, old, body, made),
    )


def _levels(user_id: str, old: State, body: UpgradeBody, made: RoomVersion) -> dict[str, Any]:
    """The old power levels, as the new version can have them."""
    levels = msgspec.json.decode(msgspec.json.encode(old.content(POWER_LEVELS)))
    users = levels.get("users") if isinstance(levels.get("users"), dict) else {}
    if made.creators_above_all:
        above = {user_id, *body.additional_creators}
        levels["users"] = {u: level for u, level in users.items() if u not in above}
        events = levels.setdefault("events", {})
        events[TOMBSTONE] = max(150, events.get(TOMBSTONE, 0))
    else:
        levels["users"] = {**users, user_id: max(100, users.get(user_id, 0))}
    return dict(levels)


def _close(tx: Tx, request: Request, old_room: str, new_room: str, power: Power) -> None:
    """End the old room: it names the new one, and where that is possible nobody talks there."""
    me, context = request.requester, request.context

    def draft(kind: str, content: dict[str, Any]) -> Draft:
        return Draft(old_room, kind, me.user_id, content, "", device_id=me.device_id)

    said = {"body": "This room has been replaced", "replacement_room": new_room}
    drafts = [draft(TOMBSTONE, said)]
    own = power.of(me.user_id)
    if own >= power.to_send(POWER_LEVELS[0], is_state=True):
        closed = max(CLOSED_BELOW, power.needed("users_default") + 1)
        if power.needed("events_default") < closed <= own:
            levels = {**power.levels, "events_default": closed, "invite": closed}
            drafts.append(draft(POWER_LEVELS[0], levels))
    append(tx, context.signer, drafts, context.now)


def _follow(tx: Tx, request: Request, old: State, new_room: str) -> None:
    """Bans go with the room, and so does its canonical alias."""
    me, context = request.requester, request.context
    banned = [key[1] for key in old if key[0] == MEMBER and old.member(key[1]) == "ban"]
    drafts = [
        Draft(new_room, MEMBER, me.user_id, {"membership": "ban"}, user_id, device_id=me.device_id)
        for user_id in banned
    ]
    canonical = old.content((aliases.CANONICAL, ""))
    if canonical:
        content = dict(canonical)
        drafts.append(
            Draft(new_room, aliases.CANONICAL, me.user_id, content, "", device_id=me.device_id)
        )
    if drafts:
        append(tx, context.signer, drafts, context.now)
