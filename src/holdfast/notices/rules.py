"""Notices of what happened to an account, queued in the transaction in which it happens.

`rq` is the request that does it: it tells when and from where. Each notice goes to every e-mail
address of the account and to those it had until lately, in the account's language, with a link
that locks the account. The number of statements is the same for one address as for many.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, TypedDict

from holdfast.credentials import rules as credentials
from holdfast.credentials.rules import ADDRESS_UNDO_MS
from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.mail import Mailer, kinds
from holdfast.kit.mail.kinds import Notice, PasswordNotice
from holdfast.notices import sql
from holdfast.notices.apps import app_name
from holdfast.notices.sql import LockLink

__all__ = ["Fates", "LockLink", "Useless"]

Useless = Literal["unknown", "expired", "used"]
"""Why a link does nothing."""

LOCK_PATH = "/_holdfast/not-me"
LOCK_LINK_LIFETIME_MS = 72 * 3_600_000
KEEP_EXPIRED_MS = 24 * 3_600_000  # so that an old link can say that it is old


@dataclass(frozen=True, slots=True)
class Fates:
    """How many other sessions were kept, locked and removed, and what the key backup covers.

    `messages` encrypted ones can be read, and the backup does not cover `at_risk` of them.
    """

    kept: int
    locked: int
    removed: int
    messages: int
    at_risk: int


def new_password(
    tx: Tx, rq: Request, user_id: str, kind: type[PasswordNotice], fates: Fates
) -> None:
    """There is a new account password; `kind` says how it was set."""
    _tell(tx, rq.context.mailer, user_id, kind(user_id=user_id, **_origin(rq), **asdict(fates)))


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
    notice = kinds.AccountDeactivated(user_id=user_id, **_without_link(rq))
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


def account_locked(tx: Tx, rq: Request, user_id: str, sessions: int) -> None:
    """Somebody locked the account, and so many sessions with it, by the link in a notice."""
    notice = kinds.AccountLocked(user_id=user_id, **_without_link(rq), sessions=sessions)
    _tell(tx, rq.context.mailer, user_id, notice)


def recovery_reset_on(tx: Tx, rq: Request, user_id: str) -> None:
    """From now on, the recovery key can set a new account password."""
    notice = kinds.RecoveryResetOn(user_id=user_id, **_origin(rq))
    _tell(tx, rq.context.mailer, user_id, notice)


def recovery_reset_off(tx: Tx, rq: Request, user_id: str) -> None:
    """The recovery key cannot set a new account password any more."""
    notice = kinds.RecoveryResetOff(user_id=user_id, **_origin(rq))
    _tell(tx, rq.context.mailer, user_id, notice)


class _Origin(TypedDict):
    when: int
    address: str
    client: str
    lock_link: str


def _origin(rq: Request) -> _Origin:
    """When something was done, and from where; and the link that locks the account."""
    context = rq.context
    link = f"{context.settings.public_url}{LOCK_PATH}/{ids.secret(context.random)}"
    return _Origin(
        when=context.now, address=rq.address, client=app_name(rq.user_agent), lock_link=link
    )


def _without_link(rq: Request) -> _Origin:
    """The same where nothing is left to lock."""
    origin = _origin(rq)
    origin["lock_link"] = ""
    return origin


def lock_link(tx: Tx, token: str, now: int) -> LockLink | Useless:
    """What a link in a notice is for, or why it does nothing."""
    found = sql.lock_link(tx, ids.digest(token))
    if found is None:
        return "unknown"
    if found.used_at is not None:
        return "used"
    return found if found.expires_at > now else "expired"


def use_lock_link(tx: Tx, token: str, now: int) -> bool:
    """Use a link up, in the transaction of what it is for; False when it is used or expired."""
    return sql.use_lock_link(tx, ids.digest(token), now)


def forget_old(tx: Tx, now: int) -> None:
    """Delete the links that nobody needs to be told any more that they are old."""
    sql.delete_lock_links(tx, now - KEEP_EXPIRED_MS)


class _EndedBackup(_Origin):
    user_id: str
    keys: int
    days: int


def _ended_backup(rq: Request, user_id: str, keys: int) -> _EndedBackup:
    days = max(1, rq.context.settings.key_backup_undo_lifetime // 86_400)
    return {"user_id": user_id, **_origin(rq), "keys": keys, "days": days}


def _tell(tx: Tx, mailer: Mailer, user_id: str, notice: Notice, also: Iterable[str] = ()) -> None:
    """Queue `notice` for each address of the account and those in `also`, each once.

    Who takes an account over removes its address first: the owner is told for a while longer.
    """
    if not mailer.works:
        return
    contact = credentials.contact(tx, user_id)
    former = credentials.removed_emails(tx, user_id, notice.when - ADDRESS_UNDO_MS)
    emails = list(dict.fromkeys([*contact.emails, *also, *former]))
    if emails and notice.lock_link:
        _, _, token = notice.lock_link.rpartition("/")
        until = notice.when + LOCK_LINK_LIFETIME_MS
        sql.insert_lock_link(tx, ids.digest(token), user_id, notice.when, until)
    mailer.queue_many(tx, mailer.drafts(emails, contact.language, notice))
