"""Which of the encrypted messages a user may read the current key backup covers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from holdfast.custody import sql
from holdfast.custody.sql import Count, Found
from holdfast.key_backup import rules as key_backup
from holdfast.kit.db import Tx
from holdfast.rooms import members, visibility

NO_BACKUP = 0


@dataclass
class Room:
    """What the messages of one room come to; times are milliseconds.

    `holders` are those who sent what is at risk, by user and device ID: they can open it.
    """

    room_id: str
    events: int = 0
    covered: int = 0
    at_risk: int = 0
    not_readable: int = 0
    first_at_risk_ts: int | None = None
    last_at_risk_ts: int | None = None
    holders: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, count: Count) -> None:
        """Count some more messages of this room."""
        self.events += count.events
        if count.what == "covered":
            self.covered += count.events
        elif count.what == "not_readable":
            self.not_readable += count.events
        else:
            self.at_risk += count.events
            who = (count.sender, count.device_id)
            self.holders[who] = self.holders.get(who, 0) + count.events
            first, last = self.first_at_risk_ts, self.last_at_risk_ts
            self.first_at_risk_ts = count.first_ts if first is None else min(first, count.first_ts)
            self.last_at_risk_ts = count.last_ts if last is None else max(last, count.last_ts)


def coverage(tx: Tx, user_id: str) -> list[Room]:
    """What the current key backup covers, by room. The number of statements is fixed.

    The time it takes grows with the Megolm sessions in the user's rooms, not with the messages.
    """
    backup, stretches = _scope(tx, user_id)
    found = sql.sessions(tx, backup, stretches)
    by_what: dict[str, list[Found]] = {}
    for each in found:
        by_what.setdefault(each.what, []).append(each)
    split, parts = by_what.pop("split", []), by_what.pop("part", [])
    whole = [each for group in by_what.values() for each in group]
    return _by_room([*whole, *_split(tx, split), *sql.single_events(tx, parts)])


def _split(tx: Tx, split: Sequence[Found]) -> Iterator[Count]:
    """Sessions whose key opens the later messages only: without gaps, indexes tell how many."""
    last = sql.times(tx, split)
    for each in split:
        first = each.first_message_index or 0
        covered = each.last_index - first + 1
        until = last[each.who]
        yield Count(each.room_id, "", "", "covered", covered, until, each.last_ts)
        rest = each.events - covered
        who = (each.sender, each.device_id)
        yield Count(each.room_id, *who, "at_risk", rest, each.first_ts, until)


def recounted(tx: Tx, user_id: str) -> list[Room]:
    """The same, counted from every message the user may read."""
    return _by_room(sql.every_event(tx, *_scope(tx, user_id)))


def _scope(tx: Tx, user_id: str) -> tuple[int, Sequence[list[str]]]:
    """The number of the current backup, and the stretches of history the user may read."""
    backup = key_backup.current(tx, user_id)
    rooms = [each.room_id for each in members.of_user(tx, user_id) if not each.forgotten]
    seen = visibility.visible(tx, user_id, rooms)
    stretches = [
        [room_id, str(each.after), str(each.upto)]
        for room_id, parts in seen.items()
        for each in parts
    ]
    return (NO_BACKUP if backup is None else backup.number), stretches


def _by_room(counts: Iterable[Count]) -> list[Room]:
    rooms: dict[str, Room] = {}
    for count in counts:
        rooms.setdefault(count.room_id, Room(count.room_id)).add(count)
    return sorted(rooms.values(), key=lambda room: room.room_id)
