"""A device of the user that is no session: kept here, encrypted, to receive keys meanwhile.

It is on the device list like any other, so others encrypt for it. A new session of the user
decrypts it, reads what was sent to it, and puts another one in its place. Nothing that happens to
sessions concerns it: when all of them are gone, it is what still gets the keys.
"""

from holdfast.dehydrated_devices import sql
from holdfast.dehydrated_devices.sql import Dehydrated, Removed
from holdfast.device_keys import listing, publish
from holdfast.device_keys.uploads import Checked
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam, NotFound
from holdfast.kit.http import Request
from holdfast.to_device import feed
from holdfast.to_device.feed import Queue

__all__ = ["Dehydrated", "Removed"]


def put(tx: Tx, request: Request, device: Dehydrated, name: str | None, keys: Checked) -> None:
    """Store the user's dehydrated device, with its keys, in place of the one before.

    The same device once more, as when an answer was lost, keeps its queue.

    Raises:
        InvalidParam: its device ID is that of a session.
        MatrixError: its keys cannot be used (`publish.store`).
    """
    user_id, now = request.requester.user_id, request.context.now
    tx.lock(f"user {user_id}")
    before = sql.get(tx, user_id)
    is_another = before is None or before.device_id != device.device_id
    if is_another and listing.number(tx, user_id, device.device_id) is not None:
        raise InvalidParam("That device_id is the one of a session. Make another device.")
    listing.list_device(tx, user_id, device.device_id, name)
    publish.store(tx, keys)
    if is_another:  # after the keys, as `publish` wants it
        remove(tx, user_id, now)
    sql.put(tx, _number(tx, user_id, device.device_id), user_id, device, now)
    what = "created" if before is None else "replaced"
    _note(tx, request, what, device.device_id)


def get(tx: Tx, user_id: str) -> Dehydrated:
    """The user's dehydrated device.

    Raises:
        NotFound: there is none.
    """
    found = sql.get(tx, user_id)
    if found is None:
        raise _there_is_none()
    return found


def delete(tx: Tx, request: Request) -> str:
    """Delete the user's dehydrated device and what was sent to it; return its device ID.

    Raises:
        NotFound: there is none.
    """
    user_id = request.requester.user_id
    tx.lock(f"user {user_id}")
    device_id = remove(tx, user_id, request.context.now)
    if device_id is None:
        raise _there_is_none()
    _note(tx, request, "deleted", device_id)
    return device_id


def remove(tx: Tx, user_id: str, now: int) -> str | None:
    """End a user's dehydrated device, if there is one; return its device ID.

    With what was sent to it, it is kept out of sight for a while, like a removed session: who gets
    hold of an access token must not be able to destroy keys. For who has locked the user.
    """
    device_id = sql.remove(tx, user_id, now)
    if device_id is not None:
        listing.remove(tx, user_id, [device_id], now)
    return device_id


def removed(tx: Tx, user_id: str) -> list[Removed]:
    """The dehydrated devices of a user that can be brought back, the last one first."""
    return sql.removed(tx, user_id)


def restore(tx: Tx, user_id: str, number: int, now: int) -> str | None:
    """Let a dehydrated device wait again, in place of the one that does; return its device ID.

    None, and nothing may be kept of the transaction, when there is none by that number.
    """
    tx.lock(f"user {user_id}")
    remove(tx, user_id, now)
    back = listing.restore(tx, user_id, number)
    if back is None or not sql.restore(tx, user_id, number):
        return None
    return back.device_id


def _number(tx: Tx, user_id: str, device_id: str) -> int:
    number = listing.number(tx, user_id, device_id)
    if number is None:
        raise AssertionError("the device was just listed, in this transaction")
    return number


def events(tx: Tx, user_id: str, device_id: str, after: int, limit: int) -> Queue:
    """A page of what was sent to the dehydrated device, after a position.

    Nothing is deleted: if the session that reads does not come to the end, another one can.

    Raises:
        Forbidden: that is not the user's dehydrated device.
    """
    found = sql.get(tx, user_id)
    number = listing.number(tx, user_id, device_id)
    if found is None or found.device_id != device_id or number is None:
        raise Forbidden("That is not your dehydrated device (any more).")
    return feed.page(tx, number, after, limit)


def there_is_one(tx: Tx, user_id: str) -> bool:
    """Whether a dehydrated device waits for the user's next session."""
    return sql.get(tx, user_id) is not None


def is_dehydrated(tx: Tx, user_id: str, device_id: str) -> bool:
    """Whether a device ID is that of the user's dehydrated device."""
    found = sql.get(tx, user_id)
    return found is not None and found.device_id == device_id


def _note(tx: Tx, request: Request, change: str, device_id: str) -> None:
    journal.note(
        tx,
        request,
        request.requester.user_id,
        "dehydrated_device_changed",
        change=change,
        device_id=device_id,
    )


def _there_is_none() -> NotFound:
    return NotFound("You have no dehydrated device.")
