"""Keeping a request's body until it is proven, unreadable for whoever reads the database.

The body may hold a new account password. It is encrypted under a key made from the session id,
which only the client has: the server stores that id's digest.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Each key seals one body, which is never replaced: a fixed nonce is used once per key.
_NONCE = bytes(12)


def seal(session: str, body: bytes) -> bytes:
    """Encrypt `body` for the holder of `session`."""
    return AESGCM(_key(session)).encrypt(_NONCE, body, None)


def unseal(session: str, sealed: bytes) -> bytes | None:
    """The body, or None when it was damaged."""
    try:
        return AESGCM(_key(session)).decrypt(_NONCE, sealed, None)
    except InvalidTag:
        return None


def _key(session: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"holdfast uia body").derive(session.encode())
