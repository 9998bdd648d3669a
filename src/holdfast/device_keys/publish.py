"""Publishing the keys of a listed device, for its own session or on behalf of another feature.

Look (`published`) and check (`uploads.check`) first, outside the transaction that stores. Who has
other changes for /sync in that transaction makes them after `store`, or calls `lock_keys` before:
nobody may wait for keys while others wait for the stream.
"""

from holdfast.device_keys import listing
from holdfast.device_keys.locking import lock_keys
from holdfast.device_keys.sql import published as sql
from holdfast.device_keys.sql import signatures
from holdfast.device_keys.sql.published import NamedKey, Published
from holdfast.device_keys.uploads import ED25519, SIGNED, Checked, ed25519_of, identity_keys
from holdfast.device_keys.uploads import invalid_signature as _invalid_signature
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, NotFound

__all__ = ["Published"]

MOST_UNCLAIMED = 5_000


def published(tx: Tx, user_id: str, device_id: str) -> Published:
    """What a device has published so far, which may not even be listed yet."""
    return sql.published(tx, user_id, device_id)


def counts(tx: Tx, user_id: str, device_id: str) -> dict[str, int]:
    """How many one-time keys of each algorithm a device still has unclaimed, 0 if none."""
    return {SIGNED: 0, **dict(sql.counts(tx, user_id, device_id))}


def store(tx: Tx, checked: Checked) -> dict[str, int]:
    """Publish what was checked, all of it or nothing; return the `counts` afterwards.

    What is published already is no change. A one-time key that was claimed is not given out again.

    Raises:
        NotFound: the device is not listed (any more).
        InvalidParam: a one-time key has the ID of another one that was published before, or there
            are too many of them.
        MatrixError: `M_INVALID_SIGNATURE`: the device's keys were replaced meanwhile.
    """
    user_id, device_id = checked.user_id, checked.device_id
    lock_keys(tx, [user_id])
    before = sql.published(tx, user_id, device_id)
    number = before.number
    if number is None:
        raise NotFound("There is no such device, or it has just been removed.")
    if checked.device_keys is None and ed25519_of(before, device_id) != checked.ed25519:
        raise _invalid_signature("The device's keys were replaced meanwhile. Send them all again.")
    replaced = _replace(tx, number, before.keys, checked)
    _add_one_time_keys(tx, number, checked.one_time_keys)
    if checked.fallback_keys:
        sql.put_fallback_keys(tx, number, checked.fallback_keys)
    unclaimed = counts(tx, user_id, device_id)
    if sum(unclaimed.values()) > MOST_UNCLAIMED:
        raise InvalidParam(f"A device holds at most {MOST_UNCLAIMED} unclaimed one-time keys.")
    signature = _new_signature(tx, before, checked)
    if replaced or signature:
        position = listing.list_changed(tx, user_id)
        if signature:
            signatures.add(tx, user_id, signature, position)
    return unclaimed


def _replace(tx: Tx, number: int, before: str | None, checked: Checked) -> bool:
    """Store device keys, if they are new; True when they are.

    They may be others than before: a client that lost its store has new ones.

    The device's one-time and fallback keys go with its old identity keys. They are signed with a
    key that is gone, so nobody could use them, and the client numbers its new ones from the start
    again. The claimed ones go, too: none of their secrets is left that a second use could expose.
    """
    keys = checked.device_keys
    if keys is None or keys == before:
        return False
    sql.put_device_keys(tx, number, keys)
    own = f"{ED25519}:{checked.device_id}"
    signatures.delete_of_device(tx, checked.user_id, checked.device_id, own)
    if before is not None:
        old, new = (identity_keys(each, checked.device_id) for each in (before, keys))
        if old != new:
            sql.delete_keys_of(tx, number)
    return True


def _add_one_time_keys(tx: Tx, number: int, keys: list[NamedKey]) -> None:
    if not keys:
        return
    added = sql.add_one_time_keys(tx, number, keys)
    if added:
        sql.begin_claims(tx, number, sorted({algorithm for algorithm, _key_id, _key in keys}))
    if added < len(keys):
        sent = {(algorithm, key_id): key for algorithm, key_id, key in keys}
        for algorithm, key_id, key in sql.one_time_keys(tx, number, [each[:2] for each in keys]):
            if sent[algorithm, key_id] != key:
                raise _key_id_in_use([algorithm, key_id, key], sent[algorithm, key_id])


def _key_id_in_use(old: NamedKey, new: str) -> InvalidParam:
    """Worded as other homeservers do: clients recognise, and take apart, this very text."""
    algorithm, key_id, key = old
    return InvalidParam(
        f"One time key {algorithm}:{key_id} already exists. Old key: {key}; new key: {new}"
    )


def _new_signature(tx: Tx, before: Published, checked: Checked) -> list[list[str]]:
    """The identity's signature that came with the keys, unless it is stored already."""
    if checked.signature is None:
        return []
    key_id, signature = checked.signature
    row = [checked.user_id, checked.device_id, key_id, signature]
    if key_id != f"{ED25519}:{before.self_signing_key}":  # the identity was replaced meanwhile
        return []
    return [] if signatures.known(tx, checked.user_id, [row]) else [row]
