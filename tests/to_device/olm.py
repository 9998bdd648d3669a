"""Olm between devices, by messages through the server."""

import base64
from typing import Any

import vodozemac

from tests.device_keys.devices import Device, claim, unpadded
from tests.to_device.mailing import send

ALGORITHM = "m.olm.v1.curve25519-aes-sha2"


async def begin_session(sender: Device, to: Device) -> vodozemac.Session:
    """An Olm session with a device, begun with a key that is claimed."""
    ((_name, key),) = (await claim(sender.person, to)).items()
    one_time_key = vodozemac.Curve25519PublicKey.from_base64(key["key"])
    return sender.account.create_outbound_session(to.account.curve25519_key, one_time_key)


async def send_encrypted(
    sender: Device, to: Device, session: vodozemac.Session, text: bytes
) -> None:
    """Send a message in an Olm session, as clients send room keys."""
    kind, ciphertext = session.encrypt(text).to_parts()
    body = unpadded(ciphertext)
    content = {
        "algorithm": ALGORITHM,
        "sender_key": sender.account.curve25519_key.to_base64(),
        "ciphertext": {to.account.curve25519_key.to_base64(): {"type": kind, "body": body}},
    }
    messages = {to.user_id: {to.device_id: content}}
    await send(sender.person, messages, kind="m.room.encrypted", transaction=body[-40:])


def received(account: vodozemac.Account, event: dict[str, Any]) -> tuple[str, Any]:
    """The sender's Curve25519 key and the message for this account."""
    content = event["content"]
    sent = content["ciphertext"][account.curve25519_key.to_base64()]
    raw = base64.b64decode(sent["body"] + "=" * (-len(sent["body"]) % 4))
    return content["sender_key"], vodozemac.AnyOlmMessage.from_parts(sent["type"], raw)


def answered(account: vodozemac.Account, event: dict[str, Any]) -> tuple[vodozemac.Session, bytes]:
    """The other end of an Olm session, and what its first message says."""
    sender_key, message = received(account, event)
    first = message.to_pre_key()
    assert first is not None
    identity = vodozemac.Curve25519PublicKey.from_base64(sender_key)
    return account.create_inbound_session(identity, first)
