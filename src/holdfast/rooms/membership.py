"""Joining, inviting, knocking, leaving, removing (Client-Server API, "Room membership")."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, MatrixError, NotFound
from holdfast.kit.http import Request
from holdfast.profile import rules as profile
from holdfast.rooms import aliases, members, state
from holdfast.rooms.append import append, lock
from holdfast.rooms.auth.membership import RESTRICTED, join_rule
from holdfast.rooms.auth.power import Power, creators
from holdfast.rooms.create import check_there
from holdfast.rooms.events import Draft
from holdfast.rooms.sql import members as members_sql
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.state import CREATE, JOIN_RULES, MEMBER, POWER_LEVELS
from holdfast.rooms.versions import VERSIONS


class ReasonBody(msgspec.Struct):
    """Why somebody comes or goes; for others to read."""

    reason: str | None = None


class TargetBody(ReasonBody, kw_only=True):
    """Whom it is about."""

    user_id: str


def room_of(tx: Tx, id_or_alias: str) -> str:
    """The room that a client names by its ID or by an alias.

    Raises:
        NotFound: the alias leads nowhere.
    """
    return aliases.resolve(tx, id_or_alias) if id_or_alias.startswith("#") else id_or_alias


def join(tx: Tx, request: Request, id_or_alias: str, reason: str | None) -> str:
    """Join a room; whoever is in it already stays so. Returns the room's ID.

    Raises:
        NotFound: there is no such room.
        Forbidden: it lets the user in only with an invitation, or not at all.
    """
    me, room_id = request.requester.user_id, room_of(tx, id_or_alias)
    lock(tx, [room_id])
    now = members.member(tx, room_id, me)
    if now is not None and now.membership == "join":
        return room_id
    more = {} if now is not None and now.membership == "invite" else _authorised(tx, room_id, me)
    _change(tx, request, room_id, me, "join", reason, more)
    return room_id


def _authorised(tx: Tx, room_id: str, user_id: str) -> dict[str, str]:
    """Who lets a user into a room that is open to the members of other rooms.

    Room Version 8, "Authorization rules": a member of the room who may invite to it.

    Raises:
        Forbidden: the user is in none of those rooms.
    """
    rows = state_sql.rooms(tx, [room_id])
    found = state.named(tx, room_id, CREATE, JOIN_RULES, POWER_LEVELS)
    if not rows or join_rule(found) not in RESTRICTED:
        return {}
    allow = found.content(JOIN_RULES).get("allow")
    named = {
        each.get("room_id")
        for each in (allow if isinstance(allow, list) else [])
        if isinstance(each, dict) and each.get("type") == "m.room_membership"
    }
    if not named.intersection(members.joined_rooms(tx, user_id)):
        raise Forbidden("Only members of certain other rooms can join this room uninvited.")
    version = VERSIONS[rows[0].version]
    power, there = Power(version, found), members.joined(tx, [room_id])
    able = [m.user_id for m in there if power.of(m.user_id) >= power.needed("invite")]
    if not able:
        raise Forbidden(
            "Nobody who is in this room can let you in. Ask for an invitation.",
            "M_UNABLE_TO_GRANT_JOIN",
        )
    first = creators(version, found)
    return {"join_authorised_via_users_server": min(able, key=lambda u: (u not in first, u))}


def knock(tx: Tx, request: Request, id_or_alias: str, reason: str | None) -> str:
    """Ask to be let into a room; returns its ID.

    Raises:
        NotFound, Forbidden: as for `join`.
    """
    room_id = room_of(tx, id_or_alias)
    _change(tx, request, room_id, request.requester.user_id, "knock", reason)
    return room_id


def invite(tx: Tx, request: Request, room_id: str, body: TargetBody) -> None:
    """Invite somebody.

    Raises:
        NotFound: there is no such user, or room.
        Forbidden: the room does not allow it.
    """
    check_there(tx, [body.user_id])
    _change(tx, request, room_id, body.user_id, "invite", body.reason)


def leave(tx: Tx, request: Request, room_id: str, reason: str | None) -> None:
    """Leave a room, decline an invitation, or stop knocking.

    Raises:
        Forbidden: the user never had anything to do with the room.
    """
    me = request.requester.user_id
    lock(tx, [room_id])
    now = members.member(tx, room_id, me)
    if now is None:
        raise Forbidden("You are not in this room.")
    if now.membership != "leave":
        _change(tx, request, room_id, me, "leave", reason)


def kick(tx: Tx, request: Request, room_id: str, body: TargetBody) -> None:
    """Remove somebody from a room, or take an invitation back.

    Raises:
        Forbidden: the user may not, or the other one is not there.
    """
    lock(tx, [room_id])
    target = members.member(tx, room_id, body.user_id)
    if target is None or target.membership not in ("join", "invite", "knock"):
        raise Forbidden("That user is not in the room.")
    _change(tx, request, room_id, body.user_id, "leave", body.reason)


def ban(tx: Tx, request: Request, room_id: str, body: TargetBody) -> None:
    """Remove somebody from a room for good.

    Raises:
        Forbidden: the user may not.
    """
    _change(tx, request, room_id, body.user_id, "ban", body.reason)


def unban(tx: Tx, request: Request, room_id: str, body: TargetBody) -> None:
    """Lift a ban.

    Raises:
        Forbidden: the user may not, or the other one is not banned.
    """
    lock(tx, [room_id])
    target = members.member(tx, room_id, body.user_id)
    if target is None or target.membership != "ban":
        raise Forbidden("That user is not banned from this room.")
    _change(tx, request, room_id, body.user_id, "leave", body.reason)


def forget(tx: Tx, room_id: str, user_id: str) -> None:
    """Let a user hear of a room no more that the user has left.

    Raises:
        MatrixError: `M_UNKNOWN`: the user is still in it.
        NotFound: the user never had anything to do with it.
    """
    lock(tx, [room_id])
    now = members.member(tx, room_id, user_id)
    if now is None:
        raise NotFound("There is no such room here.")
    if now.membership not in ("leave", "ban"):
        raise MatrixError(400, "M_UNKNOWN", "Leave the room first, then it can be forgotten.")
    members_sql.forget(tx, room_id, user_id)


def _change(
    tx: Tx,
    request: Request,
    room_id: str,
    target: str,
    membership: str,
    reason: str | None,
    more: dict[str, Any] | None = None,
) -> None:
    me, context = request.requester, request.context
    shown = profile.shown(tx, [target])[target] if membership in _SHOWN else {}
    content: dict[str, Any] = {**shown, "membership": membership, **(more or {})}
    if reason is not None:
        content["reason"] = reason
    draft = Draft(room_id, MEMBER, me.user_id, content, target, device_id=me.device_id)
    append(tx, context.signer, [draft], context.now)


_SHOWN = ("join", "invite", "knock")
