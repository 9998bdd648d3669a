"""Writing an account's journal, in the transaction of what it tells of."""

from typing import Any, Literal

import msgspec

from holdfast.journal import sql
from holdfast.kit.db import Tx
from holdfast.kit.http import Request

What = Literal[
    "account_created",
    "account_deactivated",
    "password_changed",
    "password_reset",
    "address_added",
    "address_removed",
    "session_opened",
    "sessions_locked",
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
]
"""Everything an entry can tell of."""


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
    **facts: Any,
) -> None:
    """Add an entry for what no request did: the server by itself, or a command."""
    sql.insert(
        tx,
        user_id=user_id,
        at=at,
        what=what,
        by_device=by_device,
        by_address=by_address,
        facts=msgspec.json.encode(facts).decode(),
    )
