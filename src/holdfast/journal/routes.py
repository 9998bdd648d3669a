"""The account journal over HTTP."""

from typing import Any

import msgspec

from holdfast.journal import rules
from holdfast.journal.rules import NEWEST, Entry
from holdfast.kit.http import Request, extra

USUAL = 50
MOST = 500


async def get_journal(request: Request) -> Any:
    """What was done to the account of who asks, the newest first."""
    limit, before = request.query_number("limit", USUAL, least=1, most=MOST), _before(request)
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


def _before(request: Request) -> int:
    """The number of an entry, out of an earlier answer's `next_batch`."""
    return request.query_number("from", NEWEST, least=0, most=NEWEST)


routes = [extra("GET", "journal", get_journal, spec="The account journal")]
