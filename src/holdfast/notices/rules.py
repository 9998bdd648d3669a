"""Notices of what happened to an account, queued in the transaction in which it happens.

`rq` is the request that does it: it tells when and from where. Each notice goes to every e-mail
address of the account, in the account's language. The number of statements is the same for one
address as for many.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from holdfast.credentials import rules as credentials
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.mail import Mailer, kinds
from holdfast.kit.mail.kinds import Kind
from holdfast.notices.apps import app_name


@dataclass(frozen=True, slots=True)
class Fates:
    """How many other sessions were kept, locked and removed."""

    kept: int
    locked: int
    removed: int


def password_changed(tx: Tx, rq: Request, user_id: str, fates: Fates) -> None:
    """The account password was changed by a signed-in session."""
    notice = kinds.PasswordChanged(
        user_id=user_id,
        **_origin(rq),
        kept=fates.kept,
        locked=fates.locked,
        removed=fates.removed,
    )
    _tell(tx, rq.context.mailer, user_id, notice)


def password_reset(tx: Tx, rq: Request, user_id: str, fates: Fates) -> None:
    """A new account password was set through a mailed link."""
    notice = kinds.PasswordReset(
        user_id=user_id,
        **_origin(rq),
        kept=fates.kept,
        locked=fates.locked,
        removed=fates.removed,
    )
    _tell(tx, rq.context.mailer, user_id, notice)


def new_session(tx: Tx, rq: Request, user_id: str, session: str) -> None:
    """Somebody signed in; `session` is what they named the new session, or empty."""
    notice = kinds.NewSession(
        user_id=user_id,
        **_origin(rq),
        session=session,
    )
    _tell(tx, rq.context.mailer, user_id, notice)


def address_added(tx: Tx, rq: Request, user_id: str, medium: str, address: str) -> None:
    """An address of the medium `email` or `msisdn` was added to the account.

    Every e-mail address of the account is told, a new one among them.
    """
    if medium == "email":
        added = kinds.AddressAdded(user_id=user_id, email=address, **_origin(rq))
        _tell(tx, rq.context.mailer, user_id, added, also=[address])
    else:
        phone = kinds.PhoneAdded(user_id=user_id, phone=f"+{address}", **_origin(rq))
        _tell(tx, rq.context.mailer, user_id, phone)


def address_removed(tx: Tx, rq: Request, user_id: str, medium: str, address: str) -> None:
    """An address was removed from the account; an e-mail address is told as those that remain."""
    if medium == "email":
        removed = kinds.AddressRemoved(user_id=user_id, email=address, **_origin(rq))
        _tell(tx, rq.context.mailer, user_id, removed, also=[address])
    else:
        phone = kinds.PhoneRemoved(user_id=user_id, phone=f"+{address}", **_origin(rq))
        _tell(tx, rq.context.mailer, user_id, phone)


def account_deactivated(tx: Tx, rq: Request, user_id: str) -> None:
    """The account is being deactivated. Call it before its addresses are forgotten."""
    notice = kinds.AccountDeactivated(
        user_id=user_id,
        **_origin(rq),
    )
    _tell(tx, rq.context.mailer, user_id, notice)


def key_backup_deleted(tx: Tx, rq: Request, user_id: str, keys: int) -> None:
    """The account's key backup, which held so many room keys, was deleted."""
    _tell(
        tx, rq.context.mailer, user_id, kinds.KeyBackupDeleted(**_ended_backup(rq, user_id, keys))
    )


def key_backup_replaced(tx: Tx, rq: Request, user_id: str, keys: int) -> None:
    """A new key backup took the place of one that held so many room keys."""
    notice = kinds.KeyBackupReplaced(**_ended_backup(rq, user_id, keys))
    _tell(tx, rq.context.mailer, user_id, notice)


def room_keys_deleted(tx: Tx, rq: Request, user_id: str, keys: int) -> None:
    """So many room keys, but not all, were deleted from the account's key backup."""
    _tell(tx, rq.context.mailer, user_id, kinds.RoomKeysDeleted(**_ended_backup(rq, user_id, keys)))


def identity_replaced(tx: Tx, rq: Request, user_id: str) -> None:
    """The account's identity was replaced by another one."""
    notice = kinds.IdentityReplaced(user_id=user_id, **_origin(rq))
    _tell(tx, rq.context.mailer, user_id, notice)


class _Origin(TypedDict):
    when: int
    address: str
    client: str


def _origin(rq: Request) -> _Origin:
    """When something was done, and from where."""
    return _Origin(when=rq.context.now, address=rq.address, client=app_name(rq.user_agent))


class _EndedBackup(_Origin):
    user_id: str
    keys: int
    days: int


def _ended_backup(rq: Request, user_id: str, keys: int) -> _EndedBackup:
    days = max(1, rq.context.settings.key_backup_undo_lifetime // 86_400)
    return {"user_id": user_id, **_origin(rq), "keys": keys, "days": days}


def _tell(tx: Tx, mailer: Mailer, user_id: str, notice: Kind, also: Iterable[str] = ()) -> None:
    """Queue `notice` for each address of the account and those in `also`, each once."""
    if not mailer.works:
        return
    contact = credentials.contact(tx, user_id)
    emails = list(dict.fromkeys([*contact.emails, *also]))
    mailer.queue_many(tx, mailer.drafts(emails, contact.language, notice))
