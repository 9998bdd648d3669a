"""Versions of a key backup: one is the current one, or none is."""

from holdfast.journal import rules as journal
from holdfast.key_backup import sql
from holdfast.key_backup.shapes import (
    VersionBody,
    checked_auth_data,
    keeps_its_keys,
    version_number,
)
from holdfast.key_backup.sql import Backup
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam, NotFound
from holdfast.kit.http import Request
from holdfast.notices import rules as notices


def since(context: Context) -> int:
    """The time before which nothing that ended can be brought back any more."""
    return context.now - context.settings.key_backup_undo_lifetime * 1000


def lock(tx: Tx, user_id: str) -> None:
    """Let nobody else change the user's key backup until this transaction has ended."""
    tx.lock(f"key backup {user_id}")


async def current(request: Request) -> Backup:
    """The version that keys are stored in.

    Raises:
        NotFound: there is none.
    """
    user_id = request.requester.user_id
    found = await request.context.db.peek(lambda tx: sql.current(tx, user_id))
    if found is None:
        raise _none_current()
    return found


async def get(request: Request, version: str) -> Backup:
    """A version that is or was the current one.

    Raises:
        NotFound: it was deleted, or never made.
    """
    number, user_id = version_number(version), request.requester.user_id
    after = since(request.context)
    return await request.context.db.peek(lambda tx: readable(tx, user_id, number, after))


def readable(tx: Tx, user_id: str, version: int, after: int) -> Backup:
    """A version whose keys can be read.

    Raises:
        NotFound: there is no such version any more, or never was.
    """
    found = sql.readable(tx, user_id, version, after)
    if found is None:
        raise _unknown()
    return found


def writable(tx: Tx, user_id: str, version: int) -> Backup:
    """The version to write to, once it is known to be the current one.

    Raises:
        Forbidden: another one is; the error names it.
        NotFound: none is, or there never was such a version.
    """
    now = sql.current(tx, user_id)
    if now is not None and now.version == version:
        return now
    if version > sql.newest(tx, user_id):
        raise _unknown()
    if now is None:
        raise _none_current()
    raise _superseded(now)


async def create(request: Request, body: VersionBody) -> int:
    """Begin a version; the current one is superseded. Return its number.

    Raises:
        MatrixError: the algorithm or its `auth_data` cannot be used.
    """
    auth_data, me, now = checked_auth_data(body), request.requester, request.context.now

    def begin(tx: Tx) -> int:
        lock(tx, me.user_id)
        old = sql.current(tx, me.user_id)
        if old is not None:
            sql.end(tx, old.number, "superseded", me.device_id, now)
            if old.count:
                notices.key_backup_replaced(tx, request, me.user_id, old.count)
        version = sql.next_version(tx, me.user_id)
        sql.insert(tx, me.user_id, version, body.algorithm, auth_data, me.device_id, now)
        told = {} if old is None else {"superseded": old.version, "keys_in_it": old.count}
        journal.note(tx, request, me.user_id, "key_backup_created", version=version, **told)
        return version

    return await request.context.db.write(begin)


async def change(request: Request, version: str, body: VersionBody) -> None:
    """Replace the `auth_data` of the current version.

    Raises:
        MatrixError: it is not the current one, the algorithm is another one, or with the new
            `auth_data` nobody could open the keys that are stored.
    """
    number, user_id = version_number(version), request.requester.user_id
    auth_data = checked_auth_data(body)
    if body.version is not None and body.version != version:
        raise InvalidParam("The version in the body is not the one in the address.")

    def replace(tx: Tx) -> None:
        lock(tx, user_id)
        if sql.readable(tx, user_id, number, since(request.context)) is None:
            raise _unknown()
        backup = writable(tx, user_id, number)
        if backup.algorithm != body.algorithm:
            raise InvalidParam(f"The algorithm of this key backup is {backup.algorithm}.")
        if backup.count and not keeps_its_keys(backup.auth_data, auth_data):
            raise InvalidParam(
                "The keys in this backup could not be opened any more: only the signatures in its"
                " auth_data can change. For another public key make a new version."
            )
        if backup.auth_data != auth_data:
            sql.set_auth_data(tx, backup.number, auth_data)
            journal.note(tx, request, user_id, "key_backup_changed", version=number)

    await request.context.db.write(replace)


async def delete(request: Request, version: str) -> None:
    """Delete a version; it is kept out of sight for a while. One that is deleted stays so.

    Raises:
        NotFound: there never was such a version.
    """
    number, me, now = version_number(version), request.requester, request.context.now

    def end(tx: Tx) -> None:
        lock(tx, me.user_id)
        backup = sql.readable(tx, me.user_id, number, since(request.context))
        if backup is None:
            if number > sql.newest(tx, me.user_id):
                raise _unknown()
            return
        sql.end(tx, backup.number, "deleted", me.device_id, now)
        told = {"version": number, "keys": backup.count}
        journal.note(tx, request, me.user_id, "key_backup_deleted", **told)
        if backup.count:
            notices.key_backup_deleted(tx, request, me.user_id, backup.count)

    await request.context.db.write(end)


def _unknown() -> NotFound:
    return NotFound("There is no such version of the key backup.")


def _none_current() -> NotFound:
    return NotFound("There is no key backup. Begin one first.")


def _superseded(now: Backup) -> Forbidden:
    return Forbidden(
        f"That version of the key backup is not written to any more. Use version {now.version}.",
        "M_WRONG_ROOM_KEYS_VERSION",
        current_version=str(now.version),
    )
