"""The way in to an account's history: recovery key, identity, dehydrated device, address."""

from typing import TypeVar

import msgspec

from holdfast.account_data import rules as account_data
from holdfast.account_data.rules import DEFAULT_KEY, NO_ROOM
from holdfast.credentials import rules as credentials
from holdfast.dehydrated_devices import rules as dehydrated_devices
from holdfast.key_backup.rules import Backup
from holdfast.kit.db import Tx

T = TypeVar("T")
BACKUP_SECRET = "m.megolm_backup.v1"
SECRETS = (
    "m.cross_signing.master",
    "m.cross_signing.self_signing",
    "m.cross_signing.user_signing",
    BACKUP_SECRET,
)
PROVEN = "dev.holdfast.recovery_key_proven"


class Recovery(msgspec.Struct):
    """The way in. Empty texts and 0 stand for what there is not; times are milliseconds."""

    backup_version: str
    backup_count: int
    default_key: str
    secrets: list[str]
    last_proven_ts: int
    identity: bool
    dehydrated_device: bool
    email: bool
    recovery_key_reset: bool

    @property
    def way_in(self) -> bool:
        """Whether the recovery key opens the current backup."""
        return bool(self.backup_version) and BACKUP_SECRET in self.secrets


class _DefaultKey(msgspec.Struct):
    key: str = ""


class _Proven(msgspec.Struct):
    key_id: str = ""
    ts: int = 0


class _Secret(msgspec.Struct):
    encrypted: dict[str, msgspec.Raw] = {}


def recovery(tx: Tx, user_id: str, backup: Backup | None, *, identity: bool) -> Recovery:
    """The way in to an account's history, from what clients and the account have stored."""
    key = default_key(tx, user_id)
    set_up = credentials.recovery_reset(tx, user_id)
    stored = {name: _read(tx, user_id, name, _Secret).encrypted for name in SECRETS}
    secrets = [name for name, under in stored.items() if key and key in under]
    proven = _read(tx, user_id, PROVEN, _Proven)
    return Recovery(
        backup_version="" if backup is None else str(backup.version),
        backup_count=0 if backup is None else backup.count,
        default_key=key,
        secrets=secrets,
        last_proven_ts=proven.ts if key and proven.key_id == key else 0,
        identity=identity,
        dehydrated_device=dehydrated_devices.there_is_one(tx, user_id),
        email=bool(credentials.contact(tx, user_id).emails),
        recovery_key_reset=set_up is not None and bool(key) and set_up.key_id == key,
    )


def default_key(tx: Tx, user_id: str) -> str:
    """The ID of the account's recovery key in secret storage; empty where there is none."""
    return _read(tx, user_id, DEFAULT_KEY, _DefaultKey).key


def _read(tx: Tx, user_id: str, kind: str, shape: type[T]) -> T:
    """What a client stored under a type; what is not as it should be is as if it were not there."""
    content = account_data.get(tx, user_id, NO_ROOM, kind)
    try:
        return msgspec.json.decode(content or "{}", type=shape)
    except (msgspec.DecodeError, RecursionError):
        return shape()
