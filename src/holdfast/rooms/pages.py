"""Pages of a room's history (Client-Server API, "Getting events for a room")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.account_data import rules as account_data
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.rooms import reading
from holdfast.rooms.events import Event
from holdfast.rooms.filters import RoomEventFilter, is_picky, wanted
from holdfast.rooms.shown import ClientEvent, Viewer, shown
from holdfast.rooms.sql import history
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.state import MEMBER
from holdfast.rooms.tokens import token_of
from holdfast.rooms.visibility import FOREVER, Stretch, sees

MOST = 1000
MOST_LOOKED_AT = 1000


@dataclass(frozen=True)
class Asked:
    """A page: from one position to another, backwards or forwards; `filter` has the limit."""

    room_id: str
    backwards: bool
    start: int | None
    end: int | None
    limit: int
    filter: RoomEventFilter


@dataclass(frozen=True)
class Page:
    """Events in the direction of the page, and where to go on; None: there is nothing more."""

    events: list[Event]
    start: int
    end: int | None


def page(tx: Tx, user_id: str, asked: Asked) -> Page:
    """A page of what a user may see. The number of statements is fixed.

    When a filter leaves few of many events, the page is shorter than its limit, and `end` leads on.

    Raises:
        Forbidden: the user may not see the room.
    """
    stretches = reading.readable(tx, user_id, asked.room_id)
    newest = stream.newest(tx)
    start = asked.start
    if start is None:
        start = newest if asked.backwards else 0
    after, upto = (asked.end or 0, start) if asked.backwards else (start, asked.end or FOREVER)
    after, upto = max(after, stretches[0].after), min(upto, stretches[-1].upto)
    ignored = ignored_by(tx, user_id)
    picky = len(stretches) > 1 or is_picky(asked.filter) or ignored
    looked_at = MOST_LOOKED_AT if picky else asked.limit
    look = history.backwards if asked.backwards else history.forwards
    found = look(tx, asked.room_id, after, upto, looked_at + 1)
    return _cut(asked, found, looked_at, start, stretches, ignored)


def _cut(
    asked: Asked,
    found: Sequence[Event],
    looked_at: int,
    start: int,
    stretches: Sequence[Stretch],
    ignored: set[str],
) -> Page:
    seen = [e for e in found[:looked_at] if sees(stretches, e.position) and shows(e, ignored)]
    chosen = wanted(seen, asked.filter)
    more = len(found) > looked_at or len(chosen) > asked.limit
    chosen = chosen[: asked.limit]
    if not more:
        return Page(chosen, start, None)
    last = chosen[-1] if len(chosen) == asked.limit else found[looked_at - 1]
    return Page(chosen, start, last.position - 1 if asked.backwards else last.position)


def ignored_by(tx: Tx, user_id: str) -> set[str]:
    """Whose events a user does not want to see (Client-Server API, "Ignoring Users")."""
    content = account_data.get(tx, user_id, account_data.NO_ROOM, "m.ignored_user_list")
    users = msgspec.json.decode(content).get("ignored_users") if content else None
    return set(users) - {user_id} if isinstance(users, dict) else set()


def shows(event: Event, ignored: set[str]) -> bool:
    """Whether an event is shown to somebody who ignores some users: their state events are."""
    return event.state_key is not None or event.sender not in ignored


def members_of(tx: Tx, room_id: str, events: Sequence[Event]) -> list[Event]:
    """The current member events of those who sent some events ("Lazy-loading room members")."""
    senders = sorted({event.sender for event in events})
    return state_sql.named(tx, [(room_id, MEMBER, sender) for sender in senders]) if events else []


def answer(tx: Tx, viewer: Viewer, asked: Asked, now: int) -> dict[str, Any]:
    """The answer to `/messages`. `now` is in milliseconds.

    Raises:
        Forbidden: the user may not see the room.
    """
    found = page(tx, viewer.user_id, asked)
    told: dict[str, Any] = {
        "start": token_of(found.start),
        "chunk": shown(tx, found.events, viewer, now),
    }
    if found.end is not None:
        told["end"] = token_of(found.end)
    if asked.filter.lazy_load_members:
        told["state"] = shown(tx, members_of(tx, asked.room_id, found.events), viewer, now)
    return told


def context(
    tx: Tx, viewer: Viewer, asked: Asked, event_id: str, now: int
) -> dict[str, ClientEvent | Any]:
    """The answer to `/context`: an event and what was sent around it, half of the limit each way.

    Raises:
        NotFound: the user may not see the event.
    """
    room_id, by = asked.room_id, asked.filter
    event = reading.event(tx, viewer.user_id, room_id, event_id)
    half = asked.limit // 2
    before = after = Page([], event.position, event.position)
    if half:
        place = event.position
        before = page(tx, viewer.user_id, Asked(room_id, True, place - 1, None, half, by))
        after = page(tx, viewer.user_id, Asked(room_id, False, place, None, asked.limit - half, by))
    everything = [*before.events, event, *after.events]
    told = {each["event_id"]: each for each in shown(tx, everything, viewer, now)}
    last = after.events[-1].position if after.events else event.position
    state = _state(tx, viewer.user_id, room_id, last, everything if by.lazy_load_members else None)
    return {
        "event": told[event_id],
        "events_before": [told[each.event_id] for each in before.events],
        "events_after": [told[each.event_id] for each in after.events],
        "start": token_of(before.end if before.end is not None else event.position - 1),
        "end": token_of(after.end if after.end is not None else last),
        "state": shown(tx, state, viewer, now),
    }


def _state(
    tx: Tx, user_id: str, room_id: str, position: int, lazily: Sequence[Event] | None
) -> list[Event]:
    """The state at a position; of members, only those who sent the events in `lazily`."""
    found = reading.state_at(tx, user_id, room_id, position)
    if lazily is None:
        return found
    senders = {event.sender for event in lazily}
    return [each for each in found if each.type != MEMBER or each.state_key in senders]
