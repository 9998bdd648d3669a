"""The server's signature under its events (Appendices, "Signing JSON")."""

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_ID = "ed25519:1"


class Signer:
    """Signs in the name of one server, with a key that is derived from the server's own.

    Derived, so that it needs no file of its own and every worker has the same one.
    """

    def __init__(self, server_name: str, server_key: bytes) -> None:
        self.server_name = server_name
        seed = HKDF(SHA256(), 32, salt=None, info=b"holdfast event signatures").derive(server_key)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def signatures(self, message: bytes) -> dict[str, dict[str, str]]:
        """The `signatures` of an object whose canonical JSON is `message`."""
        return {self.server_name: {KEY_ID: unpadded(self._key.sign(message))}}

    @property
    def public_key(self) -> str:
        """The key that verifies them, in unpadded Base64."""
        return unpadded(self._key.public_key().public_bytes_raw())


def unpadded(data: bytes) -> str:
    """Unpadded Base64 (Appendices, "Unpadded Base64")."""
    return b64encode(data).decode().rstrip("=")
