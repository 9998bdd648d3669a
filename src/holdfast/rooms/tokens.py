"""Tokens for places in a room's history: `s` and a position in the stream, as in `/sync`."""

import re

from holdfast.kit.errors import InvalidParam

_TOKEN = re.compile(r"s(0|[1-9][0-9]{0,17})(?:_(?:0|[1-9][0-9]{0,17}))?")


def place_of(name: str, token: str) -> int:
    """The position that a token stands for, given as the parameter `name`: right after it.

    Raises:
        InvalidParam: it is none of ours.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise InvalidParam(f"{name} must be a token out of an earlier answer.")
    return int(match[1])


def token_of(position: int) -> str:
    """The token for the place right after a position."""
    return f"s{position}"
