"""Tables: removed_addresses, user_addresses. Addresses that can be in force again for a while."""

from collections.abc import Sequence

from holdfast.kit.db import Tx


def remove_addresses(
    tx: Tx, user_id: str, addresses: Sequence[tuple[str, str]], now: int
) -> list[str]:
    """Take addresses, by medium, from an account and remember them; return those there were."""
    chosen = {"user_id": user_id, "chosen": [list(each) for each in addresses], "now": now}
    tx.run(
        "INSERT INTO removed_addresses"
        " (user_id, medium, address, validated_at, added_at, removed_at)"
        " SELECT a.user_id, a.medium, a.address, a.validated_at, a.added_at, :now"
        " FROM user_addresses AS a JOIN rows(:chosen, medium, address) AS r"
        " ON r.medium = a.medium AND r.address = a.address WHERE a.user_id = :user_id"
        " ON CONFLICT (user_id, medium, address) DO UPDATE SET added_at = excluded.added_at,"
        " validated_at = excluded.validated_at, removed_at = excluded.removed_at",
        **chosen,
    )
    removed: list[str] = tx.all(
        str,
        "DELETE FROM user_addresses WHERE user_id = :user_id AND (medium, address) IN"
        " (SELECT r.medium, r.address FROM rows(:chosen, medium, address) AS r)"
        " RETURNING address",
        user_id=user_id,
        chosen=chosen["chosen"],
    )
    return sorted(removed)


def removed_emails(tx: Tx, user_id: str, since: int) -> list[str]:
    """The e-mail addresses that were taken from an account since a time."""
    return tx.all(
        str,
        "SELECT address FROM removed_addresses WHERE user_id = :user_id AND medium = 'email'"
        " AND removed_at > :since ORDER BY removed_at, address",
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
