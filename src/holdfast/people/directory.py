"""Finding users by their names (Client-Server API, "User Directory")."""

from typing import Any

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import localpart_of
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.profile import rules as profile
from holdfast.rooms import members

MOST = 100


class SearchBody(msgspec.Struct):
    """Whom somebody looks for."""

    search_term: str
    limit: int = 10


def search(tx: Tx, user_id: str, asked: SearchBody, *, everybody: bool) -> dict[str, Any]:
    """Users whose name or user ID holds the search term, those that begin with it first.

    Of those who share a room with the user or are in a room of the public directory, or of
    `everybody`. Deactivated and locked accounts are left out.

    Raises:
        InvalidParam: the limit is below 1.
    """
    if asked.limit < 1:
        raise InvalidParam("limit is at least 1.")
    limit, term = min(asked.limit, MOST), asked.search_term.strip().removeprefix("@").casefold()
    if not term:
        return {"results": [], "limited": False}
    known = None if everybody else sorted(members.visible_users(tx, user_id))
    there = credentials.reachable(tx, known)
    shown = profile.shown(tx, there) if there else {}
    found = []
    for other in there:
        name = shown[other].get("displayname", "")
        place = _place(term, other, name)
        if place is not None and other != user_id:
            found.append((place, name.casefold(), other))
    found.sort()
    results = [_result(other, shown[other]) for _place, _name, other in found[:limit]]
    return {"results": results, "limited": len(found) > limit}


def _place(term: str, user_id: str, name: str) -> int | None:
    """How well a term fits: 0 for the whole name, 1 for its beginning, 2 for a part of it."""
    texts = (name.casefold(), localpart_of(user_id).casefold(), user_id[1:].casefold())
    if term in texts:
        return 0
    if any(text.startswith(term) for text in texts):
        return 1
    return 2 if any(term in text for text in texts) else None


def _result(user_id: str, shown: dict[str, str]) -> dict[str, str]:
    names = {"display_name": shown.get("displayname"), "avatar_url": shown.get("avatar_url")}
    return {"user_id": user_id} | {key: text for key, text in names.items() if text}
