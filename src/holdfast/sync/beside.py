"""What belongs to rooms but is no event of theirs: account data, receipts, typing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from holdfast.account_data import feed as account_data
from holdfast.account_data.feed import RoomEntry
from holdfast.kit.db import Tx
from holdfast.receipts import feed as receipts
from holdfast.rooms import members
from holdfast.rooms.filters import EventFilter, RoomEventFilter, in_room, matches
from holdfast.sync.filters import RoomFilter
from holdfast.typing import feed as typing


@dataclass
class Beside:
    """What is told of rooms apart from their events, by room."""

    account_data: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ephemeral: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def rooms(self) -> Iterator[str]:
        """The rooms of which there is something to tell."""
        yield from self.account_data | self.ephemeral


def config(tx: Tx, found: Beside, user_id: str, after: int, upto: int) -> None:
    """Add the account data of the user's rooms that changed between two positions."""
    changed = account_data.of_rooms(tx, user_id, after, upto)
    joined = set(members.joined_rooms(tx, user_id)) if changed else set()
    for room_id in joined.intersection(changed):
        _add_account_data(found, room_id, changed[room_id])


def ephemeral(tx: Tx, found: Beside, user_id: str, after: int, upto: int, now: int) -> None:
    """Add receipts and who is typing, as far as they changed between two positions.

    After 0, all receipts that hold and whoever is typing.
    """
    room_ids = members.joined_rooms(tx, user_id)
    for room_id, content in receipts.changed(tx, user_id, room_ids, after, upto).items():
        _add(found, room_id, "m.receipt", content)
    for room_id, users in typing.changed(tx, room_ids, after, upto, now).items():
        if users or after > 0:
            _add(found, room_id, "m.typing", {"user_ids": users})


def begin(tx: Tx, found: Beside, user_id: str, room_ids: Sequence[str], upto: int) -> None:
    """For rooms that a client hears of for the first time: all their account data and receipts."""
    everything = account_data.of_rooms(tx, user_id, 0, upto)
    for room_id in room_ids:
        if room_id in everything:
            _add_account_data(found, room_id, everything[room_id])
    for room_id, content in receipts.changed(tx, user_id, room_ids, 0, upto).items():
        events = found.ephemeral.setdefault(room_id, [])
        events[:] = [each for each in events if each["type"] != "m.receipt"]
        _add(found, room_id, "m.receipt", content)


def _add_account_data(found: Beside, room_id: str, entries: Sequence[RoomEntry]) -> None:
    found.account_data[room_id] = [
        {"type": each.type, "content": msgspec.Raw(each.content.encode())} for each in entries
    ]


def _add(found: Beside, room_id: str, kind: str, content: Any) -> None:
    found.ephemeral.setdefault(room_id, []).append({"type": kind, "content": content})


def keep(found: Beside, by: RoomFilter) -> None:
    """Leave out what a client does not want to hear of."""
    for kept, of in ((found.account_data, by.account_data), (found.ephemeral, by.ephemeral)):
        for room_id in list(kept):
            events = [each for each in kept[room_id] if _passes(each["type"], of)]
            if events and by.wants(room_id) and in_room(room_id, of):
                kept[room_id] = events
            else:
                del kept[room_id]


def _passes(kind: str, by: EventFilter | RoomEventFilter) -> bool:
    allowed = by.types is None or any(matches(kind, each) for each in by.types)
    return allowed and not any(matches(kind, each) for each in by.not_types)
