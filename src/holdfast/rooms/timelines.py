"""What happened in many rooms, for `/sync` (Client-Server API, "Syncing")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.filters import RoomEventFilter, is_picky, wanted
from holdfast.rooms.pages import shows
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.sql import timelines as sql
from holdfast.rooms.sql.timelines import Part
from holdfast.rooms.state import MEMBER, Key
from holdfast.rooms.visibility import Stretch, sees

__all__ = ["Part"]

MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Range:
    """The events of a room to tell of: after one position up to another, as far as seen.

    `stretches` None: all of them are seen.
    """

    after: int
    upto: int
    stretches: Sequence[Stretch] | None = None


@dataclass(frozen=True)
class Timeline:
    """The newest events of a room, the oldest first; `limited`: there are older ones to tell.

    `start` is the position right before the first.
    """

    events: list[Event]
    limited: bool
    start: int


@dataclass(frozen=True)
class Wanted:
    """Which events of timelines are told: so many per room at most, of those a filter lets by.

    Whatever else a user may see of a room, the user's own memberships are told.
    """

    user_id: str
    limit: int
    filter: RoomEventFilter
    ignored: set[str]


def parts(tx: Tx, user_id: str, after: int) -> list[Part]:
    """A user's part in every room where something happened after a position."""
    return sql.parts(tx, user_id, after)


def latest(tx: Tx, ranges: Mapping[str, Range], asked: Wanted) -> dict[str, Timeline]:
    """The newest events of rooms. One statement, whatever the rooms hold."""
    if not ranges:
        return {}
    partly = any(each.stretches is not None for each in ranges.values())
    picky = partly or bool(asked.ignored) or is_picky(asked.filter)
    looked_at = MOST_LOOKED_AT if picky else asked.limit
    rows = [(room_id, str(r.after), str(r.upto)) for room_id, r in ranges.items()]
    found: dict[str, list[Event]] = {room_id: [] for room_id in ranges}
    for event in sql.newest(tx, rows, looked_at + 1):
        found[event.room_id].append(event)
    return {
        room_id: _cut(events, ranges[room_id], looked_at, asked)
        for room_id, events in found.items()
    }


def _cut(events: list[Event], within: Range, looked_at: int, asked: Wanted) -> Timeline:
    cut = len(events) > looked_at
    events = events[-looked_at:]
    seen = [event for event in events if _is_seen(event, within, asked)]
    chosen = wanted(seen, asked.filter)
    limited = cut or len(chosen) > asked.limit
    start = events[0].position - 1 if cut else within.after
    if len(chosen) > asked.limit:
        chosen = chosen[-asked.limit :]
        start = chosen[0].position - 1
    return Timeline(chosen, limited, start)


def _is_seen(event: Event, within: Range, asked: Wanted) -> bool:
    if (event.type, event.state_key) == (MEMBER, asked.user_id):
        return True
    if within.stretches is not None and not sees(within.stretches, event.position):
        return False
    return shows(event, asked.ignored)


def state(
    tx: Tx, ranges: Mapping[str, Range], members: Sequence[tuple[str, str]] | None
) -> dict[str, list[Event]]:
    """The state right after `upto` of each range, as far as it is newer than its `after`.

    Of members only those in `members`, by room and user ID; None: all. One statement.
    """
    found: dict[str, list[Event]] = {room_id: [] for room_id in ranges}
    rows = [(room_id, str(r.after), str(r.upto)) for room_id, r in ranges.items()]
    for event in sql.state(tx, rows, members) if rows else []:
        found[event.room_id].append(event)
    return found


def members_of(tx: Tx, wanted_members: Sequence[tuple[str, str, int]]) -> list[Event]:
    """The member events of users in rooms right after a position; one statement."""
    rows = [(room_id, user_id, str(upto)) for room_id, user_id, upto in wanted_members]
    return sql.members(tx, rows) if rows else []


def current(tx: Tx, wanted_state: Sequence[tuple[str, str, str]]) -> list[Event]:
    """Current state events: room ID, type and state key of each are wanted. One statement."""
    return state_sql.named(tx, wanted_state)


def bumped(tx: Tx, room_ids: Sequence[str]) -> dict[str, int]:
    """By room: the position where somebody said something last, or it was made. One statement."""
    return {each.room_id: each.position for each in sql.bumped(tx, room_ids)} if room_ids else {}


def is_member(event: Event) -> bool:
    """Whether an event says what somebody is in a room."""
    return event.type == MEMBER and event.state_key is not None


STRIPPED: tuple[Key, ...] = (
    ("m.room.create", ""),
    ("m.room.name", ""),
    ("m.room.avatar", ""),
    ("m.room.topic", ""),
    ("m.room.join_rules", ""),
    ("m.room.canonical_alias", ""),
    ("m.room.encryption", ""),
)
"""What those are told of a room who are not in it (Client-Server API, "Stripped state")."""
