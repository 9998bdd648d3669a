"""Handing out keys for first messages, each one-time key once (POST /keys/claim)."""

from typing import Any

import msgspec

from holdfast.device_keys.locking import lock_keys
from holdfast.device_keys.sql import claims as sql
from holdfast.device_keys.sql.claims import Claimed, Wanted
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request

ByDevice = dict[str, dict[str, dict[str, Any]]]


MOST_KEYS = 10_000


class ClaimBody(msgspec.Struct):
    """The algorithm of the key that is wanted, by user ID and device ID."""

    one_time_keys: dict[str, dict[str, str]]


async def claim(request: Request) -> ByDevice:
    """A key of each device that has one, by user ID, device ID and name.

    It is the device's oldest one-time key or, where none is left, its fallback key.

    Raises:
        InvalidParam: more keys are claimed than one request may.
    """
    wanted = [
        [user_id, device_id, algorithm]
        for user_id, devices in request.json(ClaimBody).one_time_keys.items()
        for device_id, algorithm in devices.items()
    ]
    if len(wanted) > MOST_KEYS:
        raise InvalidParam(f"Claim at most {MOST_KEYS} keys at once.")
    keys = await request.context.db.write(lambda tx: _hand_out(tx, wanted))
    found: ByDevice = {}
    for user_id, device_id, algorithm, key_id, key in keys:
        by_name = found.setdefault(user_id, {}).setdefault(device_id, {})
        by_name[f"{algorithm}:{key_id}"] = msgspec.Raw(key.encode())
    return found


def _hand_out(tx: Tx, wanted: Wanted) -> list[Claimed]:
    """Whoever claims keys of the same users, or uploads them, comes afterwards."""
    lock_keys(tx, {user_id for user_id, _device_id, _algorithm in wanted})
    keys = sql.claim(tx, wanted)
    served = {(user_id, device_id) for user_id, device_id, _algorithm, _key_id, _key in keys}
    left = [each for each in wanted if (each[0], each[1]) not in served]
    return keys + _fallback_keys(tx, left) if left else keys


def _fallback_keys(tx: Tx, wanted: Wanted) -> list[Claimed]:
    """Fallback keys; whoever has one handed out for the first time is woken to replace it."""
    found = sql.fallback_keys(tx, wanted)
    fresh = [each for each in found if each.used is None]
    if fresh:
        names = [[str(each.number), each.claimed.algorithm] for each in fresh]
        sql.mark_used(tx, names, stream.advance(tx, "key"))
        tx.wake(*{each.claimed.user_id for each in fresh})
    return [each.claimed for each in found]
