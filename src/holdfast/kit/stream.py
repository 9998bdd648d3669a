"""The one ordered stream of changes that `/sync` reads.

Everything a client must learn is a row that carries the position of its last change. A client
holds a position; what it does not know yet are the rows after it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from holdfast.kit.db import Tx

Kind: TypeAlias = Literal["config", "message", "key", "timeline", "member", "ephemeral"]
"""What changes: account data, messages between devices, what devices publish, what happens in rooms
(counts of what is unread with it), among that who is in them, and what nobody keeps: receipts,
typing, presence.
"""


@dataclass(frozen=True)
class Moved:
    """The position of the newest change of all, and of the newest of each kind."""

    newest: int
    config: int
    message: int
    key: int
    timeline: int
    member: int
    ephemeral: int


def advance(tx: Tx, kind: Kind, by: int = 1) -> int:
    """The position of the change of a `kind` that is being written; all its rows may share it.

    With `by`, the last of as many positions, for changes that have an order among themselves.

    Call it late, after the locks that the transaction needs: from here to its commit no other
    transaction gets a position. That is on purpose. On PostgreSQL a sequence would be faster, but
    its numbers are not committed in their order: a reader could see 7, move on, and never learn
    of the 6 that was committed after it. Holding the row until the commit keeps the order, at the
    price that changes are committed one after the other (SQLite does so anyway). The price is one
    flush of PostgreSQL's log for each; everything that is no change for `/sync` stays beside it.
    """
    position: int = tx.value(
        "UPDATE stream SET newest = newest + :by,"
        " config = CASE :kind WHEN 'config' THEN newest + :by ELSE config END,"
        " message = CASE :kind WHEN 'message' THEN newest + :by ELSE message END,"
        " key = CASE :kind WHEN 'key' THEN newest + :by ELSE key END,"
        " timeline = CASE WHEN :kind IN ('timeline', 'member') THEN newest + :by ELSE timeline END,"
        " member = CASE :kind WHEN 'member' THEN newest + :by ELSE member END,"
        " ephemeral = CASE :kind WHEN 'ephemeral' THEN newest + :by ELSE ephemeral END"
        " RETURNING newest",
        kind=kind,
        by=by,
    )
    return position


def newest(tx: Tx) -> int:
    """The position up to which this transaction sees every change."""
    position: int = tx.value("SELECT newest FROM stream")
    return position


def moved(tx: Tx) -> Moved:
    """Which kinds have changed, and when last: whoever is woken need not look for the others."""
    return tx.all(
        Moved, "SELECT newest, config, message, key, timeline, member, ephemeral FROM stream"
    )[0]
