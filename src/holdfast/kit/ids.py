"""Identifiers and secrets, made from randomness that is passed in."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from typing import Protocol

SECRET_BYTES = 32
DEVICE_ID_LETTERS = 10
CODE_DIGITS = 6
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Randomness(Protocol):
    """Where unguessable bytes come from."""

    def bytes(self, count: int) -> bytes:
        """`count` bytes nobody can predict."""
        ...


class SystemRandomness:
    """The operating system's generator."""

    def bytes(self, count: int) -> bytes:
        """`count` bytes from the operating system."""
        return secrets.token_bytes(count)


def secret(random: Randomness, prefix: str = "") -> str:
    """A new secret of 256 bits in URL-safe characters.

    `prefix` tells people (and secret scanners) what kind of secret they look at.
    """
    return prefix + urlsafe_b64encode(random.bytes(SECRET_BYTES)).rstrip(b"=").decode()


def digest(value: str) -> bytes:
    """The SHA-256 digest under which a secret of 256 bits is stored.

    A fast digest is enough because such secrets cannot be guessed; account passwords can be,
    and go through `kit.hasher` instead.
    """
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def device_id(random: Randomness) -> str:
    """A new device ID: ten capital letters, easy to read out to somebody."""
    return bytes(_ALPHABET[b % 26] for b in random.bytes(DEVICE_ID_LETTERS)).decode()


def code(random: Randomness) -> str:
    """Six digits that somebody can type; worth something only with few tries."""
    return f"{int.from_bytes(random.bytes(8), 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def short_id(random: Randomness) -> str:
    """A new identifier of 128 bits for things that are named but not secret."""
    return urlsafe_b64encode(random.bytes(16)).rstrip(b"=").decode()
