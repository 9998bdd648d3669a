"""Mails carry reset links, so at rest they are encrypted under a key kept outside the database."""

import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfast.kit.ids import Randomness

KEY_FILE = "secret.key"
KEY_BYTES = 32
NONCE_BYTES = 12
_VERSION = b"\x01"


class BadKeyFile(Exception):
    """The server's key file cannot be used. The text is for the operator."""


class Unreadable(Exception):
    """A sealed text was not sealed under this key, or not for this name, or was changed."""


class Seal:
    """Encrypts and decrypts with AES-256-GCM, under a key derived for one purpose."""

    def __init__(self, key: bytes, purpose: bytes, random: Randomness) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"holdfast " + purpose).derive(key)
        self._cipher = AESGCM(derived)
        self._random = random

    def close(self, name: str, plain: bytes) -> bytes:
        """Encrypt `plain` so that it can only be opened again under the same `name`."""
        nonce = self._random.bytes(NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        """Decrypt what `close` made.

        Raises:
            Unreadable: the key, the name or the bytes are not the ones it was made with.
        """
        start = len(_VERSION) + NONCE_BYTES
        if not sealed.startswith(_VERSION) or len(sealed) < start:
            raise Unreadable("not a sealed text")
        nonce = sealed[len(_VERSION) : start]
        try:
            return self._cipher.decrypt(nonce, sealed[start:], name.encode())
        except InvalidTag:
            raise Unreadable("sealed under another key") from None


def server_key(data_dir: Path, random: Randomness) -> bytes:
    """The server's own key of 32 random bytes, made at the first start.

    It lies in `secret.key` in the data directory, readable by its owner alone. Several processes
    that start at once end up with the same one.

    Raises:
        BadKeyFile: the file is there but is not such a key, or cannot be read or made.
    """
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _create(path, random.bytes(KEY_BYTES))
        key = path.read_bytes()
        shared = path.stat().st_mode & 0o077
    except OSError as error:
        raise BadKeyFile(f"{path}: {error.strerror or error}") from error
    if len(key) != KEY_BYTES:
        raise BadKeyFile(f"{path} is damaged: expected {KEY_BYTES} bytes, found {len(key)}")
    if shared:
        raise BadKeyFile(f"{path} can be read by others on this machine; run: chmod 600 {path}")
    return key


def _create(path: Path, key: bytes) -> None:
    """Put `key` at `path` whole or not at all; a file that is there already stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            return
        _sync_directory(path.parent)
    finally:
        Path(made).unlink()


def _sync_directory(path: Path) -> None:
    """Make the directory's new entry survive a power cut."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
