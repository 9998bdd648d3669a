"""Files of room keys, written and read by a second implementation of the format.

Client-Server API, "Key export format": AES-256-CTR and HMAC-SHA-256, both keys out of PBKDF2.
"""

import json
import os
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

FIRST = "-----BEGIN MEGOLM SESSION DATA-----"
LAST = "-----END MEGOLM SESSION DATA-----"
PASSPHRASE = "grüne Wiese 🐌 at noon"
ROUNDS = 10_000


def _keys(passphrase: str, salt: bytes, rounds: int) -> tuple[bytes, bytes]:
    both = PBKDF2HMAC(SHA512(), 64, salt, rounds).derive(passphrase.encode())
    return both[:32], both[32:]


def _ctr(key: bytes, iv: bytes, data: bytes) -> bytes:
    worker = Cipher(AES(key), CTR(iv)).encryptor()
    return worker.update(data) + worker.finalize()


def sealed(keys: list[dict[str, Any]], passphrase: str = PASSPHRASE, rounds: int = ROUNDS) -> str:
    """The text of a file with these keys."""
    salt, iv = os.urandom(16), os.urandom(8) + bytes(8)
    aes, mac = _keys(passphrase, salt, rounds)
    body = b"\x01" + salt + iv + rounds.to_bytes(4) + _ctr(aes, iv, json.dumps(keys).encode())
    signer = HMAC(mac, SHA256())
    signer.update(body)
    return f"{FIRST}\n{b64encode(body + signer.finalize()).decode()}\n{LAST}\n"


def opened(text: str, passphrase: str = PASSPHRASE) -> tuple[list[dict[str, Any]], int]:
    """The keys in a file, and how many rounds its passphrase went through."""
    body = b64decode(text.partition(FIRST)[2].partition(LAST)[0])
    rounds = int.from_bytes(body[33:37])
    aes, mac = _keys(passphrase, body[1:17], rounds)
    signer = HMAC(mac, SHA256())
    signer.update(body[:-32])
    signer.verify(body[-32:])
    return json.loads(_ctr(aes, body[17:33], body[37:-32])), rounds


def stored(file: Path, keys: list[dict[str, Any]]) -> Path:
    """A file with these keys."""
    file.write_text(sealed(keys))
    return file
