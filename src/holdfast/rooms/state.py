"""The state of a room: what the newest event of each type and state key says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql import state as sql

Key: TypeAlias = tuple[str, str]
"""Type and state key."""

CREATE: Key = ("m.room.create", "")
POWER_LEVELS: Key = ("m.room.power_levels", "")
JOIN_RULES: Key = ("m.room.join_rules", "")
HISTORY_VISIBILITY: Key = ("m.room.history_visibility", "")
MEMBER = "m.room.member"


@dataclass(frozen=True)
class Said:
    """A state event as rules look at it. `content` must not be changed."""

    event_id: str
    sender: str
    content: Mapping[str, Any]


class State:
    """Some of a room's state events by type and state key."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self._said: dict[Key, Said] = {}
        for event in events:
            content = msgspec.json.decode(event.content)
            said = Said(event.event_id, event.sender, content)
            self._said[event.type, event.state_key or ""] = said

    def get(self, key: Key) -> Said | None:
        """The state event of a type and state key."""
        return self._said.get(key)

    def content(self, key: Key) -> Mapping[str, Any]:
        """What it says; nothing where there is none."""
        said = self._said.get(key)
        return said.content if said else {}

    def put(self, key: Key, said: Said) -> None:
        """Let a new state event hold from now on."""
        self._said[key] = said

    def member(self, user_id: str) -> str:
        """A user's membership; `leave` where there never was one."""
        found = self.content((MEMBER, user_id)).get("membership")
        return found if isinstance(found, str) else "leave"

    def __iter__(self) -> Iterator[Key]:
        return iter(self._said)


def current(tx: Tx, room_id: str) -> list[Event]:
    """The current state events of a room, the oldest first."""
    return sql.current(tx, [room_id])


def of_rooms(tx: Tx, room_ids: Sequence[str]) -> dict[str, list[Event]]:
    """The current state events of some rooms, the oldest first."""
    found: dict[str, list[Event]] = {room_id: [] for room_id in room_ids}
    for event in sql.current(tx, room_ids):
        found[event.room_id].append(event)
    return found


def at(tx: Tx, room_id: str, position: int) -> list[Event]:
    """The state events that held in a room right after a position, the oldest first."""
    return sql.at(tx, room_id, position)


def named(tx: Tx, room_id: str, *keys: Key) -> State:
    """Those of a room's current state events that `keys` name."""
    return State(sql.named(tx, [(room_id, *key) for key in keys]))


def named_in(tx: Tx, room_ids: Sequence[str], *keys: Key) -> dict[str, State]:
    """The same for several rooms, with one statement."""
    found: dict[str, list[Event]] = {room_id: [] for room_id in room_ids}
    for event in sql.named(tx, [(room_id, *key) for room_id in room_ids for key in keys]):
        found[event.room_id].append(event)
    return {room_id: State(events) for room_id, events in found.items()}


def of_type(tx: Tx, room_ids: Sequence[str], kind: str) -> list[Event]:
    """All current state events of one type in some rooms; one statement."""
    return sql.of_type(tx, room_ids, kind)
