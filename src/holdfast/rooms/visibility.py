"""What of a room's history a user may see (Client-Server API, "Room History Visibility").

One server writes a room's events one after the other, so what a user may see are a few stretches of
the history: they change only where the user's membership or the room's visibility does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql import visibility as sql
from holdfast.rooms.state import MEMBER

FOREVER = (1 << 62) - 1


@dataclass(frozen=True)
class Stretch:
    """The events after one position, up to another."""

    after: int
    upto: int


def visible(tx: Tx, user_id: str, room_ids: Sequence[str]) -> dict[str, list[Stretch]]:
    """What a user may see of some rooms: stretches, the oldest first. One statement.

    A room that is not there, or of which nothing may be seen, has none.
    """
    changes: dict[str, list[Event]] = {room_id: [] for room_id in room_ids}
    for event in sql.changes(tx, room_ids, user_id):
        changes[event.room_id].append(event)
    return {room_id: stretches(found) for room_id, found in changes.items()}


@dataclass(frozen=True)
class Seen:
    """What a user may see of a room, and what the user was in it at a position, and after it."""

    stretches: list[Stretch]
    was: str
    since: frozenset[str]


def seen_since(tx: Tx, user_id: str, room_ids: Sequence[str], after: int) -> dict[str, Seen]:
    """The same as `visible`, with the user's memberships at the position `after` and since."""
    changes: dict[str, list[Event]] = {room_id: [] for room_id in room_ids}
    for event in sql.changes(tx, room_ids, user_id) if room_ids else []:
        changes[event.room_id].append(event)
    return {room_id: _seen(found, after) for room_id, found in changes.items()}


def _seen(changes: Sequence[Event], after: int) -> Seen:
    was, since = "leave", set()
    for change in changes:
        if change.type == MEMBER:
            membership = str(msgspec.json.decode(change.content).get("membership"))
            if change.position <= after:
                was = membership
            else:
                since.add(membership)
    return Seen(stretches(changes), was, frozenset(since))


def sees(stretches: Iterable[Stretch], position: int) -> bool:
    """Whether a position lies in one of some stretches."""
    return any(each.after < position <= each.upto for each in stretches)


@dataclass(frozen=True)
class _Now:
    membership: str
    visibility: str


def stretches(changes: Sequence[Event]) -> list[Stretch]:
    """What a user may see, from the member events of the user and the visibilities of one room."""
    left_at = _left_at(changes)
    found: list[Stretch] = []
    before, at = _Now("leave", "shared"), 0
    for change in changes:
        after = _after(before, change)
        # A change is seen by whoever may see either side of it: one's own leave, for instance.
        last = change.position - 1
        if _upto(before, left_at) >= change.position or _upto(after, left_at) >= change.position:
            found.append(Stretch(last, change.position))
        _add(found, at, min(last, _upto(before, left_at)))
        before, at = after, change.position
    _add(found, at, _upto(before, left_at))
    return _merged(found)


def _after(before: _Now, change: Event) -> _Now:
    content = msgspec.json.decode(change.content)
    if change.type == MEMBER:
        return _Now(str(content.get("membership")), before.visibility)
    visibility = content.get("history_visibility")
    known = ("world_readable", "shared", "invited", "joined")
    return _Now(before.membership, visibility if visibility in known else "shared")


def _left_at(changes: Sequence[Event]) -> int:
    """Up to where the user was in the room for the last time; 0: never."""
    now, left = _Now("leave", "shared"), 0
    for change in changes:
        after = _after(now, change)
        if now.membership == "join" and after.membership != "join":
            left = change.position
        now = after
    return FOREVER if now.membership == "join" else left


def _upto(now: _Now, left_at: int) -> int:
    """Up to where events may be seen that are sent while this holds; 0: none of them."""
    if now.visibility == "world_readable" or now.membership == "join":
        return FOREVER
    if now.visibility == "invited" and now.membership == "invite":
        return FOREVER
    return left_at if now.visibility == "shared" else 0


def _add(found: list[Stretch], after: int, upto: int) -> None:
    if upto > after:
        found.append(Stretch(after, upto))


def _merged(found: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for each in sorted(found, key=lambda stretch: stretch.after):
        if merged and each.after <= merged[-1].upto:
            merged[-1] = Stretch(merged[-1].after, max(merged[-1].upto, each.upto))
        else:
            merged.append(each)
    return merged
