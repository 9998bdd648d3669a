"""Writing events: the one way in which anything happens in rooms.

Whatever the size of the rooms and however many events, the number of statements is fixed: read the
rooms and the state that decides, then write each table once. `docs/decisions/0050-rooms.md`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from holdfast.kit import slots, stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from holdfast.kit.signer import Signer
from holdfast.rooms import megolm, news, words
from holdfast.rooms.auth import needed, rules
from holdfast.rooms.events import Draft, Event, Follows, Made, make
from holdfast.rooms.sql import events as events_sql
from holdfast.rooms.sql import megolm_sessions
from holdfast.rooms.sql import members as members_sql
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.sql.state import RoomRow
from holdfast.rooms.state import MEMBER, Said, State
from holdfast.rooms.versions import VERSIONS, RoomVersion


@dataclass
class _Room:
    """A room while events are being added to it."""

    room_id: str
    version: RoomVersion
    creator: str
    room_type: str | None
    newest_event_id: str | None
    depth: int
    state: State = field(default_factory=State)


@dataclass(frozen=True)
class _New:
    """A made event with all that is stored of it but its position."""

    draft: Draft
    made: Made
    at: int
    replaces: str | None
    rel_type: str | None
    relates_to: str | None


def append(
    tx: Tx, signer: Signer, drafts: Sequence[Draft], now: int, *, check: bool = True
) -> list[Event]:
    """Add events to their rooms, in this order; each must be allowed by those before it.

    With `check` false the rules are not asked: for what the server does in a user's name when the
    account ends. `now` is in milliseconds.

    Raises:
        NotFound: there is no such room.
        Forbidden: one of them is not allowed; nothing is stored.
        MatrixError: one of them cannot be an event.
    """
    lock(tx, {draft.room_id for draft in drafts})
    rooms = _load(tx, drafts)
    new = [_make(signer, rooms[draft.room_id], draft, now, check=check) for draft in drafts]
    return _store(tx, list(rooms.values()), new, is_new=False)


def create(
    tx: Tx, signer: Signer, version: RoomVersion, drafts: Sequence[Draft], now: int
) -> list[Event]:
    """Make a room. The first of `drafts` is its create event; all have the same `room_id`.

    From version 12 on that is empty, and the answer has the ID that the create event gives it.

    Raises:
        Forbidden, MatrixError: as for `append`.
    """
    first = drafts[0]
    lock(tx, [first.room_id or f"of {first.sender}"])
    kind = first.content.get("type")
    room_type = kind if isinstance(kind, str) else None
    room = _Room(first.room_id, version, first.sender, room_type, None, 0)
    at = _free_time(tx, signer, version, first, now)
    new = [_make(signer, room, first, at, check=True)]
    room.room_id = new[0].made.room_id
    rest = [replace(draft, room_id=room.room_id) for draft in drafts[1:]]
    new += [_make(signer, room, draft, max(at, now), check=True) for draft in rest]
    return _store(tx, [room], new, is_new=True)


def _free_time(tx: Tx, signer: Signer, version: RoomVersion, first: Draft, now: int) -> int:
    """When to date a create event. Where its hash is the room ID, two alike of one millisecond
    would be the same room, so the second one is dated a millisecond later."""
    while not first.room_id:
        made = make(signer, version, first, Follows([], [], 1), now)
        if not state_sql.is_there(tx, made.room_id):
            break
        now += 1
    return now


def lock(tx: Tx, room_ids: Iterable[str]) -> None:
    """Let nobody else change these rooms before this transaction ends."""
    tx.lock(*sorted(f"room {room_id}" for room_id in room_ids))


def _load(tx: Tx, drafts: Sequence[Draft]) -> dict[str, _Room]:
    room_ids = list(dict.fromkeys(draft.room_id for draft in drafts))
    rooms = {row.room_id: _loaded(row) for row in state_sql.rooms(tx, room_ids)}
    if len(rooms) < len(room_ids):
        raise NotFound("There is no such room here.")
    wanted = {(draft.room_id, *key) for draft in drafts for key in needed.keys(draft)}
    wanted |= {
        (draft.room_id, draft.type, draft.state_key)
        for draft in drafts
        if draft.state_key is not None
    }
    found: dict[str, list[Event]] = {room_id: [] for room_id in rooms}
    for event in state_sql.named(tx, sorted(wanted)):
        found[event.room_id].append(event)
    for room_id, room in rooms.items():
        room.state = State(found[room_id])
    return rooms


def _loaded(row: RoomRow) -> _Room:
    version = VERSIONS[row.version]
    return _Room(row.room_id, version, row.creator, row.room_type, row.newest_event_id, row.depth)


def _make(signer: Signer, room: _Room, draft: Draft, now: int, *, check: bool) -> _New:
    if check:
        rules.check(room.version, draft, room.state)
    auth = [
        said.event_id
        for key in needed.named(room.version, draft)
        if (said := room.state.get(key)) is not None
    ]
    before = [] if room.newest_event_id is None else [room.newest_event_id]
    made = make(signer, room.version, draft, Follows(before, auth, room.depth + 1), now)
    room.newest_event_id, room.depth = made.event_id, room.depth + 1
    replaces = None
    if draft.state_key is not None:
        key = (draft.type, draft.state_key)
        old = room.state.get(key)
        replaces = old.event_id if old else None
        room.state.put(key, Said(made.event_id, draft.sender, draft.content))
    return _New(draft, made, now, replaces, *_relation(draft.content))


def _relation(content: dict[str, Any]) -> tuple[str | None, str | None]:
    """The type of an event's relation, and the event it relates to."""
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict):
        return None, None
    kind, event_id = relation.get("rel_type"), relation.get("event_id")
    if not (isinstance(kind, str) and isinstance(event_id, str)):
        return None, None
    return kind, event_id


def _store(tx: Tx, rooms: Sequence[_Room], new: Sequence[_New], *, is_new: bool) -> list[Event]:
    threads = _threads(tx, new)
    members = [] if is_new else members_sql.joined(tx, [room.room_id for room in rooms])
    kind: stream.Kind = "member" if any(e.draft.type == MEMBER for e in new) else "timeline"
    last = stream.advance(tx, kind, len(new))
    first = last - len(new) + 1
    events = [_event(each, position, threads) for position, each in enumerate(new, start=first)]
    newest = {event.room_id: event.position for event in events}
    rows = [_room_row(room, newest[room.room_id]) for room in rooms]
    if is_new:
        state_sql.put_room(tx, rows[0])
    else:
        state_sql.set_newest(tx, rows)
    events_sql.insert(tx, [_row(each, event) for each, event in zip(new, events, strict=True)])
    megolm_sessions.insert(tx, [_encrypted(e) for e in events if e.type == megolm.ENCRYPTED])
    words.remember(tx, events)
    state = [event for event in events if event.state_key is not None]
    state_sql.put_state(tx, [_state_row(event) for event in state])
    members_sql.put(tx, [_member_row(event) for event in state if event.type == MEMBER])
    news.tell(tx, [(room.version, room.state, room.room_id) for room in rooms], events, members)
    tx.wake(*{member.user_id for member in members})
    tx.wake(*{event.state_key for event in state if event.type == MEMBER and event.state_key})
    return events


def _threads(tx: Tx, new: Sequence[_New]) -> dict[str, str | None]:
    """By event ID: the thread of what new events relate to.

    What relates to an event of a thread is in the thread itself (Client-Server API, "Threading").
    """
    targets = {each.relates_to for each in new if each.relates_to and each.rel_type != "m.thread"}
    if not targets:
        return {}
    return {event.event_id: event.thread for event in events_sql.by_ids(tx, sorted(targets))}


def _event(new: _New, position: int, threads: dict[str, str | None]) -> Event:
    draft, made = new.draft, new.made
    thread = new.relates_to if new.rel_type == "m.thread" else threads.get(new.relates_to or "")
    return Event(
        position,
        made.event_id,
        made.room_id,
        draft.type,
        draft.state_key,
        draft.sender,
        draft.device_id,
        draft.txn_id,
        new.at,
        made.content,
        new.replaces,
        new.rel_type,
        new.relates_to,
        thread,
        draft.redacts,
        None,
    )


def _row(new: _New, event: Event) -> dict[str, Any]:
    return {**vars(event), "federation": new.made.federation}


def _room_row(room: _Room, newest: int) -> dict[str, Any]:
    return {
        "room_id": room.room_id,
        "version": room.version.number,
        "creator": room.creator,
        "room_type": room.room_type,
        "newest_position": newest,
        "newest_event_id": room.newest_event_id,
        "depth": room.depth,
    }


def _state_row(event: Event) -> dict[str, Any]:
    return {
        "room_id": event.room_id,
        "type": event.type,
        "state_key": event.state_key,
        "position": event.position,
    }


def _member_row(event: Event) -> dict[str, Any]:
    return {
        "room_id": event.room_id,
        "user_id": event.state_key,
        "membership": msgspec.json.decode(event.content)["membership"],
        "position": event.position,
    }


def _encrypted(event: Event) -> dict[str, Any]:
    header = megolm.header(msgspec.json.decode(event.content))
    return {
        "position": event.position,
        "room_id": event.room_id,
        "session_id": header.session_id,
        "message_index": header.message_index,
        "sender": event.sender,
        "device_id": event.device_id,
        "ts": event.origin_server_ts,
        "slot": slots.slot(event.room_id, header.session_id or ""),
    }
