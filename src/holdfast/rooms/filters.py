"""Which events a client wants to see (Client-Server API, "Filtering")."""

import msgspec


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
