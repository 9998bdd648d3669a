"""Room keys as clients export and import them, with nobody having sent a message yet."""

from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from vodozemac import Account, GroupSession, InboundGroupSession

ROOMS = ("!history:hold.example", "!more:hold.example")


def room_keys(count: int) -> list[dict[str, Any]]:
    """`count` Megolm sessions, in the format of a key export."""
    sender = Account().curve25519_key.to_base64()
    raw = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signing = b64encode(raw).rstrip(b"=").decode()
    return [_exported(ROOMS[number % len(ROOMS)], sender, signing) for number in range(count)]


def _exported(room_id: str, sender: str, signing: str) -> dict[str, Any]:
    made = GroupSession()
    key = InboundGroupSession(made.session_key).export_at(0)
    assert key is not None
    return {
        "algorithm": "m.megolm.v1.aes-sha2",
        "room_id": room_id,
        "session_id": made.session_id,
        "session_key": key.to_base64(),
        "sender_key": sender,
        "sender_claimed_keys": {"ed25519": signing},
        "forwarding_curve25519_key_chain": [],
    }
