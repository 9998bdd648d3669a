"""Sending events and setting state (Client-Server API, "Sending events to a room")."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import BadJson, InvalidParam
from holdfast.kit.http import Request
from holdfast.rooms import aliases, relations, state
from holdfast.rooms.append import append, lock
from holdfast.rooms.create import check_there
from holdfast.rooms.events import Draft
from holdfast.rooms.redact import REDACTION, redact
from holdfast.rooms.sql import events as sql
from holdfast.rooms.state import MEMBER


def send(tx: Tx, request: Request, room_id: str, kind: str, txn_id: str, content: Any) -> str:
    """Send an event, once however often it is asked; returns its ID.

    Raises:
        MatrixError: the room does not allow it, or it cannot be an event.
    """
    if kind == REDACTION:
        redacts = content.get("redacts")
        if not isinstance(redacts, str):
            raise BadJson("A redaction names the event in 'redacts'.")
        return redact(tx, request, room_id, redacts, txn_id, content)
    me, context = request.requester, request.context
    lock(tx, [room_id])
    for event in sql.sent(tx, room_id, me.user_id, me.device_id, txn_id):
        if event.type == kind:
            return event.event_id
    relations.check(tx, room_id, kind, me.user_id, content)
    draft = Draft(
        room_id, kind, me.user_id, content, device_id=me.device_id, txn_id=checked_txn(txn_id)
    )
    return append(tx, context.signer, [draft], context.now)[0].event_id


def checked_txn(txn_id: str) -> str:
    """A transaction ID that can be stored.

    Raises:
        InvalidParam: it is too long.
    """
    if len(txn_id.encode()) > TXN_BYTES:
        raise InvalidParam(f"A transaction ID has at most {TXN_BYTES} bytes.")
    return txn_id


TXN_BYTES = 255


def set_state(tx: Tx, request: Request, room_id: str, key: state.Key, content: Any) -> str:
    """Set a part of the state, unless it says so already; returns the ID of the event that does.

    Raises:
        MatrixError: the room does not allow it, it cannot be an event, or it names aliases that
            lead elsewhere.
    """
    me, context = request.requester, request.context
    kind, state_key = key
    lock(tx, [room_id])
    said = state.named(tx, room_id, key).get(key)
    if said is not None and said.sender == me.user_id and said.content == content:
        return said.event_id
    if key == (aliases.CANONICAL, ""):
        aliases.check_canonical(tx, room_id, content)
    if kind == MEMBER and content.get("membership") == "invite":
        check_there(tx, [state_key])
    draft = Draft(room_id, kind, me.user_id, content, state_key, device_id=me.device_id)
    return append(tx, context.signer, [draft], context.now)[0].event_id


def content_of(request: Request) -> dict[str, Any]:
    """The content of an event, as it was sent.

    Raises:
        MatrixError: `M_NOT_JSON` or `M_BAD_JSON`.
    """
    content = request.json(dict[str, Any])
    try:
        msgspec.json.encode(content)
    except (UnicodeEncodeError, RecursionError):
        raise BadJson("An event holds half a character, or is nested too deeply.") from None
    return content
