"""The list of a user's devices as others may know it, called inside a transaction by `sessions`.

Each session is on it from its first sign-in, a dehydrated device from its upload, whether or not it
has published keys.
"""

from collections.abc import Sequence

from holdfast.device_keys import sql
from holdfast.device_keys.sql import Listed, Removed
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.rooms import members

__all__ = ["Listed", "Removed"]

FORGOTTEN_AT_ONCE = 500


def list_device(tx: Tx, user_id: str, device_id: str, display_name: str | None) -> None:
    """Put a device on its user's list; one that is there keeps its keys and, if any, its name."""
    sql.list_device(tx, user_id, device_id, display_name)


def rename(tx: Tx, user_id: str, device_id: str, display_name: str) -> None:
    """Give a listed device another name."""
    if sql.rename(tx, user_id, device_id, display_name):
        list_changed(tx, user_id)


def remove(tx: Tx, user_id: str, device_ids: Sequence[str], now: int) -> None:
    """Take devices off the list.

    What they had published, and the messages waiting for them, is kept until `forget_removed`.
    """
    if device_ids and sql.remove(tx, user_id, device_ids, now):
        list_changed(tx, user_id)


def live(tx: Tx, user_ids: Sequence[str]) -> list[Listed]:
    """Every device of some users that can be written to, with keys or without."""
    return sql.live(tx, user_ids)


def number(tx: Tx, user_id: str, device_id: str) -> int | None:
    """The number of a listed device, by which tables name it; None where there is none."""
    return sql.number(tx, user_id, device_id)


def removed(tx: Tx, user_id: str) -> list[Removed]:
    """The removed devices of a user whose keys can still be brought back, the last one first."""
    return sql.removed(tx, user_id)


def restore(tx: Tx, user_id: str, number: int) -> Removed | None:
    """Bring a removed device back with all it had published; None where that is not possible.

    Its name may have been given to another session meanwhile, or it was forgotten.
    """
    back = sql.restore(tx, user_id, number)
    if back is not None:
        list_changed(tx, user_id)
    return back


def forget_removed(tx: Tx, before: int) -> int:
    """Delete a batch of devices that were removed before a time; return how many there were."""
    return sql.forget_removed(tx, before, FORGOTTEN_AT_ONCE)


def list_changed(tx: Tx, user_id: str) -> int:
    """A user's devices or identity changed: whoever encrypts for them must look again.

    Returns the change's position in the stream, for what else belongs to it.
    """
    position = stream.advance(tx, "key")
    sql.list_changed(tx, user_id, position)
    tx.wake(user_id, *members.sharing(tx, user_id))
    return position
