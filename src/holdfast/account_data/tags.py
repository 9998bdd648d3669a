"""Tags: how a user has sorted rooms (Client-Server API, "Room Tagging")."""

from typing import Any

import msgspec

from holdfast.account_data import rules
from holdfast.account_data.rules import Entry
from holdfast.kit.db import Tx
from holdfast.kit.errors import BadJson, InvalidParam
from holdfast.kit.http import Request

TAG = "m.tag"
TAG_BYTES = 255
MOST = 100


def tags(tx: Tx, user_id: str, room_id: str) -> dict[str, Any]:
    """The tags of a room, with what belongs to each."""
    content = rules.get(tx, user_id, room_id, TAG)
    found = msgspec.json.decode(content).get("tags") if content else None
    return found if isinstance(found, dict) else {}


def put(tx: Tx, request: Request, room_id: str, tag: str, content: Any) -> None:
    """Give a room a tag.

    Raises:
        InvalidParam: it is no tag, or there are too many.
    """
    user_id = request.requester.user_id
    tx.lock(f"tags {user_id}")
    found = {**tags(tx, user_id, room_id), tag: content}
    if not 0 < len(tag.encode()) <= TAG_BYTES or len(found) > MOST:
        raise InvalidParam(f"A room has at most {MOST} tags, of 1 to {TAG_BYTES} bytes each.")
    _store(tx, request, room_id, found)


def delete(tx: Tx, request: Request, room_id: str, tag: str) -> None:
    """Take a tag away; one that is not there is as gone as it can be."""
    user_id = request.requester.user_id
    tx.lock(f"tags {user_id}")
    found = tags(tx, user_id, room_id)
    if tag in found:
        _store(tx, request, room_id, {name: found[name] for name in found if name != tag})


def _store(tx: Tx, request: Request, room_id: str, found: dict[str, Any]) -> None:
    try:
        content = msgspec.json.encode({"tags": found}).decode()
    except UnicodeEncodeError:
        raise BadJson("A tag holds half a character.") from None
    rules.put(tx, request, request.requester.user_id, room_id, Entry(TAG, content))
