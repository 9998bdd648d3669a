"""What happened in the user's rooms (Client-Server API, "Syncing", `rooms`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from holdfast.kit.db import Tx
from holdfast.push import counting
from holdfast.push.counting import Counts
from holdfast.rooms import summaries, timelines
from holdfast.rooms.events import Event
from holdfast.rooms.filters import wanted
from holdfast.rooms.pages import ignored_by
from holdfast.rooms.shown import ClientEvent, Viewer, shown, stripped
from holdfast.rooms.state import MEMBER, Key
from holdfast.rooms.summaries import Summary
from holdfast.rooms.timelines import Range, Timeline, Wanted, is_member
from holdfast.rooms.tokens import token_of
from holdfast.sync import beside
from holdfast.sync.beside import Beside
from holdfast.sync.filters import RoomFilter
from holdfast.sync.ranges import Chosen, choose
from holdfast.sync.shapes import Rooms

LIMIT = 10
MOST = 100


@dataclass(frozen=True)
class View:
    """Who is told what: everything after one position up to another, as far as it has moved."""

    viewer: Viewer
    after: int
    newest: int
    filter: RoomFilter
    full_state: bool
    state_after: bool
    now: int


@dataclass
class Found:
    """What there is to tell, by room."""

    chosen: Chosen
    timelines: dict[str, Timeline]
    state: dict[str, list[Event]]
    beside: Beside
    summaries: dict[str, Summary]
    counts: dict[str, Counts]
    shown: dict[str, ClientEvent] = field(default_factory=dict)


def rooms(tx: Tx, view: View, moved: Beside) -> Rooms:
    """What happened in rooms, and what `moved` beside. The number of statements is fixed."""
    user_id = view.viewer.user_id
    chosen = choose(tx, user_id, 0 if view.full_state else view.after, view.newest, view.filter)
    if view.full_state and view.after:
        _go_on(chosen, view.after)
    if view.after and chosen.whole:
        beside.begin(tx, moved, user_id, sorted(chosen.whole), view.newest)
    beside.keep(moved, view.filter)
    for room_id in moved.rooms():
        chosen.joined.setdefault(room_id, Range(view.newest, view.newest))
    ranges = chosen.joined | chosen.left
    limit = min(view.filter.timeline.limit or LIMIT, MOST)
    ignored = ignored_by(tx, user_id) if ranges else set()
    lines = timelines.latest(tx, ranges, Wanted(user_id, limit, view.filter.timeline, ignored))
    state = _state(tx, view, chosen, lines)
    members = [room_id for room_id in chosen.joined if _members_changed(chosen, lines, room_id)]
    found = Found(
        chosen,
        lines,
        state,
        moved,
        summaries.of(tx, members, user_id),
        counting.counts(tx, user_id, list(chosen.joined)) if chosen.joined else {},
    )
    everything = [e for line in lines.values() for e in line.events]
    everything += [e for events in state.values() for e in events]
    told = shown(tx, list({e.position: e for e in everything}.values()), view.viewer, view.now)
    found.shown = {each["event_id"]: each for each in told}
    return _answer(tx, view, found)


def _go_on(chosen: Chosen, after: int) -> None:
    """With `full_state` timelines go on from where the client is; the state begins anew."""
    for room_id, within in chosen.joined.items():
        chosen.joined[room_id] = Range(after, within.upto, within.stretches)
    chosen.whole |= set(chosen.joined)


def _members_changed(chosen: Chosen, lines: Mapping[str, Timeline], room_id: str) -> bool:
    line = lines[room_id]
    return room_id in chosen.whole or line.limited or any(map(is_member, line.events))


def _state(
    tx: Tx, view: View, chosen: Chosen, lines: Mapping[str, Timeline]
) -> dict[str, list[Event]]:
    """The state that a client needs beside the timelines to know what holds.

    What holds at their beginning, or with `use_state_after` (MSC4222) at their end.
    """
    gaps: dict[str, Range] = {}
    found: dict[str, list[Event]] = {}
    for room_id, line in lines.items():
        if room_id in chosen.stateless:
            found[room_id] = []
            continue
        within = (chosen.joined | chosen.left)[room_id]
        after = 0 if room_id in chosen.whole else within.after
        if room_id in chosen.whole or line.limited:
            gaps[room_id] = Range(after, within.upto if view.state_after else line.start)
        elif view.state_after:
            found[room_id] = _last_of_each(line.events)
        else:
            found[room_id] = []
    senders = _senders(view, chosen, lines)
    found |= timelines.state(tx, gaps, None if senders is None else [s[:2] for s in senders])
    if senders is not None:
        _add_senders(tx, found, senders)
    return {room_id: wanted(events, view.filter.state) for room_id, events in found.items()}


def _last_of_each(events: Iterable[Event]) -> list[Event]:
    last = {(e.type, e.state_key): e for e in events if e.state_key is not None}
    return list(last.values())


def _senders(
    view: View, chosen: Chosen, lines: Mapping[str, Timeline]
) -> list[tuple[str, str, int]] | None:
    """With lazy loading: whom the state names of the members, and at which position; or None.

    Those who have sent something in the timeline, and in a room that is new the user too.
    """
    if not view.filter.lazily:
        return None
    found = []
    for room_id, line in lines.items():
        if room_id in chosen.stateless:
            continue
        users = {event.sender for event in line.events}
        if room_id in chosen.whole:
            users.add(view.viewer.user_id)
        upto = (chosen.joined | chosen.left)[room_id].upto if view.state_after else line.start
        found += [(room_id, user_id, upto) for user_id in sorted(users)]
    return found


def _add_senders(
    tx: Tx, found: dict[str, list[Event]], senders: Sequence[tuple[str, str, int]]
) -> None:
    for event in timelines.members_of(tx, senders):
        events = found[event.room_id]
        if all(event.position != each.position for each in events):
            events.append(event)


def _answer(tx: Tx, view: View, found: Found) -> Rooms:
    chosen, told = found.chosen, Rooms()
    for room_id in chosen.joined:
        entry = _joined(view, found, room_id)
        if entry is not None:
            told.join[room_id] = entry
    for room_id in chosen.left:
        told.leave[room_id] = _events_of(view, found, room_id)
    others = [*chosen.invited, *chosen.knocked]
    state = outside(tx, others, view.viewer.user_id) if others else {}
    told.invite = {r: {"invite_state": {"events": state[r]}} for r in chosen.invited}
    told.knock = {r: {"knock_state": {"events": state[r]}} for r in chosen.knocked}
    return told


def _joined(view: View, found: Found, room_id: str) -> dict[str, Any] | None:
    """What is told of a room that the user is in; None: there is nothing to tell."""
    line, state = found.timelines[room_id], found.state[room_id]
    data, ephemeral = found.beside.account_data.get(room_id), found.beside.ephemeral.get(room_id)
    is_whole = room_id in found.chosen.whole
    if not (line.events or state or data or ephemeral or is_whole or line.limited):
        return None
    counts = found.counts.get(room_id, Counts())
    entry = _events_of(view, found, room_id)
    entry["account_data"] = {"events": data or []}
    entry["ephemeral"] = {"events": ephemeral or []}
    entry["summary"] = _summary(found.summaries.get(room_id))
    by_thread = view.filter.timeline.unread_thread_notifications
    entry["unread_notifications"] = counts.main if by_thread else counts.all
    if by_thread:
        entry["unread_thread_notifications"] = counts.threads
    return entry


def _events_of(view: View, found: Found, room_id: str) -> dict[str, Any]:
    line, told = found.timelines[room_id], found.shown
    limited = line.limited or room_id in found.chosen.whole
    return {
        "timeline": {
            "events": [told[event.event_id] for event in line.events],
            "limited": limited,
            "prev_batch": token_of(line.start),
        },
        "state_after" if view.state_after else "state": {
            "events": [told[event.event_id] for event in found.state[room_id]]
        },
    }


def _summary(found: Summary | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {
        "m.heroes": found.heroes,
        "m.joined_member_count": found.joined,
        "m.invited_member_count": found.invited,
    }


def outside(tx: Tx, room_ids: Sequence[str], user_id: str) -> dict[str, list[ClientEvent]]:
    """What those are told of rooms who are invited to them or knock at them. Two statements."""
    keys: list[Key] = [*timelines.STRIPPED, (MEMBER, user_id)]
    found: dict[str, list[ClientEvent]] = {room_id: [] for room_id in room_ids}
    inviters = []
    for event in timelines.current(tx, [(room_id, *key) for room_id in room_ids for key in keys]):
        found[event.room_id].append(stripped(event))
        if event.type == MEMBER and event.sender != user_id:
            inviters.append((event.room_id, MEMBER, event.sender))
    for event in timelines.current(tx, inviters) if inviters else []:
        found[event.room_id].append(stripped(event))
    return found
