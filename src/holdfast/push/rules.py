"""Pushers: set, listed, and gone with the session that set them."""

from collections.abc import Sequence

from holdfast.credentials import rules as credentials
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.push import sql
from holdfast.push.sql import Pusher

__all__ = ["Pusher"]


def pushers(tx: Tx, user_id: str) -> list[Pusher]:
    """A user's pushers, the oldest first."""
    return sql.pushers(tx, user_id)


def put(tx: Tx, user_id: str, pusher: Pusher, *, append: bool, now: int) -> None:
    """Add a pusher or change it.

    Unless `append`, other users' pushers at the same place go: one phone, one person (spec,
    `POST /pushers/set`).

    Raises:
        InvalidParam: mails would go to an address that is not the user's own.
    """
    if pusher.kind == "email":
        own = [each.address for each in credentials.addresses(tx, user_id)]
        if pusher.pushkey not in own:
            raise InvalidParam("Mails go to a confirmed address of your own account only.")
    if not append:
        sql.delete_of_others(tx, user_id, pusher.app_id, pusher.pushkey)
    sql.put(tx, user_id, pusher, now, stream.newest(tx))


def delete(tx: Tx, user_id: str, app_id: str, pushkey: str) -> None:
    """Remove a pusher; one that is not there is as gone as it can be."""
    sql.delete(tx, user_id, app_id, pushkey)


def remove_of_devices(tx: Tx, user_id: str, device_ids: Sequence[str]) -> None:
    """Remove the pushers of sessions that are locked or removed."""
    sql.delete_of_devices(tx, user_id, device_ids)
