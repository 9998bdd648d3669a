"""What a device wants to publish, checked: all that takes time and no transaction."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from holdfast.device_keys.sql.published import NamedKey, Published
from holdfast.device_keys.stored import stored
from holdfast.kit.errors import InvalidParam, MatrixError, MissingParam
from holdfast.kit.http.request import decode
from holdfast.kit.signed_json import canonical, is_key, is_valid, signature_of, signed_part

SIGNED, UNSIGNED = "signed_curve25519", "curve25519"
ED25519 = "ed25519"
MOST_ONE_TIME_KEYS = 500
DEVICE_KEYS_BYTES = 64 * 1024
KEY_BYTES = 4 * 1024
KEY_ID_LETTERS = 255

Keys = dict[str, Any]


class Sent(msgspec.Struct):
    """The keys in a request, for another feature's to be extended. What is null is left out."""

    device_keys: Keys | None = None
    one_time_keys: Keys | None = None
    fallback_keys: Keys | None = None
    old_fallback_keys: Keys | None = msgspec.field(
        name="org.matrix.msc2732.fallback_keys", default=None
    )

    @property
    def is_empty(self) -> bool:
        """Whether there is no key in it."""
        return self.device_keys is None and not (
            self.one_time_keys or self.fallback_keys or self.old_fallback_keys
        )


class DeviceKeys(msgspec.Struct):
    """The members of device keys that every client relies on."""

    user_id: str
    device_id: str
    algorithms: list[str]
    keys: dict[str, str]
    signatures: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Checked:
    """What may be published for a device whose Ed25519 key is `ed25519`.

    `device_keys` is as it is stored, None where it was not sent; `signature` is that of the user's
    self-signing key under it, as key ID and signature, where it came with one.
    """

    user_id: str
    device_id: str
    ed25519: str | None
    device_keys: str | None = None
    signature: tuple[str, str] | None = None
    one_time_keys: list[NamedKey] = field(default_factory=list)
    fallback_keys: list[NamedKey] = field(default_factory=list)


def check(user_id: str, device_id: str, sent: Sent, published: Published) -> Checked:
    """Check what is sent for a device; `published` is what the device has published so far.

    Verifies a signature for each key, which takes some 0.1 ms each: call it on another thread.

    Raises:
        MatrixError: `M_INVALID_SIGNATURE`, `M_BAD_JSON`, `M_MISSING_PARAM` or `M_INVALID_PARAM`,
            all with status 400.
    """
    device_keys, signature = None, None
    ed25519 = ed25519_of(published, device_id)
    if sent.device_keys is not None:
        whole = without_unsigned(sent.device_keys)
        ed25519 = _check_device_keys(user_id, device_id, whole)
        own = f"{ED25519}:{device_id}"
        device_keys = stored(whole, user_id, {own: signature_of(whole, user_id, own) or ""})
        signature = _of_identity(user_id, whole, published)
    fallback = {**(sent.old_fallback_keys or {}), **(sent.fallback_keys or {})}
    one_time = sent.one_time_keys or {}
    if len(one_time) > MOST_ONE_TIME_KEYS:
        raise InvalidParam(f"At most {MOST_ONE_TIME_KEYS} one-time keys fit in a request.")
    if len({name.partition(":")[0] for name in fallback}) < len(fallback):
        raise InvalidParam("There is one fallback key of each algorithm at most.")
    signer = _Signer(user_id, device_id, ed25519)
    return Checked(
        user_id,
        device_id,
        ed25519,
        device_keys,
        signature,
        [_checked(name, key, signer) for name, key in one_time.items()],
        [_checked(name, key, signer) for name, key in fallback.items()],
    )


def ed25519_of(published: Published, device_id: str) -> str | None:
    """The Ed25519 key that a device has published."""
    return identity_keys(published.keys, device_id)[0] if published.keys else None


def identity_keys(keys: str, device_id: str) -> tuple[str, str]:
    """The Ed25519 and the Curve25519 key in a device's stored keys."""
    found = msgspec.json.decode(keys, type=DeviceKeys).keys
    return found[f"{ED25519}:{device_id}"], found[f"{UNSIGNED}:{device_id}"]


def _check_device_keys(user_id: str, device_id: str, sent: Keys) -> str:
    """Refuse device keys of another shape, device or signature; return the Ed25519 key."""
    text = canonical(sent)
    if len(text) > DEVICE_KEYS_BYTES:
        raise InvalidParam(f"Device keys are larger than {DEVICE_KEYS_BYTES} bytes.")
    keys = decode(text, DeviceKeys)
    if (keys.user_id, keys.device_id) != (user_id, device_id):
        raise InvalidParam("These device keys are for another user or device than who sends them.")
    for algorithm in (ED25519, UNSIGNED):
        name = f"{algorithm}:{device_id}"
        if name not in keys.keys:
            raise MissingParam(f"device_keys.keys.{name}")
        if not is_key(keys.keys[name]):
            raise InvalidParam(f"{name} is not 32 bytes in unpadded Base64.")
    public = keys.keys[f"{ED25519}:{device_id}"]
    signature = signature_of(sent, user_id, f"{ED25519}:{device_id}")
    if not is_valid(signed_part(sent), signature, public):
        raise invalid_signature("The device keys are not signed with the device's own key.")
    return public


def _of_identity(user_id: str, sent: Keys, published: Published) -> tuple[str, str] | None:
    """The signature of the user's self-signing key, if there is a valid one."""
    public = published.self_signing_key
    if public is None:
        return None
    key_id = f"{ED25519}:{public}"
    signature = signature_of(sent, user_id, key_id)
    if signature is None or not is_valid(signed_part(sent), signature, public):
        return None  # as good as none: signatures are given by POST keys/signatures/upload
    return key_id, signature


@dataclass(frozen=True)
class _Signer:
    user_id: str
    device_id: str
    ed25519: str | None


def _checked(name: str, key: Any, signer: _Signer) -> NamedKey:
    """A one-time or fallback key, as it is stored."""
    algorithm, _, key_id = name.partition(":")
    if algorithm not in (SIGNED, UNSIGNED):
        raise InvalidParam(f"Keys of the algorithm {algorithm[:50]!r} are not known here.")
    if not 0 < len(key_id) <= KEY_ID_LETTERS or ":" in key_id:
        raise InvalidParam(f"The name of a key is {algorithm}, a colon and its key ID.")
    if algorithm == UNSIGNED:
        if not (isinstance(key, str) and is_key(key)):
            raise InvalidParam(f"{name} is not 32 bytes in unpadded Base64.")
        return [algorithm, key_id, f'"{key}"']
    return [algorithm, key_id, _checked_signed(name, key, signer)]


def _checked_signed(name: str, key: Any, signer: _Signer) -> str:
    public = key.get("key") if isinstance(key, dict) else None
    if not (isinstance(public, str) and is_key(public)):
        raise InvalidParam(f"{name} has no 'key' of 32 bytes in unpadded Base64.")
    if signer.ed25519 is None:
        raise MatrixError(
            400,
            "M_MISSING_PARAM",
            "This device has published no device keys, which its other keys are signed with."
            " Send device_keys as well.",
        )
    signature = signature_of(key, signer.user_id, f"{ED25519}:{signer.device_id}")
    if not is_valid(signed_part(key), signature, signer.ed25519):
        raise invalid_signature(f"{name} is not signed with the device's own key.")
    text = canonical(without_unsigned(key))
    if len(text) > KEY_BYTES:
        raise InvalidParam(f"{name} is larger than {KEY_BYTES} bytes.")
    return text.decode()


def without_unsigned(sent: Keys) -> Keys:
    """What is sent, less what servers add: nobody signs it, and it may hold anything."""
    return {member: value for member, value in sent.items() if member != "unsigned"}


def invalid_signature(text: str) -> MatrixError:
    """400: a signature is missing or wrong."""
    return MatrixError(400, "M_INVALID_SIGNATURE", text)
