"""Tables: removed_addresses, user_addresses, users. Addresses that can be in force again."""

from collections.abc import Sequence

from holdfast.kit.db import Tx


def remove_addresses(
    tx: Tx, user_id: str, addresses: Sequence[tuple[str, str]], now: int
) -> list[str]:
    """Take addresses, by medium, from an account and remember them; return those there were."""
    tx.run(
        "INSERT INTO removed_addresses"
        " (user_id, medium, address, validated_at, added_at, removed_at)"
        " SELECT a.user_id, a.medium, a.address, a.validated_at, a.added_at, :now"
        " FROM user_addresses AS a JOIN rows(:chosen, medium, address) AS r"
        " ON r.medium = a.medium AND r.address = a.address WHERE a.user_id = :user_id"
        " ON CONFLICT (user_id, medium, address) DO UPDATE SET added_at = excluded.added_at,"
        " validated_at = excluded.validated_at, removed_at = excluded.removed_at",
        user_id=user_id,
        chosen=[list(each) for each in addresses],
        now=now,
    )
    return withdraw_addresses(tx, user_id, addresses)


def withdraw_addresses(tx: Tx, user_id: str, addresses: Sequence[tuple[str, str]]) -> list[str]:
    """Take addresses, by medium, from an account for good; return those there were."""
    withdrawn: list[str] = tx.all(
        str,
        "DELETE FROM user_addresses WHERE user_id = :user_id AND (medium, address) IN"
        " (SELECT r.medium, r.address FROM rows(:chosen, medium, address) AS r)"
        " RETURNING address",
        user_id=user_id,
        chosen=[list(each) for each in addresses],
    )
    return sorted(withdrawn)


def removed_emails(tx: Tx, user_id: str, since: int) -> list[str]:
    """The e-mail addresses that an account had before a time, and that were taken from it since.

    Those that it was made with count as if it had had them before.
    """
    return tx.all(
        str,
        "SELECT r.address FROM removed_addresses AS r JOIN users AS u ON u.user_id = r.user_id"
        " WHERE r.user_id = :user_id AND r.medium = 'email' AND r.removed_at > :since"
        " AND (r.added_at <= :since OR r.added_at <= u.created_at)"
        " ORDER BY r.removed_at, r.address",
        user_id=user_id,
        since=since,
    )


def bring_addresses_back(tx: Tx, user_id: str, *, since: int, added_before: int) -> list[str]:
    """Give an account back what was taken from it since a time and is nobody else's by now."""
    back: list[str] = tx.all(
        str,
        "INSERT INTO user_addresses (medium, address, user_id, validated_at, added_at)"
        " SELECT medium, address, user_id, validated_at, added_at FROM removed_addresses"
        " WHERE user_id = :user_id AND removed_at > :since AND added_at <= :added_before"
        " ON CONFLICT (medium, address) DO NOTHING RETURNING address",
        user_id=user_id,
        since=since,
        added_before=added_before,
    )
    return sorted(back)


def forget_removed_addresses(tx: Tx, before: int) -> None:
    """Forget addresses that were removed before a time."""
    tx.run("DELETE FROM removed_addresses WHERE removed_at < :before", before=before)
