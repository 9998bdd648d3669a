"""Tables: one_time_keys, one_time_key_claims, fallback_keys, listed_devices."""

from typing import NamedTuple

from holdfast.kit.db import Tx

Wanted = list[list[str]]
"""User ID, device ID and algorithm of each key that is wanted."""


class Claimed(NamedTuple):
    """A key that is handed out."""

    user_id: str
    device_id: str
    algorithm: str
    key_id: str
    key: str


class Fallback(NamedTuple):
    """A fallback key that is handed out, and that of which device it is."""

    number: int
    used: int | None
    claimed: Claimed


def claim(tx: Tx, wanted: Wanted) -> list[Claimed]:
    """Hand out the oldest one-time key of each device and algorithm that still has one.

    Under `lock_keys` only: of two that do so at once, one might get none though there are more.
    """
    positions = tx.all(
        lambda position: [str(position)],
        "UPDATE one_time_key_claims SET upto = (SELECT min(k.position) FROM one_time_keys k"
        " WHERE k.device = one_time_key_claims.device"
        " AND k.algorithm = one_time_key_claims.algorithm AND k.position > upto)"
        " WHERE (device, algorithm) IN (SELECT d.number, w.algorithm"
        " FROM rows(:wanted, user_id, device_id, algorithm) AS w JOIN listed_devices d"
        " ON d.user_id = w.user_id AND d.device_id = w.device_id AND d.removed_at IS NULL)"
        " AND EXISTS (SELECT 1 FROM one_time_keys k WHERE k.device = one_time_key_claims.device"
        " AND k.algorithm = one_time_key_claims.algorithm AND k.position > upto)"
        " RETURNING upto",
        wanted=wanted,
    )
    return tx.all(
        Claimed,
        "SELECT d.user_id, d.device_id, k.algorithm, k.key_id, k.key FROM one_time_keys k"
        " JOIN listed_devices d ON d.number = k.device WHERE k.position IN"
        " (SELECT CAST(p.position AS bigint) FROM rows(:positions, position) AS p)",
        positions=positions,
    )


def fallback_keys(tx: Tx, wanted: Wanted) -> list[Fallback]:
    """The fallback key of each device and algorithm that has one."""
    return tx.all(
        lambda number, used, *key: Fallback(number, used, Claimed(*key)),
        "SELECT d.number, f.used, d.user_id, d.device_id, f.algorithm, f.key_id, f.key"
        " FROM rows(:wanted, user_id, device_id, algorithm) AS w JOIN listed_devices d"
        " ON d.user_id = w.user_id AND d.device_id = w.device_id AND d.removed_at IS NULL"
        " JOIN fallback_keys f ON f.device = d.number AND f.algorithm = w.algorithm",
        wanted=wanted,
    )


def mark_used(tx: Tx, keys: list[list[str]], position: int) -> None:
    """Note when fallback keys, each named by device and algorithm, were first handed out."""
    tx.run(
        "UPDATE fallback_keys SET used = :position WHERE (device, algorithm) IN"
        " (SELECT CAST(k.device AS bigint), k.algorithm FROM rows(:keys, device, algorithm) AS k)",
        keys=keys,
        position=position,
    )
