"""What an encrypted message shows without any key: its Megolm session and its index.

The header of the ciphertext is not encrypted (Olm repository, "Megolm group ratchet", "Message
format"): a version byte, then the index and the ciphertext as tagged values, then a MAC of 8 and a
signature of 64 bytes.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

ENCRYPTED = "m.room.encrypted"
ALGORITHM = "m.megolm.v1.aes-sha2"
SESSION_ID_BYTES = 255
_VERSION, _INDEX_TAG, _CIPHERTEXT_TAG = 3, 0x08, 0x12
_TAIL_BYTES = 8 + 64
_LARGEST_INDEX = (1 << 32) - 1


@dataclass(frozen=True)
class Header:
    """Where in which session a message was encrypted; both None: nobody can tell."""

    session_id: str | None = None
    message_index: int | None = None


UNREADABLE = Header()


def header(content: dict[str, Any]) -> Header:
    """The facts about an `m.room.encrypted` event of a room."""
    session_id, ciphertext = content.get("session_id"), content.get("ciphertext")
    if content.get("algorithm") != ALGORITHM:
        return UNREADABLE
    if not (isinstance(session_id, str) and isinstance(ciphertext, str)):
        return UNREADABLE
    index = _index(_bytes(ciphertext))
    if index is None or not 0 < len(session_id.encode()) <= SESSION_ID_BYTES:
        return UNREADABLE
    return Header(session_id, index)


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _index(message: bytes) -> int | None:
    """The message index, if the rest of the message is where it has to be."""
    if len(message) < 2 or message[0] != _VERSION or message[1] != _INDEX_TAG:
        return None
    index, at = _number(message, 2)
    if index is None or index > _LARGEST_INDEX or message[at : at + 1] != bytes([_CIPHERTEXT_TAG]):
        return None
    length, at = _number(message, at + 1)
    return index if length is not None and at + length + _TAIL_BYTES == len(message) else None


def _number(message: bytes, at: int) -> tuple[int | None, int]:
    """A number of seven bits a byte, the lowest first, and where what follows it begins."""
    value = 0
    for place, byte in enumerate(message[at : at + 5]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    return None, at
