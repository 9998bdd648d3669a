"""Sending messages to devices, each stored as `/sync` will tell it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.device_keys import listing
from holdfast.device_keys.listing import Listed
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import BadJson, InvalidParam, MatrixError, UnknownToken
from holdfast.kit.http import Requester
from holdfast.kit.http.request import decode, utf8
from holdfast.to_device import sql

EVERY_DEVICE = "*"
NAME_BYTES = 255  # as for the type of any event (Client-Server API, "Size limits")
CONTENT_LENGTH = 65_536  # characters; as many bytes as any event may have
SENT_BYTES = 32 * 1024 * 1024  # a content for `*` is stored once for each device
TRANSACTION_LIFETIME_MS = 2 * 24 * 3600 * 1000
FORGOTTEN_AT_ONCE = 5_000
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Body(msgspec.Struct):
    """Messages by user ID and device ID, of which `*` stands for every device."""

    messages: dict[str, dict[str, msgspec.Raw]]


@dataclass(frozen=True)
class Sending:
    """What one request sends: by user and device ID, messages as JSON."""

    type: str
    transaction_id: str
    messages: Mapping[str, Mapping[str, str]]


def sending(sender: str, kind: str, transaction_id: str, body: bytes) -> Sending:
    """The messages in a request of `sender`, put together before the transaction that stores them.

    Contents are passed on as they were sent.

    Raises:
        MatrixError: the type, the transaction ID or a content cannot be used; 413 for one that is
            too large.
    """
    for name, text in (("type", kind), ("transaction ID", transaction_id)):
        if not (0 < len(text.encode()) <= NAME_BYTES and text.isprintable()):
            raise InvalidParam(f"The {name} of a message has 1 to 255 printable characters.")
    if b"\\" in body:
        _check_escapes(body)
    head = f'{{"sender":{_json(sender)},"type":{_json(kind)},"content":'
    return Sending(
        kind,
        transaction_id,
        {
            user_id: {device_id: _message(head, raw) for device_id, raw in by_device.items()}
            for user_id, by_device in decode(body, Body).messages.items()
        },
    )


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _message(head: str, raw: msgspec.Raw) -> str:
    """A message with a content as it was sent, if that is an object of a size that is allowed."""
    content = utf8(raw)
    if content[0] != "{":
        raise BadJson("The content of a message is a JSON object.")
    if len(content) > CONTENT_LENGTH:
        raise MatrixError(413, "M_TOO_LARGE", "A message's content has at most 65536 characters.")
    return f"{head}{content}}}"


def _check_escapes(body: bytes) -> None:
    """Refuse half a surrogate pair: it breaks clients that read strictly, sync after sync.

    Raises:
        MatrixError: `M_NOT_JSON`.
    """
    if _SURROGATE.search(body):
        decode(body, dict[str, Any])


def send(tx: Tx, sender: Requester, what: Sending, now: int) -> None:
    """Put messages into the queues of the devices that exist; once, however often it is asked.

    Users and devices that nobody knows are passed over. `*` stands for every device of a user that
    is not named beside it.

    Raises:
        UnknownToken: the session that sends was removed at this very moment.
        MatrixError: 413: `*` stands for so many devices that it comes to too much.
    """
    listed = listing.live(tx, sorted({sender.user_id, *what.messages}))
    me = (sender.user_id, sender.device_id)
    own = next((each.number for each in listed if (each.user_id, each.device_id) == me), None)
    if own is None:
        raise UnknownToken("This session was signed out. Sign in again.", soft_logout=False)
    if not sql.begin(tx, own, what.type, what.transaction_id, now):
        return
    addressed = _addressed(listed, what)
    if addressed:
        _queue(tx, addressed)
        tx.wake(*{device.user_id for device, _message in addressed})


def _addressed(listed: Sequence[Listed], what: Sending) -> list[tuple[Listed, str]]:
    found = []
    for device in listed:
        of_user = what.messages.get(device.user_id, {})
        message = of_user.get(device.device_id) or of_user.get(EVERY_DEVICE)
        if message is not None:
            found.append((device, message))
    if sum(len(message) for _device, message in found) > SENT_BYTES:
        raise MatrixError(413, "M_TOO_LARGE", "That comes to more than 32 MiB. Send it in parts.")
    return found


def _queue(tx: Tx, addressed: Sequence[tuple[Listed, str]]) -> None:
    position = stream.advance(tx, "message")
    sql.insert(
        tx,
        [
            {"device": device.number, "position": position, "message": message}
            for device, message in addressed
        ],
    )


def forget_old(tx: Tx, now: int) -> int:
    """Forget a batch of transactions that nobody will repeat; return how many there were.

    A client repeats one until it has an answer, and may have been without a network meanwhile.
    """
    return sql.delete_transactions(tx, now - TRANSACTION_LIFETIME_MS, FORGOTTEN_AT_ONCE)
