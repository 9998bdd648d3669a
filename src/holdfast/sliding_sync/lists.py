"""Which rooms a client's lists hold, the one where something was said last first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from holdfast.account_data import rules as account_data
from holdfast.account_data import tags
from holdfast.kit.db import Tx
from holdfast.rooms import state, timelines
from holdfast.rooms.state import CREATE, State
from holdfast.rooms.timelines import Part
from holdfast.sliding_sync.shapes import Body, Filters, RoomConfig

SHOWN = ("join", "invite", "knock")
ENCRYPTION, NAME = ("m.room.encryption", ""), ("m.room.name", "")


@dataclass
class Window:
    """The rooms that a client looks at, and what it wants to know of each.

    `parts` has all rooms of the user, `bumped` where something was said last in each.
    """

    parts: dict[str, Part]
    bumped: dict[str, int]
    direct: set[str]
    rooms: dict[str, RoomConfig] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def window(tx: Tx, user_id: str, body: Body) -> Window:
    """What a client looks at now. The number of statements is fixed."""
    parts = {p.room_id: p for p in timelines.parts(tx, user_id, 0) if not p.forgotten}
    shown = [room_id for room_id, part in parts.items() if part.membership in SHOWN]
    bumped = timelines.bumped(tx, shown)
    bumped |= {r: p.position for r, p in parts.items() if p.membership != "join"}
    found = Window(parts, bumped, _direct(tx, user_id))
    order = sorted(shown, key=lambda room_id: -bumped.get(room_id, 0))
    known = _Known(tx, user_id, shown, body)
    for name, asked in body.lists.items():
        chosen = [r for r in order if _passes(asked.filters, found, r, known)]
        found.counts[name] = len(chosen)
        for first, last in asked.ranges:
            for room_id in chosen[first : last + 1]:
                _add(found, room_id, asked)
    for room_id, config in body.room_subscriptions.items():
        if room_id in parts:
            _add(found, room_id, config)
    return found


def _add(found: Window, room_id: str, asked: RoomConfig) -> None:
    before = found.rooms.get(room_id, RoomConfig())
    found.rooms[room_id] = RoomConfig(
        max(before.timeline_limit, asked.timeline_limit),
        list(dict.fromkeys([*before.required_state, *asked.required_state])),
    )


def _direct(tx: Tx, user_id: str) -> set[str]:
    """The rooms that a user has marked as direct messages (`m.direct`)."""
    content = account_data.get(tx, user_id, account_data.NO_ROOM, "m.direct")
    found = msgspec.json.decode(content) if content else {}
    return {
        room_id
        for rooms in found.values()
        if isinstance(rooms, list)
        for room_id in rooms
        if isinstance(room_id, str)
    }


class _Known:
    """What filters look at, read only where one of them does."""

    def __init__(self, tx: Tx, user_id: str, rooms: Sequence[str], body: Body) -> None:
        filters = [each.filters for each in body.lists.values()]
        by_state = any(map(_looks_at_state, filters))
        keys = (CREATE, ENCRYPTION, NAME)
        self.state: Mapping[str, State] = state.named_in(tx, rooms, *keys) if by_state else {}
        by_tags = any(each.tags is not None or each.not_tags is not None for each in filters)
        self.tags = {r: set(tags.tags(tx, user_id, r)) for r in rooms} if by_tags else {}
        spaces = sorted({space for each in filters for space in each.spaces or ()})
        self.children: dict[str, set[str]] = {}
        for event in state.of_type(tx, spaces, "m.space.child") if spaces else []:
            self.children.setdefault(event.room_id, set()).add(str(event.state_key))


def _looks_at_state(by: Filters) -> bool:
    wanted: tuple[Any, ...] = (by.is_encrypted, by.room_types, by.not_room_types)
    return any(each is not None for each in (*wanted, by.room_name_like))


def _passes(by: Filters, found: Window, room_id: str, known: _Known) -> bool:
    said = known.state.get(room_id, State())
    kind = said.content(CREATE).get("type")
    named = str(said.content(NAME).get("name") or "").casefold()
    checks: list[tuple[object, Callable[[], bool]]] = [
        (by.is_dm, lambda: (room_id in found.direct) == by.is_dm),
        (by.is_invite, lambda: (found.parts[room_id].membership == "invite") == by.is_invite),
        (by.is_encrypted, lambda: bool(said.content(ENCRYPTION)) == by.is_encrypted),
        (by.room_types, lambda: kind in (by.room_types or ())),
        (by.not_room_types, lambda: kind not in (by.not_room_types or ())),
        (by.tags, lambda: bool(known.tags[room_id].intersection(by.tags or ()))),
        (by.not_tags, lambda: not known.tags[room_id].intersection(by.not_tags or ())),
        (by.room_name_like, lambda: (by.room_name_like or "").casefold() in named),
        (by.spaces, lambda: any(room_id in known.children.get(s, ()) for s in by.spaces or ())),
    ]
    return all(check() for wanted, check in checks if wanted is not None)
