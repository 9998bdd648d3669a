"""Which rooms an answer tells of, and from where on."""

from dataclasses import dataclass, field

from holdfast.kit.db import Tx
from holdfast.rooms import timelines
from holdfast.rooms.timelines import Part, Range
from holdfast.rooms.visibility import Seen, seen_since
from holdfast.sync.filters import RoomFilter

GONE = ("leave", "ban")


@dataclass
class Chosen:
    """Rooms by the user's part in them.

    `joined` and `left` with the events to tell of; `whole` those of which the client knows nothing
    yet; `stateless` those that the user was never in.
    """

    joined: dict[str, Range] = field(default_factory=dict)
    left: dict[str, Range] = field(default_factory=dict)
    invited: list[str] = field(default_factory=list)
    knocked: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    stateless: set[str] = field(default_factory=set)


def choose(tx: Tx, user_id: str, after: int, newest: int, by: RoomFilter) -> Chosen:
    """The rooms to tell of for everything after one position, up to another. Two statements.

    After 0 it is all there is.
    """
    found = [
        part
        for part in timelines.parts(tx, user_id, after)
        if not part.forgotten and by.wants(part.room_id)
    ]
    changed = [part.room_id for part in found if part.position > after and _is_shown(part)]
    seen = seen_since(tx, user_id, changed, after) if changed else {}
    chosen = Chosen()
    for part in found:
        room_id = part.room_id
        if part.membership == "join":
            known = after > 0 and (room_id not in seen or seen[room_id].was == "join")
            stretches = seen[room_id].stretches if room_id in seen else None
            chosen.joined[room_id] = Range(after if known else 0, newest, stretches)
            if not known:
                chosen.whole.add(room_id)
        elif part.position <= after:
            continue
        elif part.membership == "invite":
            chosen.invited.append(room_id)
        elif part.membership == "knock":
            chosen.knocked.append(room_id)
        elif after > 0 or by.include_leave:
            _leave(chosen, room_id, seen[room_id])
            chosen.left[room_id] = Range(after, part.position, seen[room_id].stretches)
    return chosen


def _is_shown(part: Part) -> bool:
    return part.membership == "join" or part.membership in GONE


def _leave(chosen: Chosen, room_id: str, seen: Seen) -> None:
    if seen.was != "join":
        (chosen.whole if "join" in seen.since else chosen.stateless).add(room_id)
