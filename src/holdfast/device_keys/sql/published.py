"""What a device has published.

Tables: listed_devices, one_time_keys, one_time_key_claims, fallback_keys; cross_signing_keys, too.
"""

from dataclasses import dataclass

from holdfast.kit.db import Tx

NamedKey = list[str]
"""Algorithm, key ID and the key as JSON."""


@dataclass(frozen=True)
class Published:
    """What a device has published, and the key with which its user's identity signs it.

    Without a `number` it is not listed (yet).
    """

    number: int | None
    keys: str | None
    self_signing_key: str | None


def published(tx: Tx, user_id: str, device_id: str) -> Published:
    """What a device has published."""
    found = tx.one(
        Published,
        "SELECT d.number, d.keys, c.public_key FROM (SELECT CAST(:user_id AS text) AS user_id) AS u"
        " LEFT JOIN listed_devices d ON d.user_id = u.user_id AND d.device_id = :device_id"
        " AND d.removed_at IS NULL"
        " LEFT JOIN cross_signing_keys c ON c.user_id = u.user_id AND c.usage = 'self_signing'",
        user_id=user_id,
        device_id=device_id,
    )
    return found or Published(None, None, None)


def put_device_keys(tx: Tx, number: int, keys: str) -> None:
    """Store a device's keys in place of others."""
    tx.run(
        "UPDATE listed_devices SET keys = :keys WHERE number = :number", keys=keys, number=number
    )


def delete_keys_of(tx: Tx, number: int) -> None:
    """Forget every one-time and fallback key of a device, claimed ones too."""
    tx.run("DELETE FROM one_time_keys WHERE device = :number", number=number)
    tx.run("DELETE FROM fallback_keys WHERE device = :number", number=number)


def add_one_time_keys(tx: Tx, number: int, keys: list[NamedKey]) -> int:
    """Add keys whose names are new to the device; return how many those were.

    Each has a later position than those that were there before, as `lock_keys` sees to.
    """
    return tx.run(
        "INSERT INTO one_time_keys (device, algorithm, key_id, key)"
        " SELECT CAST(:number AS bigint), k.algorithm, k.key_id, k.key"
        " FROM rows(:keys, algorithm, key_id, key) AS k WHERE 1 = 1"
        " ON CONFLICT (device, algorithm, key_id) DO NOTHING",
        number=number,
        keys=keys,
    )


def begin_claims(tx: Tx, number: int, algorithms: list[str]) -> None:
    """Note that no key of some algorithms was handed out, where nothing is noted yet."""
    tx.run(
        "INSERT INTO one_time_key_claims (device, algorithm, upto)"
        " SELECT CAST(:number AS bigint), a.algorithm, 0 FROM rows(:algorithms, algorithm) AS a"
        " WHERE 1 = 1 ON CONFLICT (device, algorithm) DO NOTHING",
        number=number,
        algorithms=[[each] for each in algorithms],
    )


def one_time_keys(tx: Tx, number: int, names: list[list[str]]) -> list[NamedKey]:
    """Those keys of a device, claimed or not, that have one of these algorithms and key IDs."""
    return tx.all(
        lambda *columns: list(columns),
        "SELECT algorithm, key_id, key FROM one_time_keys WHERE device = :number"
        " AND (algorithm, key_id) IN rows(:names, algorithm, key_id)",
        number=number,
        names=names,
    )


def put_fallback_keys(tx: Tx, number: int, keys: list[NamedKey]) -> None:
    """Store fallback keys in place of others; the very same one stays used if it was."""
    tx.run(
        "INSERT INTO fallback_keys (device, algorithm, key_id, key)"
        " SELECT CAST(:number AS bigint), k.algorithm, k.key_id, k.key"
        " FROM rows(:keys, algorithm, key_id, key) AS k WHERE 1 = 1"
        " ON CONFLICT (device, algorithm) DO UPDATE"
        " SET key_id = excluded.key_id, key = excluded.key, used = NULL"
        " WHERE fallback_keys.key_id <> excluded.key_id OR fallback_keys.key <> excluded.key",
        number=number,
        keys=keys,
    )


def counts(tx: Tx, user_id: str, device_id: str) -> list[tuple[str, int]]:
    """How many unclaimed one-time keys of each algorithm a listed device has."""
    return tx.all(
        lambda algorithm, count: (algorithm, count),
        "SELECT k.algorithm, count(*) FROM listed_devices d"
        " JOIN one_time_key_claims c ON c.device = d.number"
        " JOIN one_time_keys k ON k.device = c.device AND k.algorithm = c.algorithm"
        " AND k.position > c.upto"
        " WHERE d.user_id = :user_id AND d.device_id = :device_id AND d.removed_at IS NULL"
        " GROUP BY k.algorithm",
        user_id=user_id,
        device_id=device_id,
    )


def unused_fallback_keys(tx: Tx, user_id: str, device_id: str) -> list[str]:
    """The algorithms of the fallback keys of a listed device that nobody was given yet."""
    return tx.all(
        str,
        "SELECT f.algorithm FROM listed_devices d JOIN fallback_keys f ON f.device = d.number"
        " WHERE d.user_id = :user_id AND d.device_id = :device_id AND d.removed_at IS NULL"
        " AND f.used IS NULL ORDER BY f.algorithm",
        user_id=user_id,
        device_id=device_id,
    )


def fallback_key_used(tx: Tx, user_id: str, device_id: str, after: int, upto: int) -> bool:
    """Whether a fallback key of a listed device was first handed out between two positions."""
    found = tx.value(
        "SELECT 1 FROM listed_devices d JOIN fallback_keys f ON f.device = d.number"
        " WHERE d.user_id = :user_id AND d.device_id = :device_id AND d.removed_at IS NULL"
        " AND f.used > :after AND f.used <= :upto",
        user_id=user_id,
        device_id=device_id,
        after=after,
        upto=upto,
    )
    return found is not None
