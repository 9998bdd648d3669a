"""Account data: one JSON object for each type, of the user or of a room; a client's to fill."""

import re

import msgspec

from holdfast.account_data import sql
from holdfast.account_data.sql import Entry
from holdfast.journal import rules as journal
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, MatrixError
from holdfast.kit.http import Request

__all__ = ["Entry"]

NO_ROOM = ""
DEFAULT_KEY = "m.secret_storage.default_key"  # Client-Server API, "Secrets", "Key storage"
KEY_ID_LENGTH = 255
FULLY_READ = "m.fully_read"
BY_THE_SERVER = (FULLY_READ, "m.push_rules")
ROOM_ID_BYTES = 255
TYPE_BYTES = 255  # as for the type of any event (Client-Server API, "Size limits")
# Appendices, "Room IDs": a sigil and something opaque; room version 12 names no server in it.
_ROOM_ID = re.compile(r"![^\s\x00-\x1f\x7f]{1,254}")


def check_room_id(room_id: str) -> None:
    """Refuse what cannot be a room's ID; whether there is such a room is another question.

    Raises:
        InvalidParam: it is none.
    """
    if not _ROOM_ID.fullmatch(room_id) or len(room_id.encode()) > ROOM_ID_BYTES:
        raise InvalidParam("That is not a room ID. One begins with an exclamation mark.")


def check_type(kind: str) -> None:
    """Refuse types that no client may write.

    Raises:
        MatrixError: 405 for those that other endpoints maintain, 400 for those that are no type.
    """
    if kind in BY_THE_SERVER:
        raise MatrixError(
            405, "M_BAD_JSON", f"{kind} is kept by the server and cannot be set here."
        )
    if not (0 < len(kind.encode()) <= TYPE_BYTES and kind.isprintable()):
        raise InvalidParam("A type of account data has 1 to 255 printable characters.")


def put(tx: Tx, request: Request, user_id: str, room_id: str, entry: Entry) -> None:
    """Store one type's content in place of the old one, and let the user's clients know.

    `room_id` is `NO_ROOM` for what belongs to no room. The client that writes is told by `/sync`
    as well: some wait for the echo before they go on.
    """
    position = stream.advance(tx, "config")
    if entry.type == DEFAULT_KEY and room_id == NO_ROOM:
        _note_default_key(tx, request, user_id, entry.content)
    sql.put(tx, user_id, room_id, entry, position)
    tx.wake(user_id)


def put_fully_read(tx: Tx, user_id: str, room_id: str, event_id: str) -> None:
    """Put a user's marker for what was fully read in a room at an event."""
    content = msgspec.json.encode({"event_id": event_id}).decode()
    sql.put(tx, user_id, room_id, Entry(FULLY_READ, content), stream.advance(tx, "config"))
    tx.wake(user_id)


def _note_default_key(tx: Tx, request: Request, user_id: str, content: str) -> None:
    """Note in the journal which key opens secret storage from now on; its ID is public."""
    before = _default_key(sql.get(tx, user_id, NO_ROOM, DEFAULT_KEY))
    after = _default_key(content)
    if before != after:
        journal.note(tx, request, user_id, "secret_storage_changed", before=before, after=after)


class _DefaultKey(msgspec.Struct):
    key: str | None = None


def _default_key(content: str | None) -> str | None:
    """The key ID in the content of `m.secret_storage.default_key`, cut to a sensible length."""
    try:
        key = msgspec.json.decode(content or "{}", type=_DefaultKey).key
    except (msgspec.DecodeError, RecursionError):
        return None
    return key and key[:KEY_ID_LENGTH]


def get(tx: Tx, user_id: str, room_id: str, kind: str) -> str | None:
    """One type's content, a JSON object as text, or None."""
    return sql.get(tx, user_id, room_id, kind)


def erase(tx: Tx, user_id: str) -> None:
    """Forget all of a user's account data, when the account is closed and its owner asks for it."""
    sql.delete_all(tx, user_id)
