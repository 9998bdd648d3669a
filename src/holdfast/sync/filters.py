"""Filters: what a client wants to be told (Client-Server API, "Filtering")."""

from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar

import msgspec

from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, NotFound
from holdfast.kit.http.request import decode
from holdfast.rooms.filters import EventFilter, matches
from holdfast.sync import sql

FILTER_BYTES = 64 * 1024
ID_LETTERS = 22


class Filter(msgspec.Struct):
    """A filter. What it says of rooms is checked only for being an object: there are none yet."""

    account_data: EventFilter = msgspec.field(default_factory=EventFilter)
    presence: EventFilter = msgspec.field(default_factory=EventFilter)
    room: dict[str, msgspec.Raw] = {}
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


def parse(text: str | bytes) -> Filter:
    """A filter out of its JSON.

    Raises:
        MatrixError: `M_NOT_JSON` or `M_BAD_JSON`; `M_INVALID_PARAM` for a limit below 1.
    """
    found = decode(text.encode() if isinstance(text, str) else text, Filter)
    if any(each.limit is not None and each.limit < 1 for each in (found.account_data,)):
        raise InvalidParam("A filter's limit is at least 1.")
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
