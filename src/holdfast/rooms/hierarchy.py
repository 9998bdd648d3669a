"""Spaces and what is in them (Client-Server API, "Spaces"), and summaries of single rooms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam, NotFound
from holdfast.rooms import members, state
from holdfast.rooms.described import described, listed, may_know
from holdfast.rooms.events import Event
from holdfast.rooms.shown import stripped
from holdfast.rooms.state import State

CHILD = "m.space.child"
LIMIT, MOST = 50, 200
DEEPEST = 10
MOST_ROOMS = 1000
_ORDER = re.compile(r"[\x20-\x7e]{1,50}")


@dataclass(frozen=True)
class Asked:
    """A page of a space: how deep, which children, from where."""

    room_id: str
    suggested_only: bool
    max_depth: int
    limit: int
    start: str | None


@dataclass
class _Walk:
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    children: dict[str, list[Event]] = field(default_factory=dict)


def page(tx: Tx, user_id: str | None, asked: Asked) -> dict[str, Any]:
    """A space's rooms in the order in which one walks through it, depth first.

    Rooms that the user may not know of are left out. As many statements as the space is deep.

    Raises:
        Forbidden: the user may not know of the space itself.
        InvalidParam: `from` is no token out of an earlier answer.
    """
    walk = _walk(tx, user_id, asked)
    if asked.room_id not in walk.told:
        raise Forbidden("There is no such room, or you may not know of it.")
    order = _in_order(walk, asked.room_id, min(asked.max_depth, DEEPEST))
    start = 0
    if asked.start is not None:
        if asked.start not in order:
            raise InvalidParam("from must be a token out of an earlier answer.")
        start = order.index(asked.start)
    end = start + min(asked.limit, MOST)
    rooms = [{**walk.told[r], "children_state": _shown(walk.children[r])} for r in order[start:end]]
    return {"rooms": rooms} | ({"next_batch": order[end]} if end < len(order) else {})


def _walk(tx: Tx, user_id: str | None, asked: Asked) -> _Walk:
    """Everything there is to walk through, one level after the other."""
    walk, level, seen = _Walk(), [asked.room_id], {asked.room_id}
    joined = set(members.joined_rooms(tx, user_id)) if user_id else set()
    for _depth in range(min(asked.max_depth, DEEPEST) + 1):
        if not level or len(seen) > MOST_ROOMS:
            break
        known = _known(tx, user_id, level, joined)
        walk.told |= known
        children = _children(tx, [r for r in known if known[r].get("room_type") == "m.space"])
        for room_id in known:
            found = children.get(room_id, [])
            walk.children[room_id] = [
                e for e in found if not asked.suggested_only or _says(e).get("suggested") is True
            ]
        named = [str(e.state_key) for r in known for e in walk.children[r]]
        level = [room_id for room_id in dict.fromkeys(named) if room_id not in seen]
        seen.update(level)
    return walk


def _known(
    tx: Tx, user_id: str | None, room_ids: Sequence[str], joined: set[str]
) -> dict[str, dict[str, Any]]:
    """Those of some rooms that a user may know of, with what is told of them."""
    told = described(tx, listed(tx, room_ids))
    parts = members.parts_in(tx, user_id, room_ids) if user_id else {}
    return {
        room_id: told[room_id][0]
        for room_id in room_ids
        if room_id in told and may_know(told[room_id][0], parts.get(room_id), joined)
    }


def _says(event: Event) -> Mapping[str, Any]:
    return State([event]).content((event.type, event.state_key or ""))


def _children(tx: Tx, room_ids: Sequence[str]) -> dict[str, list[Event]]:
    """The children of some spaces, in the order in which they are shown."""
    found: dict[str, list[Event]] = {}
    for event in state.of_type(tx, room_ids, CHILD) if room_ids else []:
        via = _says(event).get("via")
        if isinstance(via, list) and via:
            found.setdefault(event.room_id, []).append(event)
    for events in found.values():
        events.sort(key=_place)
    return found


def _place(event: Event) -> tuple[bool, str, int, str]:
    """By `order` where that is valid, then by age, then by ID (`m.space.child`, "Ordering")."""
    order = _says(event).get("order")
    valid = order if isinstance(order, str) and _ORDER.fullmatch(order) else None
    return (valid is None, valid or "", event.origin_server_ts, event.state_key or "")


def _in_order(walk: _Walk, root: str, deepest: int) -> list[str]:
    found: dict[str, None] = {}
    stack = [(root, 0)]
    while stack:
        room_id, depth = stack.pop()
        if room_id in found or room_id not in walk.told:
            continue
        found[room_id] = None
        if depth < deepest:
            stack += [(str(e.state_key), depth + 1) for e in reversed(walk.children[room_id])]
    return list(found)


def _shown(children: Sequence[Event]) -> list[dict[str, Any]]:
    return [{**stripped(e), "origin_server_ts": e.origin_server_ts} for e in children]


def summary(tx: Tx, user_id: str | None, room_id: str) -> dict[str, Any]:
    """What is told of one room, and what the user is in it (`GET /room_summary/{roomIdOrAlias}`).

    Raises:
        NotFound: there is no such room, or the user may not know of it.
    """
    joined = set(members.joined_rooms(tx, user_id)) if user_id else set()
    known = _known(tx, user_id, [room_id], joined)
    if room_id not in known:
        raise NotFound("There is no such room, or you may not know of it.")
    part = members.parts_in(tx, user_id, [room_id]).get(room_id) if user_id else None
    return known[room_id] | ({"membership": part or "leave"} if user_id else {})
