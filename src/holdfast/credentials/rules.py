"""Accounts and the addresses that lead to them; called inside other features' transactions."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.credentials import sql
from holdfast.credentials.sql import Account, Address, recovery_resets, removed
from holdfast.credentials.sql.recovery_resets import RecoveryReset
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, MatrixError

__all__ = ["Account", "Address", "Contact", "LockedOut", "Owner", "RecoveryReset"]

ADDRESS_UNDO_MS = 72 * 3_600_000
"""For how long an address that was removed can be in force again."""


@dataclass(frozen=True)
class Contact:
    """Where and in which language to write to somebody."""

    user_id: str
    language: str
    emails: tuple[str, ...]


@dataclass(frozen=True)
class Owner:
    """An account with every address, of either medium, that leads to it."""

    account: Account
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class LockedOut:
    """The addresses that are in force again, and those that are not any more."""

    brought_back: list[str]
    withdrawn: list[str]


def account(tx: Tx, user_id: str) -> Account | None:
    """The account with this user ID, deactivated or not."""
    return sql.account(tx, user_id)


def owner(tx: Tx, user_id: str) -> Owner | None:
    """The account with this user ID and its addresses."""
    found = sql.account(tx, user_id)
    if found is None:
        return None
    return Owner(found, tuple(a.address for a in sql.addresses(tx, user_id)))


def account_at(tx: Tx, medium: str, address: str) -> Account | None:
    """The account to which a (canonical) address belongs."""
    return sql.account_at(tx, medium, address)


def active(tx: Tx, user_ids: Sequence[str]) -> set[str]:
    """Those of some users who have an account that is not deactivated. One statement."""
    return set(sql.active(tx, user_ids)) if user_ids else set()


def reachable(tx: Tx, among: Sequence[str] | None) -> list[str]:
    """Accounts that are neither deactivated nor locked; those of `among`, or with None all."""
    return sql.reachable(tx, among)


def restriction(account: Account | None) -> str | None:
    """Whether an account is `locked` or `suspended`; a locked one is both."""
    if account is None:
        return None
    if account.locked_at is not None:
        return "locked"
    return "suspended" if account.suspended_at is not None else None


def user_locked() -> MatrixError:
    """The error for an account that an administrator has locked (spec, "Account locking")."""
    return MatrixError(
        401,
        "M_USER_LOCKED",
        "An administrator has locked this account. Your keys are still there; ask the"
        " administrators of this server.",
        soft_logout=True,
    )


def set_admin(tx: Tx, user_id: str, *, is_admin: bool) -> None:
    """Make somebody an administrator, or no administrator any more."""
    sql.set_admin(tx, user_id, int(is_admin))


def restrict(tx: Tx, account: Account, what: str, since: int | None) -> str | None:
    """Let an account be `locked` or `suspended` since a time, or with None not any more.

    Returns its restriction from now on.
    """
    locked, suspended = account.locked_at, account.suspended_at
    if what == "locked":
        locked = since
    else:
        suspended = since
    sql.set_restrictions(tx, account.user_id, locked, suspended)
    return restriction(sql.account(tx, account.user_id))


def accounts(tx: Tx, after: str = "", limit: int = 100) -> list[Account]:
    """A page of at most `limit` accounts whose user IDs come after `after`."""
    return sql.accounts(tx, after, limit)


def create(tx: Tx, user_id: str, password_hash: str | None, language: str, now: int) -> None:
    """Add an account.

    Raises:
        MatrixError: `M_USER_IN_USE`.
    """
    if not sql.insert_account(tx, user_id, password_hash, language, now):
        raise user_in_use()


def user_in_use() -> MatrixError:
    """The error for a user name that somebody has already."""
    return MatrixError(400, "M_USER_IN_USE", "That user name is taken. Choose another one.")


def set_password(tx: Tx, user_id: str, new: str, *, old: str | None) -> None:
    """Replace the account password's hash `old`, which was read before hashing took its time.

    Raises:
        Forbidden: the account password has been changed, or the account closed, meanwhile.
    """
    if not sql.set_password_hash(tx, user_id, new, old):
        raise Forbidden(
            "The account password was changed by somebody else at the same moment. Look what"
            " happened before you try again."
        )


def improve_hash(tx: Tx, user_id: str, new: str, *, old: str) -> None:
    """Store the same account password under stronger parameters, unless changed meanwhile."""
    sql.set_password_hash(tx, user_id, new, old)


def set_language(tx: Tx, user_id: str, language: str) -> None:
    """Set the language in which the account gets its mails."""
    sql.set_language(tx, user_id, language)


def deactivate(tx: Tx, user_id: str, *, erase: bool, now: int) -> None:
    """Close an account for good: nobody signs in to it again, and its addresses are free.

    The password's hash stays, so that its owner, and nobody else, is told why signing in fails.
    """
    sql.deactivate(tx, user_id, now if erase else None, now)
    sql.delete_addresses(tx, user_id)


def addresses(tx: Tx, user_id: str) -> list[Address]:
    """The account's addresses, the oldest first."""
    return sql.addresses(tx, user_id)


def contact(tx: Tx, user_id: str) -> Contact:
    """Where to write to somebody; an unknown or deactivated account has no addresses."""
    found = sql.account(tx, user_id)
    emails = tuple(a.address for a in sql.addresses(tx, user_id) if a.medium == "email")
    return Contact(user_id, found.language if found else "en", emails)


def owner_of(tx: Tx, medium: str, address: str) -> str | None:
    """The user ID to which a (canonical) address belongs."""
    return sql.owner_of(tx, medium, address)


def add_address(
    tx: Tx, user_id: str, medium: str, address: str, *, validated_at: int, now: int
) -> bool:
    """Give a proven address to an account; False when the account had it already.

    Raises:
        MatrixError: `M_THREEPID_IN_USE`: it belongs to another account.
    """
    if sql.insert_address(tx, user_id, medium, address, validated_at, now):
        return True
    if sql.owner_of(tx, medium, address) == user_id:
        return False
    raise MatrixError(
        400, "M_THREEPID_IN_USE", "That address belongs to another account on this server."
    )


def remove_address(tx: Tx, user_id: str, medium: str, address: str, now: int) -> bool:
    """Take an address from an account, to be remembered for a while; False when it had none."""
    return bool(removed.remove_addresses(tx, user_id, [(medium, address)], now))


def removed_emails(tx: Tx, user_id: str, since: int) -> list[str]:
    """The e-mail addresses that an account had before a time, and that were taken from it since.

    One that came and went since is not among them: an intruder may have added it.
    """
    return removed.removed_emails(tx, user_id, since)


def forget_removed_addresses(tx: Tx, now: int) -> None:
    """Forget the addresses that cannot be in force again."""
    removed.forget_removed_addresses(tx, now - ADDRESS_UNDO_MS)


def lock_out(tx: Tx, user_id: str, now: int) -> LockedOut:
    """Let nobody in by account password or recovery key, and undo what was done to its addresses.

    Addresses that were removed lately are in force again, and those that were added lately are
    not: who takes an account over puts an address of their own in its place. An address stays where
    no other one does, or nobody could come back by mail.
    """
    since = now - ADDRESS_UNDO_MS
    sql.forget_password(tx, user_id)
    recovery_resets.delete_recovery_reset(tx, user_id)
    account = sql.account(tx, user_id)
    settled = max(since, account.created_at if account else 0)
    back = removed.bring_addresses_back(tx, user_id, since=since, added_before=settled)
    known = sql.addresses(tx, user_id)
    if not any(one.medium == "email" and one.added_at <= settled for one in known):
        return LockedOut(back, [])
    new = [(one.medium, one.address) for one in known if one.added_at > settled]
    return LockedOut(back, removed.withdraw_addresses(tx, user_id, new))


def recovery_reset(tx: Tx, user_id: str) -> RecoveryReset | None:
    """The recovery key that can set a new account password, if that was set up."""
    return recovery_resets.recovery_reset(tx, user_id)


def set_recovery_reset(tx: Tx, user_id: str, key_id: str, digest: bytes, now: int) -> None:
    """Let a recovery key set new account passwords, in the place of any other."""
    recovery_resets.put_recovery_reset(tx, user_id, key_id, digest, now)


def revoke_recovery_reset(tx: Tx, user_id: str) -> bool:
    """Let no recovery key set a new account password any more; False where none could."""
    return recovery_resets.delete_recovery_reset(tx, user_id)
