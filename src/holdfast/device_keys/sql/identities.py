"""Tables: cross_signing_keys, listed_devices, key_signatures."""

from collections.abc import Sequence
from typing import NamedTuple

from holdfast.kit.db import Tx


class Key(NamedTuple):
    """One of the keys of a user's identity."""

    user_id: str
    usage: str
    public_key: str
    key: str


class Device(NamedTuple):
    """A listed device, with its keys if it has published any."""

    device_id: str
    keys: str | None


def keys(tx: Tx, user_ids: Sequence[str]) -> list[Key]:
    """The identities of some users."""
    return tx.all(
        Key,
        "SELECT user_id, usage, public_key, key FROM cross_signing_keys"
        " WHERE user_id IN each(:user_ids) ORDER BY user_id, usage",
        user_ids=list(user_ids),
    )


def devices(tx: Tx, user_id: str) -> list[Device]:
    """The listed devices of a user."""
    return tx.all(
        Device,
        "SELECT device_id, keys FROM listed_devices"
        " WHERE user_id = :user_id AND removed_at IS NULL ORDER BY number",
        user_id=user_id,
    )


def put(tx: Tx, user_id: str, keys: list[list[str]], now: int) -> None:
    """Store keys, each as usage, public key and JSON, in place of those of the same usage."""
    tx.run(
        "INSERT INTO cross_signing_keys (user_id, usage, public_key, key, uploaded_at)"
        " SELECT :user_id, k.usage, k.public_key, k.key, CAST(:now AS bigint)"
        " FROM rows(:keys, usage, public_key, key) AS k WHERE 1 = 1"
        " ON CONFLICT (user_id, usage) DO UPDATE SET public_key = excluded.public_key,"
        " key = excluded.key, uploaded_at = excluded.uploaded_at",
        user_id=user_id,
        keys=keys,
        now=now,
    )


def delete(tx: Tx, user_id: str) -> int:
    """Forget a user's identity; return how many keys it had."""
    return tx.run("DELETE FROM cross_signing_keys WHERE user_id = :user_id", user_id=user_id)


def delete_signatures(
    tx: Tx, user_id: str, public_keys: Sequence[str], key_ids: Sequence[str]
) -> None:
    """Forget the signatures of some of a user's public keys, and those made with them.

    `key_ids` are those of the same keys, as they stand beside a signature.
    """
    tx.run(
        "DELETE FROM key_signatures"
        " WHERE (user_id = :user_id AND key_id IN each(:public_keys))"
        " OR (signer = :user_id AND signer_key_id IN each(:key_ids))",
        user_id=user_id,
        public_keys=list(public_keys),
        key_ids=list(key_ids),
    )


def delete_all_signatures(tx: Tx, user_id: str) -> None:
    """Forget every signature of a user's keys and every one made by the user."""
    tx.run(
        "DELETE FROM key_signatures WHERE user_id = :user_id OR signer = :user_id",
        user_id=user_id,
    )
