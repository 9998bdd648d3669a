"""Which events a client wants to see (Client-Server API, "Filtering")."""

from collections.abc import Sequence

import msgspec

from holdfast.kit.errors import InvalidParam
from holdfast.rooms.events import Event


class EventFilter(msgspec.Struct):
    """Which events of one kind a client wants; without `types`, all of them."""

    types: list[str] | None = None
    not_types: list[str] = []
    senders: list[str] | None = None
    not_senders: list[str] = []
    limit: int | None = None


class RoomEventFilter(EventFilter):
    """The same for events of rooms."""

    rooms: list[str] | None = None
    not_rooms: list[str] = []
    contains_url: bool | None = None
    lazy_load_members: bool = False
    include_redundant_members: bool = False
    unread_thread_notifications: bool = False


def wanted(events: Sequence[Event], by: RoomEventFilter) -> list[Event]:
    """The events that a filter lets through; its limit is the caller's business."""
    return [event for event in events if passes(event, by)] if is_picky(by) else list(events)


def is_picky(by: RoomEventFilter) -> bool:
    """Whether a filter leaves anything out."""
    lists = (by.not_types, by.not_senders, by.not_rooms)
    allowed = (by.types, by.senders, by.rooms, by.contains_url)
    return any(lists) or any(each is not None for each in allowed)


def passes(event: Event, by: RoomEventFilter) -> bool:
    """Whether a filter lets an event through."""
    if by.types is not None and not any(matches(event.type, each) for each in by.types):
        return False
    if any(matches(event.type, each) for each in by.not_types):
        return False
    if by.senders is not None and event.sender not in by.senders:
        return False
    if event.sender in by.not_senders or not in_room(event.room_id, by):
        return False
    if by.contains_url is None:
        return True
    return ("url" in msgspec.json.decode(event.content)) == by.contains_url


def in_room(room_id: str, by: RoomEventFilter) -> bool:
    """Whether a filter lets anything of a room through."""
    return room_id not in by.not_rooms and (by.rooms is None or room_id in by.rooms)


def check_limit(by: EventFilter) -> None:
    """Refuse a filter that wants fewer than one event.

    Raises:
        InvalidParam: it does.
    """
    if by.limit is not None and by.limit < 1:
        raise InvalidParam("A filter's limit is at least 1.")


def matches(text: str, pattern: str) -> bool:
    """Whether `text` is like `pattern`, in which `*` stands for any characters.

    Takes the pieces between the asterisks one after the other, from the left: whatever the
    pattern, the time grows with the length alone. (A regular expression made of it would not.)
    """
    first, *others = pattern.split("*")
    if not others:
        return text == pattern
    *between, last = others
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in between:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return text.endswith(last)
