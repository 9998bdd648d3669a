"""Tables: listed_devices, cross_signing_keys, key_signatures, device_list_changes."""

from collections.abc import Sequence
from typing import NamedTuple

from holdfast.device_keys.sql.identities import Key
from holdfast.kit.db import Tx


class Device(NamedTuple):
    """What a listed device of somebody has published, and what it is called."""

    user_id: str
    device_id: str
    display_name: str | None
    keys: str


class Signature(NamedTuple):
    """A signature beside those that are a part of a key."""

    user_id: str
    key_id: str
    signer: str
    signer_key_id: str
    signature: str


def devices(tx: Tx, user_ids: Sequence[str]) -> list[Device]:
    """The devices of some users that have published keys."""
    return tx.all(
        Device,
        "SELECT user_id, device_id, display_name, keys FROM listed_devices"
        " WHERE user_id IN each(:user_ids) AND removed_at IS NULL AND keys IS NOT NULL",
        user_ids=list(user_ids),
    )


def who_ever_published(tx: Tx, user_ids: Sequence[str]) -> list[str]:
    """Those of some users whose device list has ever changed."""
    return tx.all(
        str,
        "SELECT user_id FROM device_list_changes WHERE user_id IN each(:user_ids)",
        user_ids=list(user_ids),
    )


def identities(tx: Tx, user_ids: Sequence[str], reader: str) -> list[Key]:
    """The identities of some users as `reader` may see them: user-signing keys are one's own."""
    return tx.all(
        Key,
        "SELECT user_id, usage, public_key, key FROM cross_signing_keys"
        " WHERE user_id IN each(:user_ids) AND (usage <> 'user_signing' OR user_id = :reader)",
        user_ids=list(user_ids),
        reader=reader,
    )


def signatures(tx: Tx, user_ids: Sequence[str], reader: str) -> list[Signature]:
    """Signatures of the keys of some users: the owners' own, and those of `reader`."""
    return tx.all(
        Signature,
        "SELECT user_id, key_id, signer, signer_key_id, signature FROM key_signatures"
        " WHERE user_id IN each(:user_ids) AND (signer = user_id OR signer = :reader)",
        user_ids=list(user_ids),
        reader=reader,
    )
