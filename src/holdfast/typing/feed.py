"""What `/sync` tells of who is typing."""

from collections.abc import Sequence

from holdfast.kit.db import Tx
from holdfast.typing import sql


def changed(
    tx: Tx, room_ids: Sequence[str], after: int, upto: int, now: int
) -> dict[str, list[str]]:
    """By room: who is typing at `now` (milliseconds), where that changed between two positions."""
    found: dict[str, list[str]] = {}
    for each in sql.changed(tx, room_ids, after, upto, now) if room_ids else []:
        users = found.setdefault(each.room_id, [])
        if each.user_id is not None:
            users.append(each.user_id)
    return found
