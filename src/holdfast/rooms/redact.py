"""Taking back what an event said (Client-Server API, "Redactions")."""

from typing import Any

import msgspec

from holdfast.kit import slots
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, NotFound
from holdfast.kit.http import Request
from holdfast.push import counting
from holdfast.rooms import megolm, members, state, words
from holdfast.rooms.append import append, lock
from holdfast.rooms.auth.power import Power
from holdfast.rooms.events import Draft, Event
from holdfast.rooms.redaction import redacted_content
from holdfast.rooms.sql import events as sql
from holdfast.rooms.sql import megolm_sessions
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.state import CREATE, POWER_LEVELS
from holdfast.rooms.versions import VERSIONS, RoomVersion

REDACTION = "m.room.redaction"


def redact(
    tx: Tx, request: Request, room_id: str, event_id: str, txn_id: str, content: dict[str, Any]
) -> str:
    """Take back what an event said, once however often it is asked; returns the redaction's ID.

    `content` is the redaction's, with a `reason` perhaps.

    Raises:
        NotFound: there is no such event in the room.
        Forbidden: it is another user's, and the user may not redact those.
    """
    me, context = request.requester, request.context
    lock(tx, [room_id])
    for earlier in sql.sent(tx, room_id, me.user_id, me.device_id, txn_id):
        if earlier.type == REDACTION and earlier.redacts == event_id:
            return earlier.event_id
    rows = state_sql.rooms(tx, [room_id])
    found = sql.by_ids(tx, [event_id])
    if not rows or not found or found[0].room_id != room_id:
        raise NotFound("There is no such event in this room.")
    version = VERSIONS[rows[0].version]
    if found[0].sender != me.user_id:
        me.check_not_suspended()
    _check_allowed(tx, version, found[0], me.user_id)
    if version.redacts_in_content:
        content = {**content, "redacts": event_id}
    draft = Draft(
        room_id,
        REDACTION,
        me.user_id,
        content,
        redacts=event_id,
        device_id=me.device_id,
        txn_id=txn_id,
    )
    redaction = append(tx, context.signer, [draft], context.now)[0]
    if found[0].redacted_by is None:
        strip(tx, version, found[0], redaction.event_id)
    return redaction.event_id


def _check_allowed(tx: Tx, version: RoomVersion, event: Event, user_id: str) -> None:
    power = Power(version, state.named(tx, event.room_id, CREATE, POWER_LEVELS))
    if event.sender != user_id and power.of(user_id) < power.needed("redact"):
        raise Forbidden("You may redact only your own events in this room.")


def strip(tx: Tx, version: RoomVersion, event: Event, redacted_by: str) -> None:
    """Leave of a stored event only what outlives a redaction, and of its traces nothing."""
    left = redacted_content(version, event.type, msgspec.json.decode(event.content))
    sql.redact(tx, event.event_id, msgspec.json.encode(left).decode(), redacted_by)
    if event.type == megolm.ENCRYPTED:
        _forget_encrypted(tx, event)
    words.forget(tx, event)
    there = [member.user_id for member in members.joined(tx, [event.room_id])]
    counting.forget_event(tx, there, event.position)


def _forget_encrypted(tx: Tx, event: Event) -> None:
    forgotten = megolm_sessions.forget(tx, event.position)
    if forgotten is not None:
        slot = slots.slot(event.room_id, forgotten.session_id or "")
        megolm_sessions.recount(tx, event.room_id, forgotten, slot)
