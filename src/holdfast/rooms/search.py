"""Searching messages that are not encrypted (Client-Server API, "Server Side Search").

The server cannot read encrypted messages, so clients search those themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.rooms import members, pages, reading, state
from holdfast.rooms.events import Event
from holdfast.rooms.filters import RoomEventFilter, check_limit, in_room, passes
from holdfast.rooms.shown import Viewer, shown
from holdfast.rooms.sql import search as sql
from holdfast.rooms.words import FIELDS, words_of

MOST_ASKED, MOST_FOUND = 10, 1000
LIMIT, MOST = 10, 100


class Context(msgspec.Struct):
    """How much of what was said around a message is told with it."""

    before_limit: int = 5
    after_limit: int = 5
    include_profile: bool = False


class Grouping(msgspec.Struct):
    """By what the results are grouped."""

    key: Literal["room_id", "sender"]


class Groupings(msgspec.Struct):
    """All that the results are grouped by."""

    group_by: list[Grouping] = []


class Criteria(msgspec.Struct):
    """What somebody looks for."""

    search_term: str
    keys: list[Literal["content.body", "content.name", "content.topic"]] | None = None
    filter: RoomEventFilter = msgspec.field(default_factory=RoomEventFilter)
    order_by: Literal["rank", "recent"] = "rank"
    event_context: Context | None = None
    include_state: bool = False
    groupings: Groupings = msgspec.field(default_factory=Groupings)


class Categories(msgspec.Struct):
    """Where to look: in rooms, which is all there is."""

    room_events: Criteria | None = None


class SearchBody(msgspec.Struct):
    """A search."""

    search_categories: Categories


@dataclass(frozen=True)
class _Hits:
    events: list[Event]
    ranks: Mapping[str, float]


def search(tx: Tx, viewer: Viewer, asked: Criteria, start: int, now: int) -> dict[str, Any]:
    """The answer for `room_events`, from the result number `start` on. `now` is in milliseconds."""
    limit = min(asked.filter.limit or LIMIT, MOST)
    words = words_of(asked.search_term)[:MOST_ASKED]
    hits = _find(tx, viewer, asked, words)
    chosen = hits.events[start : start + limit]
    told = {each["event_id"]: each for each in shown(tx, chosen, viewer, now)}
    results = [
        {"rank": hits.ranks[e.event_id], "result": told[e.event_id]}
        | _context(tx, viewer, e, asked.event_context, now)
        for e in chosen
    ]
    answer: dict[str, Any] = {
        "results": results,
        "count": len(hits.events),
        "highlights": words,
        "groups": _groups(asked, chosen),
    }
    if start + limit < len(hits.events):
        answer["next_batch"] = f"n{start + limit}"
    if asked.include_state:
        rooms = sorted({e.room_id for e in chosen})
        answer["state"] = {
            r: shown(tx, events, viewer, now) for r, events in state.of_rooms(tx, rooms).items()
        }
    return answer


def _find(tx: Tx, viewer: Viewer, asked: Criteria, words: Sequence[str]) -> _Hits:
    """What the user may see of what has the words, in the order asked for."""
    joined = members.joined_rooms(tx, viewer.user_id)
    rooms = [room_id for room_id in joined if in_room(room_id, asked.filter)]
    fields: Sequence[str] = asked.keys or [f"content.{name}" for name in FIELDS.values()]
    found = sql.find(tx, words, rooms, fields, MOST_FOUND) if words and rooms else []
    events = reading.events_by_id(tx, viewer.user_id, [hit.event_id for hit in found])
    events = [event for event in events if passes(event, asked.filter)]
    ranks = {hit.event_id: float(hit.fields) for hit in found}
    events.sort(key=lambda e: -e.position)
    if asked.order_by == "rank":
        events.sort(key=lambda e: -ranks[e.event_id])
    return _Hits(events, ranks)


def _context(
    tx: Tx, viewer: Viewer, event: Event, wanted: Context | None, now: int
) -> dict[str, Any]:
    if wanted is None:
        return {}
    by, place, room_id = RoomEventFilter(), event.position, event.room_id
    before_limit, after_limit = (min(n, MOST) for n in (wanted.before_limit, wanted.after_limit))
    before = pages.page(
        tx, viewer.user_id, pages.Asked(room_id, True, place - 1, None, before_limit, by)
    )
    after = pages.page(
        tx, viewer.user_id, pages.Asked(room_id, False, place, None, after_limit, by)
    )
    return {
        "context": {
            "events_before": shown(tx, before.events, viewer, now),
            "events_after": shown(tx, after.events, viewer, now),
            "profile_info": {},
        }
    }


def _groups(asked: Criteria, chosen: Sequence[Event]) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for grouping in asked.groupings.group_by:
        by: dict[str, Any] = {}
        for event in chosen:
            value = event.room_id if grouping.key == "room_id" else event.sender
            group = by.setdefault(value, {"order": len(by), "results": []})
            group["results"].append(event.event_id)
        groups[grouping.key] = by
    return groups


def start_of(token: str | None) -> int:
    """The number of the result to go on from.

    Raises:
        InvalidParam: the token is none of ours.
    """
    if not token:
        return 0
    digits = token.removeprefix("n")
    if not (token.startswith("n") and digits.isascii() and digits.isdigit() and len(digits) < 7):
        raise InvalidParam("next_batch must be a token out of an earlier answer.")
    return int(digits)


def check(asked: Criteria) -> None:
    """Refuse limits that are none.

    Raises:
        InvalidParam: one is below 1, or of the context below 0.
    """
    context = asked.event_context or Context()
    check_limit(asked.filter)
    if min(context.before_limit, context.after_limit) < 0:
        raise InvalidParam("A limit of what is told around a message is at least 0.")
