"""Signed objects as they are stored: canonical JSON with the signatures last.

That way further signatures are added to an answer by pasting, without decoding anything.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from holdfast.kit.signed_json import signed_part

_ENDS = len("}}}")  # of the owner's signatures, of all signatures, of the object


def stored(signed: Mapping[str, Any], owner: str, signatures: Mapping[str, str]) -> str:
    """`signed` with these signatures of its owner, by key ID, in place of those it carries.

    `unsigned` is left out. Without signatures the object has no such member.

    Raises:
        BadJson: it holds a number that canonical JSON has no form for.
    """
    return _with(signed_part(signed).decode(), {owner: signatures} if signatures else {})


def with_owners(text: str, more: Mapping[str, str]) -> str:
    """A stored object that has a signature of its owner, with more of them."""
    return f"{text[:-_ENDS]},{_json(more)[1:-1]}{text[-_ENDS:]}" if more else text


def with_first(text: str, signatures: Mapping[str, Mapping[str, str]]) -> str:
    """A stored object that has no signatures, with some, by user and key ID."""
    return _with(text, signatures)


def with_name(text: str, display_name: str | None) -> str:
    """A stored device with what it is called, which nobody signs."""
    if display_name is None:
        return text
    return f'{text[:-1]},"unsigned":{{"device_display_name":{_json(display_name)}}}}}'


def same(text: str, sent: Mapping[str, Any]) -> bool:
    """Whether `sent` is the stored object, apart from signatures and `unsigned`.

    Raises:
        BadJson: `sent` holds a number that canonical JSON has no form for.
    """
    return signed_part(msgspec.json.decode(text)) == signed_part(sent)


def _with(text: str, signatures: Mapping[str, Mapping[str, str]]) -> str:
    return f'{text[:-1]},"signatures":{_json(signatures)}}}' if signatures else text


def _json(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
