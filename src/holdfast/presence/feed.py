"""What `/sync` tells of who is there."""

from typing import Any

from holdfast.kit.db import Tx
from holdfast.presence import sql
from holdfast.presence.rules import ACTIVE_MS
from holdfast.presence.sql import Presence
from holdfast.rooms import members


def changed(tx: Tx, user_id: str, after: int, upto: int, now: int) -> list[dict[str, Any]]:
    """`m.presence` of the user and of those who share a room, as changed between two positions.

    After 0, of all of them who are there.
    """
    found = sql.changed(tx, after, upto)
    others = [each.user_id for each in found if each.user_id != user_id]
    known = {user_id, *(members.sharing(tx, user_id, others) if others else ())}
    return [
        {"type": "m.presence", "sender": each.user_id, "content": content(each, now)}
        for each in found
        if each.user_id in known and (after > 0 or each.state != "offline")
    ]


def content(presence: Presence, now: int) -> dict[str, Any]:
    """What is told of somebody's presence. `now` is in milliseconds."""
    told: dict[str, Any] = {"presence": presence.state}
    if presence.active_at:
        told["last_active_ago"] = max(0, now - presence.active_at)
        told["currently_active"] = (
            presence.state == "online" and now - presence.active_at <= 2 * ACTIVE_MS
        )
    if presence.status_msg is not None:
        told["status_msg"] = presence.status_msg
    return told
