"""Canonical JSON and its signatures (Appendices, "Canonical JSON" and "Signing JSON")."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from vodozemac import Ed25519PublicKey, Ed25519Signature, KeyException, SignatureException

from holdfast.kit.errors import BadJson

LARGEST = (1 << 53) - 1
DEEPEST = 100  # far below what Python itself can go down to, wherever it is called
KEY_BYTES = 32
KEY_LETTERS = 43  # without the padding
SIGNATURE_BYTES = 64
KEYS_AT_HAND = 256
_NOT_SIGNED = ("signatures", "unsigned")


def canonical(value: Any, what: str = "A signed object") -> bytes:
    """`value` as the one text that everybody signs: sorted keys, no spaces, no floats.

    `what` it is, is said in the errors.

    Raises:
        BadJson: it holds a number that canonical JSON has no form for, or is nested too deeply.
    """
    _check(value, DEEPEST, what)
    return msgspec.json.encode(value, order="sorted")


def _check(value: Any, levels: int, what: str) -> None:
    if isinstance(value, dict | list):
        if levels == 0:
            raise BadJson(f"{what} is nested too deeply.")
        for each in value.values() if isinstance(value, dict) else value:
            _check(each, levels - 1, what)
    elif isinstance(value, float):
        raise BadJson(f"{what} holds whole numbers only.")
    elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
        raise BadJson(f"{what} holds no number larger than 2^53 - 1.")


def is_key(text: str) -> bool:
    """Whether `text` is an Ed25519 or Curve25519 public key in unpadded Base64."""
    return len(text) == KEY_LETTERS and len(_bytes(text)) == KEY_BYTES


def signed_part(signed: Mapping[str, Any]) -> bytes:
    """The bytes that a signature of the object `signed` covers.

    Raises:
        BadJson: it holds a number that canonical JSON has no form for.
    """
    return canonical({key: value for key, value in signed.items() if key not in _NOT_SIGNED})


def signature_of(signed: Mapping[str, Any], user_id: str, key_id: str) -> str | None:
    """The signature that `signed` carries of a user's key, such as `ed25519:DEVICE`."""
    signatures = signed.get("signatures")
    own = signatures.get(user_id) if isinstance(signatures, dict) else None
    found = own.get(key_id) if isinstance(own, dict) else None
    return found if isinstance(found, str) else None


def is_valid(message: bytes, signature: str | None, public_key: str) -> bool:
    """Whether `signature` is that of `public_key` (both unpadded Base64) under `message`.

    Checked by the library that most clients check with, so that we accept what they accept.
    """
    key = _loaded(public_key)
    if signature is None or len(_bytes(signature)) != SIGNATURE_BYTES or key is None:
        return False
    try:
        key.verify_signature(message, Ed25519Signature.from_base64(signature))
    except SignatureException:
        return False
    return True


@lru_cache(KEYS_AT_HAND)
def _loaded(public_key: str) -> Ed25519PublicKey | None:
    """A public key ready for use: one key signs all that a device uploads at once."""
    try:
        return Ed25519PublicKey.from_base64(public_key) if is_key(public_key) else None
    except KeyException:  # 32 bytes that are no point of the curve
        return None


def _bytes(text: str) -> bytes:
    """What unpadded Base64 stands for; nothing where it is none."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
