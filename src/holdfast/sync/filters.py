"""Filters: what a client wants to be told (Client-Server API, "Filtering")."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from holdfast.kit.http.request import decode
from holdfast.rooms.filters import EventFilter, RoomEventFilter, check_limit, matches
from holdfast.sync import sql

FILTER_BYTES = 64 * 1024
ID_LETTERS = 22


class RoomFilter(msgspec.Struct):
    """Which rooms a client wants to hear of, and what of them."""

    rooms: list[str] | None = None
    not_rooms: list[str] = []
    include_leave: bool = False
    timeline: RoomEventFilter = msgspec.field(default_factory=RoomEventFilter)
    state: RoomEventFilter = msgspec.field(default_factory=RoomEventFilter)
    ephemeral: RoomEventFilter = msgspec.field(default_factory=RoomEventFilter)
    account_data: RoomEventFilter = msgspec.field(default_factory=RoomEventFilter)

    def wants(self, room_id: str) -> bool:
        """Whether the client wants to hear of a room at all."""
        return room_id not in self.not_rooms and (self.rooms is None or room_id in self.rooms)

    @property
    def lazily(self) -> bool:
        """Whether of a room's members only those are told of who have sent something."""
        return self.state.lazy_load_members


class Filter(msgspec.Struct):
    """A filter."""

    account_data: EventFilter = msgspec.field(default_factory=EventFilter)
    presence: EventFilter = msgspec.field(default_factory=EventFilter)
    room: RoomFilter = msgspec.field(default_factory=RoomFilter)
    event_fields: list[str] | None = None
    event_format: Literal["client", "federation"] = "client"


class Typed(Protocol):
    """Something that has a type."""

    @property
    def type(self) -> str:
        """The event type."""
        ...


E = TypeVar("E", bound=Typed)


def wanted(events: Sequence[E], by: EventFilter) -> list[E]:
    """The events that a filter lets through; of more than its `limit`, the newest, which are last.

    Account data has no sender, so what a filter says of senders does not concern it.
    """
    chosen = [
        event
        for event in events
        if (by.types is None or any(matches(event.type, each) for each in by.types))
        and not any(matches(event.type, each) for each in by.not_types)
    ]
    return chosen if by.limit is None else chosen[-by.limit :]


def of_types(events: Sequence[dict[str, Any]], by: EventFilter) -> list[dict[str, Any]]:
    """Those of some events whose type and sender a filter lets through."""
    return [
        each
        for each in events
        if (by.types is None or any(matches(each["type"], like) for like in by.types))
        and not any(matches(each["type"], like) for like in by.not_types)
        and (by.senders is None or each["sender"] in by.senders)
        and each["sender"] not in by.not_senders
    ]


def parse(text: str | bytes) -> Filter:
    """A filter out of its JSON.

    Raises:
        MatrixError: `M_NOT_JSON` or `M_BAD_JSON`; `M_INVALID_PARAM` for a limit below 1.
    """
    found = decode(text.encode() if isinstance(text, str) else text, Filter)
    room = found.room
    for each in (found.account_data, found.presence, room.timeline, room.state, room.ephemeral):
        check_limit(each)
    return found


def store(tx: Tx, user_id: str, content: str) -> str:
    """Store a filter, which is JSON; return its ID.

    The ID is made from its text, so a filter that a client sends again has the same ID and is kept
    once.
    """
    filter_id = ids.digest(content).hex()[:ID_LETTERS]
    sql.put_filter(tx, user_id, filter_id, content)
    return filter_id


def stored(tx: Tx, user_id: str, filter_id: str) -> str:
    """A stored filter, as JSON.

    Raises:
        NotFound: there is no such filter, or it is not this user's.
    """
    content = sql.filter_of(tx, user_id, filter_id)
    if content is None:
        raise NotFound("There is no such filter. Store it again.")
    return content
