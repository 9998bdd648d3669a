"""An account's journal: written in the transaction of what it tells of, read by its owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from holdfast.journal import sql
from holdfast.journal.sql import Entry
from holdfast.kit.db import Tx
from holdfast.kit.http import Request

__all__ = ["Entry", "Page", "What"]

What = Literal[
    "account_created",
    "account_deactivated",
    "password_changed",
    "password_reset",
    "address_added",
    "address_removed",
    "session_opened",
    "sessions_locked",
    "sessions_let_in",
    "sessions_removed",
    "session_restored",
    "identity_created",
    "identity_replaced",
    "secret_storage_changed",
    "key_backup_created",
    "key_backup_changed",
    "key_backup_deleted",
    "key_backup_restored",
    "room_keys_deleted",
    "room_keys_restored",
    "dehydrated_device_changed",
    "locked_by_owner",
    "recovery_reset_set_up",
    "recovery_reset_revoked",
    "reset_link_made",
    "account_locked",
    "account_unlocked",
    "account_suspended",
    "account_unsuspended",
]
"""Everything an entry can tell of."""

NEWEST = (1 << 63) - 1
FORGOTTEN_AT_ONCE = 20


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first, and where the older ones begin, if there are any."""

    entries: list[Entry]
    next_before: int | None


def note(tx: Tx, request: Request, user_id: str, what: What, **facts: Any) -> None:
    """Add an entry: `request` did `what`.

    `facts` are counts, device IDs and versions; never a secret.
    """
    me = request.requester_or_none
    write(
        tx,
        user_id,
        what,
        at=request.context.now,
        by_device=me.device_id if me else None,
        by_address=request.address,
        **facts,
    )


def write(
    tx: Tx,
    user_id: str,
    what: What,
    *,
    at: int,
    by_device: str | None = None,
    by_address: str | None = None,
    forget_at: int | None = None,
    **facts: Any,
) -> None:
    """Add an entry for what no request did: the server by itself, or a command.

    With `forget_at` (ms) the account's whole journal goes at that time.
    """
    entry = _row(user_id, what, at, facts)
    entry |= {"by_device": by_device, "by_address": by_address, "forget_at": forget_at}
    sql.insert(tx, [entry])


def write_many(tx: Tx, what: What, facts: Mapping[str, Mapping[str, Any]], *, at: int) -> None:
    """Add an entry for each user ID in `facts`, in one batch, for what the server did by itself."""
    sql.insert(tx, [_row(user_id, what, at, each) for user_id, each in facts.items()])


def _row(user_id: str, what: What, at: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "at": at,
        "what": what,
        "by_device": None,
        "by_address": None,
        "facts": msgspec.json.encode(facts).decode(),
        "forget_at": None,
    }


def page(tx: Tx, user_id: str, limit: int, before: int = NEWEST) -> Page:
    """At most `limit` entries of an account that are older than the one of number `before`."""
    found = sql.entries(tx, user_id, before, limit + 1)
    more = len(found) > limit
    return Page(found[:limit], found[limit - 1].number if more else None)


def forget_erased(tx: Tx, now: int) -> int:
    """Delete a batch of journals whose accounts were erased; return how many entries there were."""
    return sql.forget_erased(tx, now, FORGOTTEN_AT_ONCE)
