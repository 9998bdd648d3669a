"""What a room is called when nobody has named it, and how many are in it ("Room Summary")."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from holdfast.kit.db import Tx
from holdfast.rooms.sql import members as sql

HEROES = 5


@dataclass
class Summary:
    """Some of a room's members apart from the viewer, and how many are there or invited."""

    heroes: list[str] = field(default_factory=list)
    joined: int = 0
    invited: int = 0


def of(tx: Tx, room_ids: Sequence[str], user_id: str) -> dict[str, Summary]:
    """Summaries of rooms as a user sees them. Two statements, however many rooms."""
    found = {room_id: Summary() for room_id in room_ids}
    if not found:
        return found
    for each in sql.counts(tx, room_ids):
        if each.membership == "join":
            found[each.room_id].joined = each.count
        else:
            found[each.room_id].invited = each.count
    for hero in sql.heroes(tx, room_ids, user_id, HEROES):
        found[hero.room_id].heroes.append(hero.user_id)
    return found
