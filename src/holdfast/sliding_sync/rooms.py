"""What a client is told of the rooms that it looks at (MSC4186)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx
from holdfast.profile import rules as profile
from holdfast.push import counting
from holdfast.push.counting import Counts
from holdfast.rooms import state, summaries, timelines
from holdfast.rooms.events import Event
from holdfast.rooms.filters import RoomEventFilter
from holdfast.rooms.pages import ignored_by
from holdfast.rooms.shown import ClientEvent, Viewer, shown
from holdfast.rooms.state import MEMBER, State
from holdfast.rooms.summaries import Summary
from holdfast.rooms.timelines import Range, Timeline, Wanted
from holdfast.rooms.tokens import token_of
from holdfast.rooms.visibility import visible
from holdfast.sliding_sync import required
from holdfast.sliding_sync.lists import Window
from holdfast.sliding_sync.shapes import MOST_STATE, RoomConfig, Told, ToldRoom
from holdfast.sync.rooms import outside

NAME, AVATAR = ("m.room.name", ""), ("m.room.avatar", "")
MOST_MEMBERS = 500


@dataclass(frozen=True)
class View:
    """Who is told, up to which position."""

    viewer: Viewer
    newest: int
    now: int


@dataclass
class _Found:
    lines: dict[str, Timeline]
    state: dict[str, list[Event]]
    named: Mapping[str, State]
    summaries: Mapping[str, Summary]
    counts: Mapping[str, Counts]
    heroes: Mapping[str, Mapping[str, str]]
    shown: dict[str, ClientEvent]


def rooms(tx: Tx, view: View, window: Window, told: Told) -> dict[str, Any]:
    """What is new of the rooms in a window; `told` is brought up to date.

    The number of statements is fixed.
    """
    user_id, answer = view.viewer.user_id, dict[str, Any]()
    new = {r: c for r, c in window.rooms.items() if _has_news(window, told, r, c)}
    asked_in = [r for r in new if window.parts[r].membership in ("invite", "knock")]
    stripped = outside(tx, asked_in, user_id) if asked_in else {}
    for room_id in asked_in:
        answer[room_id] = {
            "initial": True,
            "invite_state": stripped[room_id],
            "stripped_state": stripped[room_id],
            "bump_stamp": window.bumped[room_id],
        }
        told.rooms[room_id] = ToldRoom(view.newest, 0)
    inside = {r: c for r, c in new.items() if r not in asked_in}
    if inside:
        found = _find(tx, view, told, inside)
        for room_id, config in inside.items():
            answer[room_id] = _room(window, told, found, room_id)
            _remember(view, told, found, room_id, config)
    return answer


def _has_news(window: Window, told: Told, room_id: str, config: RoomConfig) -> bool:
    part, before = window.parts[room_id], told.rooms.get(room_id)
    if before is None:
        return part.membership not in ("leave", "ban")
    upto = part.newest if part.membership == "join" else part.position
    more = config.timeline_limit > before.limit or set(config.required_state) - set(before.state)
    return upto > before.upto or (bool(more) and part.membership == "join")


def is_initial(told: Told, room_id: str) -> bool:
    """Whether a client knows nothing of a room: it is new to it, or was only invited before."""
    before = told.rooms.get(room_id)
    return before is None or (before.limit == 0 and not before.state)


def _find(tx: Tx, view: View, told: Told, inside: Mapping[str, RoomConfig]) -> _Found:
    user_id, ids = view.viewer.user_id, list(inside)
    seen = visible(tx, user_id, ids)
    lines: dict[str, Timeline] = {}
    ignored = ignored_by(tx, user_id)
    ranges = {r: Range(_after(told, r, c), view.newest, seen[r]) for r, c in inside.items()}
    everything = timelines.latest(
        tx,
        ranges,
        Wanted(user_id, max(1, *(c.timeline_limit for c in inside.values())), _ALL, ignored),
    )
    for room_id, line in everything.items():
        lines[room_id] = _cut(line, inside[room_id].timeline_limit)
    named = state.named_in(tx, ids, NAME, AVATAR)
    found_state = _state(tx, view, told, lines, inside)
    counted = summaries.of(tx, ids, user_id)
    people = {u for r, s in counted.items() if not named[r].content(NAME) for u in s.heroes}
    events = [e for line in lines.values() for e in line.events]
    events += [e for some in found_state.values() for e in some]
    unique = list({e.position: e for e in events}.values())
    return _Found(
        lines,
        found_state,
        named,
        counted,
        counting.counts(tx, user_id, ids),
        profile.shown(tx, sorted(people)) if people else {},
        {each["event_id"]: each for each in shown(tx, unique, view.viewer, view.now)},
    )


_ALL = RoomEventFilter()


def _after(told: Told, room_id: str, config: RoomConfig) -> int:
    """From where on a room's events are told: everything, where the client wants more of them."""
    before = told.rooms.get(room_id)
    if before is None or is_initial(told, room_id) or config.timeline_limit > before.limit:
        return 0
    return before.upto


def _cut(line: Timeline, limit: int) -> Timeline:
    if len(line.events) <= limit:
        return line
    events = line.events[-limit:] if limit else []
    start = events[0].position - 1 if events else line.events[-1].position
    return Timeline(events, True, start)


def _state(
    tx: Tx,
    view: View,
    told: Told,
    lines: Mapping[str, Timeline],
    inside: Mapping[str, RoomConfig],
) -> dict[str, list[Event]]:
    """The state that clients require: all of it at first, then what changed."""
    whole = {r: c for r, c in inside.items() if _wants_all(told, r, c)}
    found = required.whole(tx, view.viewer.user_id, whole)
    gaps = {
        r: Range(told.rooms[r].upto, view.newest)
        for r in inside
        if r not in whole and lines[r].limited
    }
    changed = timelines.state(tx, gaps, None)
    for room_id, config in inside.items():
        if room_id not in whole:
            events = changed.get(room_id, lines[room_id].events)
            found[room_id] = required.among(events, view.viewer.user_id, config.required_state)
    lazy = [
        (room_id, MEMBER, sender)
        for room_id, config in inside.items()
        if (MEMBER, "$LAZY") in config.required_state
        for sender in {e.sender for e in lines[room_id].events}
        if sender not in _known_members(told, room_id, whole)
    ]
    for event in timelines.current(tx, lazy) if lazy else []:
        if all(event.position != each.position for each in found[event.room_id]):
            found[event.room_id].append(event)
    return found


def _wants_all(told: Told, room_id: str, config: RoomConfig) -> bool:
    before = told.rooms.get(room_id)
    if before is None or is_initial(told, room_id):
        return True
    return bool(set(config.required_state) - set(before.state))


def _known_members(told: Told, room_id: str, whole: Mapping[str, RoomConfig]) -> list[str]:
    return [] if room_id in whole else told.rooms[room_id].members


def _room(window: Window, told: Told, found: _Found, room_id: str) -> dict[str, Any]:
    line, counted, before = found.lines[room_id], found.summaries[room_id], told.rooms.get(room_id)
    initial = is_initial(told, room_id)
    counts = found.counts[room_id].all
    named = found.named[room_id]
    told_room: dict[str, Any] = {
        "timeline": [found.shown[e.event_id] for e in line.events],
        "required_state": [found.shown[e.event_id] for e in found.state[room_id]],
        "prev_batch": token_of(line.start),
        "limited": line.limited,
        "num_live": sum(1 for e in line.events if e.position > told.upto) if told.upto else 0,
        "joined_count": counted.joined,
        "invited_count": counted.invited,
        "bump_stamp": window.bumped.get(room_id, window.parts[room_id].position),
        "is_dm": room_id in window.direct,
        **counts,
    }
    texts = {"name": named.content(NAME).get("name"), "avatar": named.content(AVATAR).get("url")}
    told_room |= {key: text for key, text in texts.items() if isinstance(text, str)}
    if not texts["name"]:
        told_room["heroes"] = [_hero(user, found.heroes[user]) for user in counted.heroes]
    if initial:
        told_room["initial"] = True
    elif before is not None and _after(told, room_id, window.rooms[room_id]) == 0:
        told_room["unstable_expanded_timeline"] = True
    return told_room


def _hero(user_id: str, called: Mapping[str, str]) -> dict[str, str]:
    names = {"displayname": called.get("displayname"), "avatar_url": called.get("avatar_url")}
    return {"user_id": user_id} | {key: text for key, text in names.items() if text}


def _remember(view: View, told: Told, found: _Found, room_id: str, config: RoomConfig) -> None:
    before = told.rooms.get(room_id, ToldRoom(0, 0))
    sent = [str(e.state_key) for e in found.state[room_id] if e.type == MEMBER]
    members = list(dict.fromkeys([*before.members, *sent]))[-MOST_MEMBERS:]
    limit = max(before.limit, config.timeline_limit)
    told.rooms[room_id] = ToldRoom(view.newest, limit, _kept(before, config), members)


def _kept(before: ToldRoom, config: RoomConfig) -> list[tuple[str, str]]:
    return list(dict.fromkeys([*before.state, *config.required_state]))[-2 * MOST_STATE :]
