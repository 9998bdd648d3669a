"""What makes cross-signing keys usable: all that takes time and no transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from holdfast.device_keys.sql.identities import Key
from holdfast.device_keys.stored import same, stored
from holdfast.device_keys.uploads import (
    ED25519,
    Keys,
    identity_keys,
    invalid_signature,
    without_unsigned,
)
from holdfast.kit.errors import Forbidden, InvalidParam, MatrixError
from holdfast.kit.http.request import decode
from holdfast.kit.signed_json import canonical, is_key, is_valid, signature_of, signed_part

MASTER, SELF_SIGNING, USER_SIGNING = "master", "self_signing", "user_signing"


@dataclass(frozen=True)
class Owned:
    """What a user has published: the identity's keys by usage, the devices with their keys."""

    keys: Mapping[str, Key]
    devices: Mapping[str, str | None]

    @property
    def master(self) -> str | None:
        """The public master key."""
        return self.public(MASTER)

    def public(self, usage: str) -> str | None:
        """The public key of a usage."""
        return self.keys[usage].public_key if usage in self.keys else None

    def signing_devices(self) -> dict[str, str]:
        """The Ed25519 keys of the devices, by key ID."""
        return {
            f"{ED25519}:{device_id}": identity_keys(keys, device_id)[0]
            for device_id, keys in self.devices.items()
            if keys is not None
        }


class SigningBody(msgspec.Struct):
    """Cross-signing keys as they are sent."""

    master_key: Keys | None = None
    self_signing_key: Keys | None = None
    user_signing_key: Keys | None = None

    def by_usage(self) -> dict[str, Keys]:
        """The keys that were sent."""
        all_keys = {
            MASTER: self.master_key,
            SELF_SIGNING: self.self_signing_key,
            USER_SIGNING: self.user_signing_key,
        }
        return {usage: key for usage, key in all_keys.items() if key is not None}


@dataclass(frozen=True)
class New:
    """What is to be stored: keys as usage, public key and JSON; signatures of the master key."""

    keys: list[list[str]]
    signatures: list[list[str]]


class _CrossSigningKey(msgspec.Struct):
    user_id: str
    usage: list[str]
    keys: dict[str, str]
    signatures: dict[str, dict[str, str]] = {}


def check(user_id: str, sent: SigningBody, owned: Owned) -> New:
    """Check cross-signing keys; what is stored already is left out of what is returned.

    Verifies signatures: call it on another thread.

    Raises:
        MatrixError: `M_INVALID_SIGNATURE`, `M_MISSING_PARAM`, `M_INVALID_PARAM` or `M_BAD_JSON`
            with status 400; `M_FORBIDDEN` when a public key is the ID of one of the user's devices.
    """
    public = {usage: _public_key(user_id, usage, key) for usage, key in sent.by_usage().items()}
    master = public.get(MASTER, owned.master)
    if master is None:
        raise MatrixError(400, "M_MISSING_PARAM", "There is no master key. Send master_key, too.")
    if any(key in owned.devices for key in public.values()):
        raise Forbidden("One of these keys is named like one of your devices. Make a new key.")
    new = _new(sent.by_usage(), owned)
    keys = [[usage, public[usage], _signed(user_id, usage, new[usage], master)] for usage in new]
    if MASTER not in new:
        return New(keys, [])
    signers = {**owned.signing_devices(), f"{ED25519}:{master}": master}
    return New(keys, signatures_of(user_id, user_id, master, new[MASTER], signers))


def signatures_of(
    signer: str, user_id: str, name: str, signed: Keys, signers: Mapping[str, str]
) -> list[list[str]]:
    """The signatures that `signed`, called `name` among the keys of `user_id`, carries.

    Those of `signers`, the public keys of one user (`signer`) by key ID, each as it is stored.
    Others are passed over.

    Raises:
        MatrixError: `M_INVALID_SIGNATURE`: one of them is wrong.
    """
    found, message = [], signed_part(signed)
    for key_id, public_key in signers.items():
        signature = signature_of(signed, signer, key_id)
        if signature is not None:
            if not is_valid(message, signature, public_key):
                raise invalid_signature("A signature does not fit the key that is signed.")
            found.append([user_id, name, key_id, signature])
    return found


def _new(sent: Mapping[str, Keys], owned: Owned) -> dict[str, Keys]:
    """What is not stored yet; with another master key it is all: that key has to sign the rest."""
    new = {
        usage: key
        for usage, key in sent.items()
        if usage not in owned.keys or not same(owned.keys[usage].key, key)
    }
    return dict(sent) if MASTER in new else new


def _public_key(user_id: str, usage: str, sent: Keys) -> str:
    """Refuse what is no cross-signing key of this user and usage; return the public key."""
    key = decode(canonical(without_unsigned(sent)), _CrossSigningKey)
    if key.user_id != user_id:
        raise InvalidParam(f"The {usage} key names another user than who sends it.")
    if key.usage != [usage]:
        raise InvalidParam(f"The {usage} key is to be used for something else.")
    if len(key.keys) != 1:
        raise InvalidParam(f"The {usage} key must hold exactly one key.")
    ((name, public),) = key.keys.items()
    if not is_key(public) or name != f"{ED25519}:{public}":
        raise InvalidParam(f"The {usage} key is not an Ed25519 key that is named after itself.")
    return public


def _signed(user_id: str, usage: str, key: Keys, master: str) -> str:
    """A key as it is stored, once the master key's signature has been found right."""
    if usage == MASTER:
        return stored(key, user_id, {})
    key_id = f"{ED25519}:{master}"
    signature = signature_of(key, user_id, key_id)
    if signature is None or not is_valid(signed_part(key), signature, master):
        raise invalid_signature(f"The {usage} key is not signed with the master key.")
    return stored(key, user_id, {key_id: signature})
