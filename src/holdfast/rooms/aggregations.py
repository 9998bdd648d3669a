"""What is told of an event's relations together with it (Client-Server API, "Aggregations")."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql import relations as sql
from holdfast.rooms.sql.relations import Bundle

Relations: TypeAlias = dict[str, Any]
"""`m.relations` of an event: `m.replace`, `m.reference`, `m.thread`."""


def of(tx: Tx, events: Sequence[Event], user_id: str, upto: int, now: int) -> dict[str, Relations]:
    """By event ID: what relates to events that are shown to a user. `now` is in milliseconds.

    As far as it was sent up to a position: who has left a room hears nothing of it any more.

    One statement where nothing relates to them; four more at most, however many events.
    """
    ids = [event.event_id for event in events if event.redacted_by is None]
    found = sql.bundles(tx, ids, user_id, upto) if ids else []
    threads = {each.relates_to: each for each in found if each.rel_type == "m.thread"}
    newest = sql.newest_of_threads(tx, list(threads), upto) if threads else []
    edited = [each.relates_to for each in found if each.rel_type == "m.replace"]
    edited += [event.event_id for event in newest]
    edits = {event.relates_to: event for event in sql.edits(tx, edited, upto)} if edited else {}
    made: dict[str, Relations] = {}
    for target, edit in edits.items():
        made.setdefault(str(target), {})["m.replace"] = _bare(edit, now)
    _add_references(tx, found, upto, made)
    mine = {event.event_id for event in events if event.sender == user_id}
    for event in newest:
        told = _bare(event, now)
        if event.event_id in made:
            told["unsigned"]["m.relations"] = dict(made[event.event_id])
        thread = threads[str(event.relates_to)]
        made.setdefault(thread.relates_to, {})["m.thread"] = {
            "latest_event": told,
            "count": thread.count,
            "current_user_participated": bool(thread.own) or thread.relates_to in mine,
        }
    return made


def _add_references(tx: Tx, found: Sequence[Bundle], upto: int, made: dict[str, Relations]) -> None:
    referred = [each.relates_to for each in found if each.rel_type == "m.reference"]
    for event in sql.references(tx, referred, upto) if referred else []:
        bundle = made.setdefault(str(event.relates_to), {})
        bundle.setdefault("m.reference", {"chunk": []})["chunk"].append(
            {"event_id": event.event_id}
        )


def _bare(event: Event, now: int) -> dict[str, Any]:
    return {
        "type": event.type,
        "event_id": event.event_id,
        "room_id": event.room_id,
        "sender": event.sender,
        "origin_server_ts": event.origin_server_ts,
        "content": msgspec.Raw(event.content.encode()),
        "unsigned": {"age": max(0, now - event.origin_server_ts)},
    }
