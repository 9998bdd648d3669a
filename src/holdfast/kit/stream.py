"""The one ordered stream of changes that `/sync` reads.

Everything a client must learn is a row that carries the position of its last change. A client
holds a position; what it does not know yet are the rows after it.
"""

from holdfast.kit.db import Tx


def advance(tx: Tx) -> int:
    """The position of the change that is being written. All rows of one change may share it.

    Call it late, after the locks that the transaction needs: from here to its commit no other
    transaction gets a position. That is on purpose. On PostgreSQL a sequence would be faster, but
    its numbers are not committed in their order: a reader could see 7, move on, and never learn
    of the 6 that was committed after it. Holding the row until the commit keeps the order, at the
    price that changes are committed one after the other (SQLite does so anyway). The price is one
    flush of PostgreSQL's log for each; everything that is no change for `/sync` stays beside it.
    """
    position: int = tx.value("UPDATE stream SET newest = newest + 1 RETURNING newest")
    return position


def newest(tx: Tx) -> int:
    """The position up to which this transaction sees every change."""
    position: int = tx.value("SELECT newest FROM stream")
    return position
