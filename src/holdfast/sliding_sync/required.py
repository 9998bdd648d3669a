"""Which state a client requires of a room: types and state keys, or `*`, `$ME` and `$LAZY`."""

from collections.abc import Iterable, Mapping, Sequence

from holdfast.kit.db import Tx
from holdfast.rooms import state, timelines
from holdfast.rooms.events import Event
from holdfast.rooms.state import MEMBER
from holdfast.sliding_sync.shapes import RoomConfig

ANY, ME, LAZY = "*", "$ME", "$LAZY"


def among(events: Iterable[Event], user_id: str, wanted: Sequence[tuple[str, str]]) -> list[Event]:
    """Those of some events that are wanted state, the last of each kind.

    Once members are loaded lazily, every change of one that comes along is wanted.
    """
    last: dict[tuple[str, str], Event] = {}
    for event in events:
        if event.state_key is not None and _is_wanted(event, user_id, wanted):
            last[event.type, event.state_key] = event
    return list(last.values())


def _is_wanted(event: Event, user_id: str, wanted: Sequence[tuple[str, str]]) -> bool:
    return any(
        kind in (ANY, event.type)
        and (
            key in (ANY, event.state_key)
            or (key == ME and event.state_key == user_id)
            or (key == LAZY and event.type == MEMBER)
        )
        for kind, key in wanted
    )


def whole(tx: Tx, user_id: str, rooms: Mapping[str, RoomConfig]) -> dict[str, list[Event]]:
    """All state that is wanted of rooms, but for the members that are loaded lazily.

    Two statements: what is named is looked up; of rooms of which any state of a type is wanted,
    all is read.
    """
    found: dict[str, list[Event]] = {room_id: [] for room_id in rooms}
    named, everything = list[tuple[str, str, str]](), list[str]()
    for room_id, config in rooms.items():
        wanted = [(kind, key) for kind, key in config.required_state if key != LAZY]
        if any(ANY in pair for pair in wanted):
            everything.append(room_id)
        else:
            named += [(room_id, kind, user_id if key == ME else key) for kind, key in wanted]
    for event in timelines.current(tx, named) if named else []:
        found[event.room_id].append(event)
    all_of = state.of_rooms(tx, everything) if everything else {}
    for room_id, events in all_of.items():
        wanted = [pair for pair in rooms[room_id].required_state if pair[1] != LAZY]
        found[room_id] = among(events, user_id, wanted)
    return found
