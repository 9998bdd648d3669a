"""The public directory (Client-Server API, "Published Room Directory")."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.rooms.described import described
from holdfast.rooms.sql import directory as sql

LIMIT = 100
MOST = 500


class SearchFilter(msgspec.Struct):
    """Which rooms somebody looks for."""

    generic_search_term: str | None = None
    room_types: list[str | None] | None = None


class SearchBody(msgspec.Struct):
    """A page of the directory."""

    limit: int = LIMIT
    since: str | None = None
    filter: SearchFilter = msgspec.field(default_factory=SearchFilter)
    include_all_networks: bool = False
    third_party_instance_id: str | None = None


def page(tx: Tx, asked: SearchBody) -> dict[str, Any]:
    """A page of the directory, the rooms with the most members first. Two statements.

    A server's directory is short; it is searched as it is read.

    Raises:
        InvalidParam: `since` is no token out of an earlier answer, or `limit` is below 1.
    """
    if asked.limit < 1:
        raise InvalidParam("limit is at least 1.")
    start = _start(asked.since)
    rooms = sql.published(tx)
    told = described(tx, rooms)
    found = [
        told[room.room_id][0] for room in rooms if _matches(told[room.room_id][0], asked.filter)
    ]
    end = start + min(asked.limit, MOST)
    answer: dict[str, Any] = {"chunk": found[start:end], "total_room_count_estimate": len(found)}
    if end < len(found):
        answer["next_batch"] = f"p{end}"
    if start > 0:
        answer["prev_batch"] = f"p{max(0, start - min(asked.limit, MOST))}"
    return answer


def _start(since: str | None) -> int:
    if not since:
        return 0
    digits = since.removeprefix("p")
    if not (since.startswith("p") and digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise InvalidParam("since must be a token out of an earlier answer.")
    return int(digits)


def _matches(told: dict[str, Any], by: SearchFilter) -> bool:
    if by.room_types is not None and told.get("room_type") not in by.room_types:
        return False
    if not by.generic_search_term:
        return True
    term = by.generic_search_term.casefold()
    return any(
        term in told.get(name, "").casefold() for name in ("name", "topic", "canonical_alias")
    )
