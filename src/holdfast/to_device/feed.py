"""What `/sync` tells of messages between devices, and what a client has acknowledged."""

from dataclasses import dataclass

from holdfast.kit.db import Tx
from holdfast.to_device import sql

MOST_AT_ONCE = 100  # Client-Server API, "Send-to-Device messaging"


@dataclass(frozen=True)
class Queue:
    """A look at a device's queue.

    `messages` are JSON as `/sync` tells it. `upto` is the position of the last of them where more
    wait behind it; None: that was all. `acknowledged`: there are some that can be deleted.
    """

    messages: list[str]
    upto: int | None
    acknowledged: bool


def look(tx: Tx, device: int, after: int) -> Queue:
    """The next messages for a device that holds position `after`.

    What lies before it has arrived, and is deleted by `acknowledge`. One statement: it reads
    from the front of the queue, where what has arrived lies too.
    """
    front = sql.front(tx, device, after, 2 * MOST_AT_ONCE + 1)
    fresh = [each for each in front if each.message is not None]
    told = fresh[:MOST_AT_ONCE]
    more = len(fresh) > len(told) or len(front) > 2 * MOST_AT_ONCE
    upto = None if not more else told[-1].position if told else after
    return Queue(_texts(told), upto, acknowledged=len(fresh) < len(front))


def page(tx: Tx, device: int, after: int, limit: int) -> Queue:
    """The same for who acknowledges nothing by asking: at most `limit` messages after `after`.

    `upto` is where the next page begins, whether or not there is more.
    """
    found = sql.page(tx, device, after, limit)
    return Queue(_texts(found), found[-1].position if found else after, acknowledged=False)


def acknowledge(tx: Tx, device: int, upto: int) -> None:
    """A device has every message up to a position: delete them."""
    sql.delete(tx, device, upto)


def _texts(queued: list[sql.Queued]) -> list[str]:
    return [each.message for each in queued if each.message is not None]
