"""Events as clients see them (Client-Server API, "Room event format")."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from holdfast.kit.db import Tx
from holdfast.rooms import aggregations
from holdfast.rooms.events import Event
from holdfast.rooms.sql import events as sql
from holdfast.rooms.sql.visibility import members_of
from holdfast.rooms.visibility import FOREVER

ClientEvent: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Viewer:
    """For whom events are shown: the session sees which of its own transactions they are."""

    user_id: str
    device_id: str | None = None


def shown(tx: Tx, events: Sequence[Event], viewer: Viewer, now: int) -> list[ClientEvent]:
    """Events with everything that belongs in `unsigned`. `now` is in milliseconds, for the age.

    The number of statements is fixed, but for rooms that the viewer has left.
    """
    if not events:
        return []
    beside = [event.replaces for event in events if event.replaces]
    beside += [event.redacted_by for event in events if event.redacted_by]
    memberships = _memberships(tx, events, viewer.user_id)
    relations: dict[str, dict[str, Any]] = {}
    for upto, some in _by_end(events, memberships).items():
        relations |= aggregations.of(tx, some, viewer.user_id, upto, now)
    around = _Around(
        {event.event_id: event for event in sql.by_ids(tx, beside)} if beside else {},
        relations,
        memberships,
    )
    return [_shown(event, around, viewer, now) for event in events]


@dataclass(frozen=True)
class _Around:
    """What is known beside some events: others by ID, relations, one's own memberships."""

    others: dict[str, Event]
    relations: dict[str, dict[str, Any]]
    memberships: dict[str, list[tuple[int, str]]]


def _memberships(tx: Tx, events: Sequence[Event], user_id: str) -> dict[str, list[tuple[int, str]]]:
    """By room: from which position on a user was what in it, the first first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for event in members_of(tx, sorted({event.room_id for event in events}), user_id):
        membership = msgspec.json.decode(event.content).get("membership", "leave")
        found.setdefault(event.room_id, []).append((event.position, membership))
    return found


def _by_end(
    events: Sequence[Event], memberships: dict[str, list[tuple[int, str]]]
) -> dict[int, list[Event]]:
    """Events by the position up to which the viewer hears of their rooms."""
    found: dict[int, list[Event]] = {}
    for event in events:
        position, membership = memberships.get(event.room_id, [(FOREVER, "join")])[-1]
        upto = FOREVER if membership == "join" else position
        found.setdefault(upto, []).append(event)
    return found


def _membership(around: _Around, event: Event) -> str:
    """What the viewer was in the room when an event was sent, that event included."""
    changes = around.memberships.get(event.room_id, [])
    place = bisect_right(changes, event.position, key=lambda change: change[0])
    return changes[place - 1][1] if place else "leave"


def _shown(event: Event, around: _Around, viewer: Viewer, now: int) -> ClientEvent:
    others = around.others
    unsigned: dict[str, Any] = {
        "age": max(0, now - event.origin_server_ts),
        "membership": _membership(around, event),
    }
    if event.event_id in around.relations:
        unsigned["m.relations"] = around.relations[event.event_id]
    if event.txn_id and (event.sender, event.device_id) == (viewer.user_id, viewer.device_id):
        unsigned["transaction_id"] = event.txn_id
    old = others.get(event.replaces or "")
    if old is not None:
        unsigned["prev_content"] = msgspec.Raw(old.content.encode())
        unsigned["prev_sender"] = old.sender
        unsigned["replaces_state"] = old.event_id
    redaction = others.get(event.redacted_by or "")
    if redaction is not None:
        unsigned["redacted_because"] = {
            **bare(redaction),
            "unsigned": {"age": max(0, now - redaction.origin_server_ts)},
        }
    return {**bare(event), "unsigned": unsigned}


def bare(event: Event) -> ClientEvent:
    """An event without `unsigned`."""
    found: ClientEvent = {
        "type": event.type,
        "event_id": event.event_id,
        "room_id": event.room_id,
        "sender": event.sender,
        "origin_server_ts": event.origin_server_ts,
        "content": msgspec.Raw(event.content.encode()),
    }
    if event.state_key is not None:
        found["state_key"] = event.state_key
    if event.redacts is not None:  # up to version 10 its place; older clients look nowhere else
        found["redacts"] = event.redacts
    return found


def stripped(event: Event) -> ClientEvent:
    """A state event as those see it who are not in the room ("Stripped state")."""
    return {
        "type": event.type,
        "state_key": event.state_key,
        "sender": event.sender,
        "content": msgspec.Raw(event.content.encode()),
    }
