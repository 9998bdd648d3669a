"""The account journal over HTTP."""

from typing import Any

import msgspec

from holdfast.journal import rules
from holdfast.journal.rules import NEWEST, Entry
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request, extra

USUAL = 50
MOST = 500
LONGEST = 18  # digits that every number of an entry stays below


async def get_journal(request: Request) -> Any:
    """What was done to the account of who asks, the newest first."""
    limit, before = _limit(request), _before(request)
    user_id = request.requester.user_id
    page = await request.context.db.read(lambda tx: rules.page(tx, user_id, limit, before))
    answer: dict[str, Any] = {"entries": [_shown(entry) for entry in page.entries]}
    if page.next_before is not None:
        answer["next_batch"] = str(page.next_before)
    return answer


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "what": entry.what,
        "by_device": entry.by_device,
        "by_address": entry.by_address,
        "facts": msgspec.Raw(entry.facts.encode()),
    }


def _limit(request: Request) -> int:
    asked = request.query("limit")
    if asked is None:
        return USUAL
    if not _is_number(asked) or int(asked) == 0:
        raise InvalidParam("The limit is how many entries to answer with: a number from 1 to 500.")
    return min(int(asked), MOST)


def _before(request: Request) -> int:
    asked = request.query("from")
    if asked is None:
        return NEWEST
    if not _is_number(asked):
        raise InvalidParam("'from' is a next_batch of an earlier answer. Leave it out to begin.")
    return int(asked)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST


routes = [extra("GET", "journal", get_journal, spec="The account journal")]
