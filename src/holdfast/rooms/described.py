"""What is told of rooms to those who are not in them: in the directory, in spaces, as a summary."""

from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.kit.db import Tx
from holdfast.rooms import state
from holdfast.rooms.auth.membership import RESTRICTED, join_rule
from holdfast.rooms.sql import directory as sql
from holdfast.rooms.sql.directory import Listed
from holdfast.rooms.state import CREATE, HISTORY_VISIBILITY, JOIN_RULES, State

_NAMED = (
    CREATE,
    JOIN_RULES,
    HISTORY_VISIBILITY,
    ("m.room.name", ""),
    ("m.room.topic", ""),
    ("m.room.avatar", ""),
    ("m.room.canonical_alias", ""),
    ("m.room.guest_access", ""),
    ("m.room.encryption", ""),
)


def described(tx: Tx, rooms: Sequence[Listed]) -> dict[str, tuple[dict[str, Any], State]]:
    """By room: what is told of it, and the state it was made from. One statement."""
    found = state.named_in(tx, [each.room_id for each in rooms], *_NAMED) if rooms else {}
    return {each.room_id: (_told(each, found[each.room_id]), found[each.room_id]) for each in rooms}


def listed(tx: Tx, room_ids: Sequence[str]) -> list[Listed]:
    """Rooms with what can be counted of them; those that are not there are left out."""
    return sql.listed(tx, room_ids) if room_ids else []


def _told(room: Listed, said: State) -> dict[str, Any]:
    visibility = said.content(HISTORY_VISIBILITY).get("history_visibility")
    guests = said.content(("m.room.guest_access", "")).get("guest_access")
    told: dict[str, Any] = {
        "room_id": room.room_id,
        "num_joined_members": room.members,
        "world_readable": visibility == "world_readable",
        "guest_can_join": guests == "can_join",
        "join_rule": join_rule(said),
        "room_version": room.version,
    }
    texts = {
        "name": said.content(("m.room.name", "")).get("name"),
        "topic": said.content(("m.room.topic", "")).get("topic"),
        "avatar_url": said.content(("m.room.avatar", "")).get("url"),
        "canonical_alias": said.content(("m.room.canonical_alias", "")).get("alias"),
        "encryption": said.content(("m.room.encryption", "")).get("algorithm"),
        "room_type": room.room_type,
    }
    told |= {name: text for name, text in texts.items() if isinstance(text, str) and text}
    allowed = _allowed(said)
    if allowed:
        told["allowed_room_ids"] = sorted(allowed)
    return told


def _allowed(said: State) -> set[str]:
    if join_rule(said) not in RESTRICTED:
        return set()
    allow = said.content(JOIN_RULES).get("allow")
    named = (
        [each.get("room_id") for each in allow if isinstance(each, Mapping)]
        if isinstance(allow, list)
        else []
    )
    return {each for each in named if isinstance(each, str)}


def may_know(told: Mapping[str, Any], membership: str | None, joined: set[str]) -> bool:
    """Whether somebody may know of a room: who is in it or invited, or could come in or knock.

    Client-Server API, "GET /rooms/{roomId}/hierarchy". `joined` are the rooms the user is in.
    """
    if membership in ("join", "invite"):
        return True
    if told["world_readable"] or told["join_rule"] in ("public", "knock", "knock_restricted"):
        return True
    return bool(joined.intersection(told.get("allowed_room_ids", ())))
