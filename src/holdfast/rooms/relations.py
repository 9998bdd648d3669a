"""Events that relate to others, and threads (Client-Server API, "Relationships between events")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, MatrixError
from holdfast.rooms import reading
from holdfast.rooms.events import Event
from holdfast.rooms.pages import ignored_by, shows
from holdfast.rooms.shown import Viewer, shown
from holdfast.rooms.sql import events as events_sql
from holdfast.rooms.sql import relations as sql
from holdfast.rooms.tokens import token_of
from holdfast.rooms.visibility import FOREVER, sees

DEEPEST = 3
MOST = 1000


@dataclass(frozen=True)
class Asked:
    """A page of what relates to an event, of one relation and of one type where they are named."""

    room_id: str
    event_id: str
    rel_type: str | None
    type: str | None
    backwards: bool
    start: int | None
    end: int | None
    limit: int
    recurse: bool


def page(tx: Tx, viewer: Viewer, asked: Asked, now: int) -> dict[str, Any]:
    """What relates to an event. `now` is in milliseconds.

    Raises:
        NotFound: the user may not see the event.
    """
    parent = reading.event(tx, viewer.user_id, asked.room_id, asked.event_id)
    stretches = reading.readable(tx, viewer.user_id, asked.room_id)
    start = asked.start
    if start is None:
        start = stream.newest(tx) if asked.backwards else 0
    after, upto = (asked.end or 0, start) if asked.backwards else (start, asked.end or FOREVER)
    ignored = ignored_by(tx, viewer.user_id)
    found = [
        each
        for each in _found(tx, asked, parent, after, upto)
        if sees(stretches, each.position) and shows(each, ignored)
    ]
    if asked.backwards:
        found.reverse()
    chosen = found[: asked.limit]
    told: dict[str, Any] = {"chunk": shown(tx, chosen, viewer, now)}
    if len(found) > len(chosen) and chosen:
        last = chosen[-1].position
        told["next_batch"] = token_of(last - 1 if asked.backwards else last)
    if asked.start is not None:
        told["prev_batch"] = token_of(asked.start)
    if asked.recurse:
        told["recursion_depth"] = DEEPEST
    return told


def _found(tx: Tx, asked: Asked, parent: Event, after: int, upto: int) -> list[Event]:
    """What relates to an event, and with `recurse` what relates to that; the oldest first.

    On the way down every relation counts: the filter is for what is told of, not for the way.
    """
    if not asked.recurse:
        targets = [parent.event_id]
        kinds = (asked.rel_type, asked.type)
        return sql.related(tx, asked.room_id, targets, *kinds, after, upto)
    found: dict[str, Event] = {}
    targets = [parent.event_id]
    for _level in range(DEEPEST):
        events = sql.related(tx, asked.room_id, targets, None, None, 0, FOREVER) if targets else []
        targets = [each.event_id for each in events if each.event_id not in found]
        found |= {each.event_id: each for each in events}
    return sorted(
        (
            each
            for each in found.values()
            if asked.rel_type in (None, each.rel_type)
            and asked.type in (None, each.type)
            and after < each.position <= upto
        ),
        key=lambda event: event.position,
    )


def threads(
    tx: Tx, viewer: Viewer, room_id: str, *, own: bool, before: int | None, limit: int, now: int
) -> dict[str, Any]:
    """The roots of a room's threads, that with the newest event first; `own` ones only, or all.

    Raises:
        Forbidden: the user may not see the room.
    """
    stretches = reading.readable(tx, viewer.user_id, room_id)
    place = FOREVER if before is None else before
    participant = viewer.user_id if own else None
    newest = sql.threads(tx, room_id, place, limit + 1, participant)
    ids = [each.event_id for each in newest[:limit]]
    roots = {each.event_id: each for each in events_sql.by_ids(tx, ids)} if ids else {}
    seen = [roots[each] for each in ids if sees(stretches, roots[each].position)]
    told: dict[str, Any] = {"chunk": shown(tx, seen, viewer, now)}
    if len(newest) > limit:
        told["next_batch"] = token_of(newest[limit - 1].position)
    return told


def check(tx: Tx, room_id: str, kind: str, sender: str, content: Mapping[str, Any]) -> None:
    """Refuse relations that make no sense.

    Raises:
        MatrixError: `M_DUPLICATE_ANNOTATION`: the sender has reacted so already; 400 for a thread
            that begins in another thread, or for an event that is not in the room.
    """
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict):
        return
    rel_type, target = relation.get("rel_type"), relation.get("event_id")
    if rel_type not in ("m.annotation", "m.thread") or not isinstance(target, str):
        return
    found = _target(tx, room_id, target)
    if rel_type == "m.thread" and found.rel_type is not None:
        raise MatrixError(400, "M_UNKNOWN", "A thread cannot begin with an event that relates.")
    key = relation.get("key")
    if rel_type != "m.annotation" or not isinstance(key, str):
        return
    if sql.is_there(tx, target, kind, sender, key):
        raise MatrixError(400, "M_DUPLICATE_ANNOTATION", "You have reacted with this already.")


def _target(tx: Tx, room_id: str, event_id: str) -> Event:
    found: Sequence[Event] = events_sql.by_ids(tx, [event_id])
    if not found or found[0].room_id != room_id:
        raise InvalidParam("The event that this one relates to is not in this room.")
    return found[0]
