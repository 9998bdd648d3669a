"""Requests and answers of the key backup (Client-Server API, "Server-side key backups")."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import msgspec

from holdfast.key_backup.sql import Backup, Stored
from holdfast.kit import slots
from holdfast.kit.errors import BadJson, InvalidParam, NotFound
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode, is_number, utf8
from holdfast.kit.signed_json import LARGEST, is_key

ALGORITHM = "m.megolm_backup.v1.curve25519-aes-sha2"
AUTH_DATA_BYTES = 64 * 1024
KEYS_BYTES = 8 * 1024 * 1024
ID_BYTES = 255
AT_ONCE_BYTES = 128 * 1024
"""Larger bodies are decoded on a thread: they would keep everybody else waiting."""

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class VersionBody(msgspec.Struct):
    """What a version is made or changed with."""

    algorithm: str
    auth_data: msgspec.Raw
    version: str | None = None


class KeyBody(msgspec.Struct):
    """A room key as a client stores it."""

    first_message_index: Count
    forwarded_count: Count
    is_verified: bool
    session_data: msgspec.Raw


class RoomBody(msgspec.Struct):
    """The keys of a room, by session ID."""

    sessions: dict[str, KeyBody]


class AllBody(msgspec.Struct):
    """The keys of several rooms, by room ID."""

    rooms: dict[str, RoomBody]


class RestoreBody(msgspec.Struct):
    """Which item of the history to bring back."""

    id: str


class Given(msgspec.Struct):
    """A key that a client wants stored, checked, as it is to be stored.

    `slot` is where it is found, `member` how it stands in an answer: its session ID, a colon and
    an object.
    """

    room_id: str
    session_id: str
    key: KeyBody
    slot: str
    member: str


def version_number(text: str) -> int:
    """The number of a version.

    Raises:
        NotFound: no version can have that name.
    """
    if not is_number(text) or text[0] == "0":
        raise NotFound("There is no such version of the key backup.")
    return int(text)


def checked_auth_data(body: VersionBody) -> str:
    """The `auth_data` as it was sent, once it is known to be of use to clients.

    Raises:
        MatrixError: the algorithm is none we know, or there is no public key.
    """
    if body.algorithm != ALGORITHM:
        raise InvalidParam(f"The algorithm of a key backup can only be {ALGORITHM} here.")
    public_key = decode(body.auth_data, dict[str, Any]).get("public_key")
    if not (isinstance(public_key, str) and is_key(public_key.rstrip("="))):
        raise InvalidParam("The auth_data needs a public_key: a Curve25519 key in Base64.")
    return utf8(body.auth_data)


def keeps_its_keys(old: str, new: str) -> bool:
    """Whether what is stored can still be opened with what `new` says instead of `old`.

    Signatures come and go. The public key, and what the secret one may be derived with (a salt),
    belong to the keys that are stored already.
    """
    before, after = msgspec.json.decode(old), msgspec.json.decode(new)
    return all(after.get(k) == before[k] for k in before if k not in ("signatures", "unsigned"))


async def given_keys(request: Request) -> list[Given]:
    """The keys in the body of a PUT on any of the three levels.

    Raises:
        MatrixError: the body, or one of the keys, is malformed; nothing of it is to be stored.
    """
    if len(request.body) > AT_ONCE_BYTES:
        return await asyncio.to_thread(_given_keys, request.body, request.params)
    return _given_keys(request.body, request.params)


def _given_keys(body: bytes, params: Mapping[str, str]) -> list[Given]:
    utf8(body)  # what is inside texts is only passed on
    room_id, session_id = params.get("room_id"), params.get("session_id")
    if room_id is None:
        rooms = decode(body, AllBody).rooms
    elif session_id is None:
        rooms = {room_id: decode(body, RoomBody)}
    else:
        rooms = {room_id: RoomBody({session_id: decode(body, KeyBody)})}
    return [
        _given(room, session, key)
        for room, kept in rooms.items()
        if check_id("room ID", room)
        for session, key in kept.sessions.items()
        if check_id("session ID", session)
    ]


def _given(room_id: str, session_id: str, key: KeyBody) -> Given:
    if not bytes(key.session_data).startswith(b"{"):
        raise BadJson("The session_data of a key has to be an object.")
    member = msgspec.json.encode({session_id: key})[1:-1].decode()
    return Given(room_id, session_id, key, slots.slot(room_id, session_id), member)


def check_id(what: str, text: str) -> bool:
    """Whether `text` can name a room or a session; always true, as anything else is refused.

    Raises:
        InvalidParam: it cannot.
    """
    if not (text.isprintable() and 0 < len(text) <= ID_BYTES and len(text.encode()) <= ID_BYTES):
        raise InvalidParam(f"A {what} has 1 to {ID_BYTES} bytes, all of them printable.")
    return True


def shown(backup: Backup) -> dict[str, Any]:
    """A version as clients see it."""
    return {
        "algorithm": backup.algorithm,
        "auth_data": msgspec.Raw(backup.auth_data.encode()),
        "count": backup.count,
        "etag": str(backup.etag),
        "version": str(backup.version),
    }


def shown_stored(stored: Stored) -> dict[str, Any]:
    """What there is after keys were stored or deleted."""
    return {"count": stored.count, "etag": str(stored.etag)}
