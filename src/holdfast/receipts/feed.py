"""What `/sync` tells of receipts."""

from collections.abc import Sequence
from typing import Any

from holdfast.kit.db import Tx
from holdfast.receipts import sql


def changed(
    tx: Tx, user_id: str, room_ids: Sequence[str], after: int, upto: int
) -> dict[str, dict[str, Any]]:
    """By room: the content of `m.receipt` for what changed between two positions.

    After 0 it is all that holds. Private receipts are for the user they belong to alone.
    """
    found: dict[str, dict[str, Any]] = {}
    for each in sql.changed(tx, user_id, room_ids, after, upto) if room_ids else []:
        of_type = found.setdefault(each.room_id, {}).setdefault(each.event_id, {})
        said: dict[str, Any] = {"ts": each.at}
        if each.thread:
            said["thread_id"] = each.thread
        of_type.setdefault(each.type, {})[each.user_id] = said
    return found
