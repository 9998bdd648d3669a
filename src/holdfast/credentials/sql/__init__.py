"""Tables: users, user_addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Account:
    """One user's row."""

    user_id: str
    password_hash: str | None
    language: str
    created_at: int
    deactivated_at: int | None
    is_admin: int
    locked_at: int | None
    suspended_at: int | None


@dataclass(frozen=True)
class Address:
    """An e-mail address or phone number that belongs to an account."""

    medium: str
    address: str
    validated_at: int
    added_at: int


_ACCOUNT = (
    "SELECT u.user_id, u.password_hash, u.language, u.created_at, u.deactivated_at, u.is_admin,"
    " u.locked_at, u.suspended_at FROM users u "
)


def account(tx: Tx, user_id: str) -> Account | None:
    """The account with this user ID."""
    return tx.one(Account, _ACCOUNT + "WHERE u.user_id = :user_id", user_id=user_id)


def active(tx: Tx, user_ids: Sequence[str]) -> list[str]:
    """Those of some users who have an account that is not deactivated."""
    return tx.all(
        str,
        "SELECT user_id FROM users WHERE user_id IN each(:user_ids) AND deactivated_at IS NULL",
        user_ids=list(user_ids),
    )


def reachable(tx: Tx, among: Sequence[str] | None) -> list[str]:
    """Accounts that are neither deactivated nor locked; those of `among`, or with None all."""
    return tx.all(
        str,
        "SELECT user_id FROM users WHERE deactivated_at IS NULL AND locked_at IS NULL"
        " AND (:everybody = 1 OR user_id IN each(:among))",
        everybody=int(among is None),
        among=list(among or ()),
    )


def account_at(tx: Tx, medium: str, address: str) -> Account | None:
    """The account to which an address belongs."""
    return tx.one(
        Account,
        _ACCOUNT + "JOIN user_addresses a ON a.user_id = u.user_id"
        " WHERE a.medium = :medium AND a.address = :address",
        medium=medium,
        address=address,
    )


def accounts(tx: Tx, after: str, limit: int) -> list[Account]:
    """A page of accounts in the order of their user IDs."""
    return tx.all(
        Account,
        _ACCOUNT + "WHERE u.user_id > :after ORDER BY u.user_id LIMIT :limit",
        after=after,
        limit=limit,
    )


def insert_account(
    tx: Tx, user_id: str, password_hash: str | None, language: str, now: int
) -> bool:
    """Add an account; False when the user ID is taken."""
    return bool(
        tx.run(
            "INSERT INTO users (user_id, password_hash, language, created_at)"
            " VALUES (:user_id, :password_hash, :language, :now)"
            " ON CONFLICT (user_id) DO NOTHING",
            user_id=user_id,
            password_hash=password_hash,
            language=language,
            now=now,
        )
    )


def set_password_hash(tx: Tx, user_id: str, new: str, old: str | None) -> bool:
    """Replace the hash `old`; False when another one stands there by now."""
    return bool(
        tx.run(
            "UPDATE users SET password_hash = :new WHERE user_id = :user_id"
            " AND deactivated_at IS NULL AND coalesce(password_hash, '') = coalesce(:old, '')",
            user_id=user_id,
            new=new,
            old=old,
        )
    )


def forget_password(tx: Tx, user_id: str) -> None:
    """Let no account password be the right one."""
    tx.run("UPDATE users SET password_hash = NULL WHERE user_id = :user_id", user_id=user_id)


def set_admin(tx: Tx, user_id: str, is_admin: int) -> None:
    """Make somebody an administrator, or no administrator any more."""
    tx.run(
        "UPDATE users SET is_admin = :is_admin WHERE user_id = :user_id",
        user_id=user_id,
        is_admin=is_admin,
    )


def set_restrictions(tx: Tx, user_id: str, locked_at: int | None, suspended_at: int | None) -> None:
    """Store since when an account is locked and suspended."""
    tx.run(
        "UPDATE users SET locked_at = :locked_at, suspended_at = :suspended_at"
        " WHERE user_id = :user_id",
        user_id=user_id,
        locked_at=locked_at,
        suspended_at=suspended_at,
    )


def set_language(tx: Tx, user_id: str, language: str) -> None:
    """Set the language of the account's mails."""
    tx.run(
        "UPDATE users SET language = :language WHERE user_id = :user_id",
        user_id=user_id,
        language=language,
    )


def deactivate(tx: Tx, user_id: str, erased_at: int | None, now: int) -> None:
    """Close the account. Its hash stays: see `rules.deactivate`."""
    tx.run(
        "UPDATE users SET deactivated_at = coalesce(deactivated_at, :now),"
        " erased_at = coalesce(erased_at, :erased_at) WHERE user_id = :user_id",
        user_id=user_id,
        erased_at=erased_at,
        now=now,
    )


def addresses(tx: Tx, user_id: str) -> list[Address]:
    """The account's addresses, the oldest first."""
    return tx.all(
        Address,
        "SELECT medium, address, validated_at, added_at FROM user_addresses"
        " WHERE user_id = :user_id ORDER BY added_at, address",
        user_id=user_id,
    )


def owner_of(tx: Tx, medium: str, address: str) -> str | None:
    """The user ID to which an address belongs."""
    owner: str | None = tx.value(
        "SELECT user_id FROM user_addresses WHERE medium = :medium AND address = :address",
        medium=medium,
        address=address,
    )
    return owner


def insert_address(
    tx: Tx, user_id: str, medium: str, address: str, validated_at: int, now: int
) -> bool:
    """Give an address to an account; False when it belongs to one already."""
    return bool(
        tx.run(
            "INSERT INTO user_addresses (medium, address, user_id, validated_at, added_at)"
            " VALUES (:medium, :address, :user_id, :validated_at, :now)"
            " ON CONFLICT (medium, address) DO NOTHING",
            user_id=user_id,
            medium=medium,
            address=address,
            validated_at=validated_at,
            now=now,
        )
    )


def delete_addresses(tx: Tx, user_id: str) -> None:
    """Take every address from an account, those that were removed before too."""
    tx.run("DELETE FROM user_addresses WHERE user_id = :user_id", user_id=user_id)
    tx.run("DELETE FROM removed_addresses WHERE user_id = :user_id", user_id=user_id)
