"""Events as they are stored, and how a new one is made (Room Versions 10 to 12, "Event format")."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from holdfast.kit.errors import InvalidParam, MatrixError
from holdfast.kit.signed_json import canonical
from holdfast.kit.signer import Signer, unpadded
from holdfast.rooms.redaction import redacted
from holdfast.rooms.versions import RoomVersion

MOST_BYTES = 65_536  # of a whole event (Client-Server API, "Size limits")
NAME_BYTES = 255  # of the type, the state key, and every ID
_WHAT = "An event"


@dataclass(frozen=True)
class Draft:
    """An event somebody wants to send. Without `room_id` it creates a room of version 12.

    `device_id` is the session that sends it; None: the server does, in the sender's name. `at` is
    the time in milliseconds where it is not now.
    """

    room_id: str
    type: str
    sender: str
    content: dict[str, Any]
    state_key: str | None = None
    redacts: str | None = None
    device_id: str | None = None
    txn_id: str | None = None


@dataclass(frozen=True)
class Event:
    """A stored event; `content` is JSON. Fields as the columns of the table `events`."""

    position: int
    event_id: str
    room_id: str
    type: str
    state_key: str | None
    sender: str
    device_id: str | None
    txn_id: str | None
    origin_server_ts: int
    content: str
    replaces: str | None
    rel_type: str | None
    relates_to: str | None
    thread: str | None
    redacts: str | None
    redacted_by: str | None


@dataclass(frozen=True)
class Made:
    """A new event with its ID, and what other servers would need of it beside."""

    event_id: str
    room_id: str
    content: str
    federation: str = field(repr=False)


@dataclass(frozen=True)
class Follows:
    """What a new event follows and rests on: the IDs of events, and its depth."""

    prev_events: Sequence[str]
    auth_events: Sequence[str]
    depth: int


def make(signer: Signer, version: RoomVersion, draft: Draft, follows: Follows, now: int) -> Made:
    """Hash and sign an event (Server-Server API, "Signing events"; Room Version 4, "Event IDs").

    Raises:
        BadJson: canonical JSON has no form for something in it.
        InvalidParam: its type, its state key or an ID is too long.
        MatrixError: 413 `M_TOO_LARGE`.
    """
    pdu = _pdu(version, draft, follows, now)
    # Of the content hash, everything but `hashes`, `signatures` and `unsigned` is a part.
    pdu["hashes"] = {"sha256": unpadded(_sha256(pdu))}
    lasting = canonical(redacted(version, pdu), _WHAT)
    event_id = "$" + urlsafe_b64encode(hashlib.sha256(lasting).digest()).decode().rstrip("=")
    pdu["signatures"] = signer.signatures(lasting)
    whole = canonical(pdu, _WHAT)
    if len(whole) > MOST_BYTES:
        raise MatrixError(413, "M_TOO_LARGE", f"An event has at most {MOST_BYTES} bytes.")
    federation = {name: pdu[name] for name in _FEDERATION}
    return Made(
        event_id,
        draft.room_id or "!" + event_id[1:],  # Room Version 12, "Room IDs as hashes"
        canonical(draft.content, _WHAT).decode(),
        msgspec.json.encode(federation).decode(),
    )


_FEDERATION = ("auth_events", "prev_events", "depth", "hashes", "signatures")


def _pdu(version: RoomVersion, draft: Draft, follows: Follows, now: int) -> dict[str, Any]:
    _check_names(draft)
    pdu: dict[str, Any] = {
        "type": draft.type,
        "sender": draft.sender,
        "content": draft.content,
        "origin_server_ts": now,
        "auth_events": follows.auth_events,
        "prev_events": follows.prev_events,
        "depth": follows.depth,
    }
    if draft.room_id:
        pdu["room_id"] = draft.room_id
    if draft.state_key is not None:
        pdu["state_key"] = draft.state_key
    if draft.redacts is not None and not version.redacts_in_content:
        pdu["redacts"] = draft.redacts
    return pdu


def _sha256(pdu: dict[str, Any]) -> bytes:
    return hashlib.sha256(canonical(pdu, _WHAT)).digest()


def _check_names(draft: Draft) -> None:
    if not draft.type:
        raise InvalidParam("An event has a type.")
    for name, text in (("type", draft.type), ("state key", draft.state_key or "")):
        if len(text.encode()) > NAME_BYTES:
            raise InvalidParam(f"The {name} of an event has at most {NAME_BYTES} bytes.")
