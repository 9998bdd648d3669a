"""Devices and identities with real keys: Olm accounts, and Ed25519 for cross-signing."""

import base64
from typing import Any

import vodozemac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.kit.signed_json import signed_part
from tests.world import Answer, Person

SIGNED = "signed_curve25519"


def unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


class Device:
    """A session's Olm account, and what it uploads."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.account = vodozemac.Account()

    @property
    def user_id(self) -> str:
        return self.person.user_id

    @property
    def device_id(self) -> str:
        return self.person.device_id

    @property
    def key_id(self) -> str:
        return f"ed25519:{self.device_id}"

    def signed(self, value: dict[str, Any]) -> dict[str, Any]:
        """`value` with this device's signature besides those it has."""
        signature = self.account.sign(signed_part(value)).to_base64()
        signatures = value.get("signatures", {})
        own = {**signatures.get(self.user_id, {}), self.key_id: signature}
        return {**value, "signatures": {**signatures, self.user_id: own}}

    def device_keys(self, **more: Any) -> dict[str, Any]:
        return self.signed(
            {
                "user_id": self.user_id,
                "device_id": self.device_id,
                "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
                "keys": {
                    f"curve25519:{self.device_id}": self.account.curve25519_key.to_base64(),
                    self.key_id: self.account.ed25519_key.to_base64(),
                },
                **more,
            }
        )

    def one_time_keys(self, count: int) -> dict[str, Any]:
        """New one-time keys, in the order in which they were made."""
        made: dict[str, Any] = {}
        while len(made) < count:  # the account makes 50 at once at most
            self.account.generate_one_time_keys(min(50, count - len(made)))
            fresh = self.account.one_time_keys
            for key_id in sorted(fresh, key=lambda each: base64.b64decode(each + "=")):
                key = {"key": fresh[key_id].to_base64()}
                made[f"{SIGNED}:{key_id}"] = self.signed(key)
            self.account.mark_keys_as_published()
        return made

    def fallback_keys(self) -> dict[str, Any]:
        """A new fallback key."""
        account: Any = self.account  # vodozemac's types leave fallback keys out
        account.generate_fallback_key()
        ((key_id, key),) = account.fallback_key.items()
        self.account.mark_keys_as_published()
        return {f"{SIGNED}:{key_id}": self.signed({"key": key.to_base64(), "fallback": True})}

    async def upload(self, **body: Any) -> Answer:
        return await self.person.post("keys/upload", body)

    async def publish(self, one_time_keys: int = 0, *, fallback: bool = False) -> dict[str, Any]:
        """Upload everything; return the one-time keys by name."""
        keys = self.one_time_keys(one_time_keys)
        answer = await self.upload(
            device_keys=self.device_keys(),
            one_time_keys=keys,
            fallback_keys=self.fallback_keys() if fallback else {},
        )
        assert answer.status_code == 200, answer.text
        return keys


class Identity:
    """A user's cross-signing keys."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        self.master = Ed25519PrivateKey.generate()
        self.self_signing = Ed25519PrivateKey.generate()
        self.user_signing = Ed25519PrivateKey.generate()

    def sign(self, value: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
        """`value` with a signature of one of the keys besides those it has."""
        signatures = value.get("signatures", {})
        own = {**signatures.get(self.user_id, {}), key_id(key): signature(value, key)}
        return {**value, "signatures": {**signatures, self.user_id: own}}

    def key(self, usage: str, key: Ed25519PrivateKey) -> dict[str, Any]:
        """A public key as it is uploaded, not signed yet."""
        return {"user_id": self.user_id, "usage": [usage], "keys": {key_id(key): public(key)}}

    @property
    def master_key(self) -> dict[str, Any]:
        return self.key("master", self.master)

    @property
    def self_signing_key(self) -> dict[str, Any]:
        return self.sign(self.key("self_signing", self.self_signing), self.master)

    @property
    def user_signing_key(self) -> dict[str, Any]:
        return self.sign(self.key("user_signing", self.user_signing), self.master)

    def all_keys(self) -> dict[str, Any]:
        return {
            "master_key": self.master_key,
            "self_signing_key": self.self_signing_key,
            "user_signing_key": self.user_signing_key,
        }

    async def publish(self, person: Person) -> None:
        answer = await person.post("keys/device_signing/upload", self.all_keys())
        assert answer.status_code == 200, answer.text


def public(key: Ed25519PrivateKey) -> str:
    return unpadded(key.public_key().public_bytes_raw())


def key_id(key: Ed25519PrivateKey) -> str:
    return f"ed25519:{public(key)}"


def signature(value: dict[str, Any], key: Ed25519PrivateKey) -> str:
    return unpadded(key.sign(signed_part(value)))


async def query(person: Person, *user_ids: str) -> dict[str, Any]:
    """What `keys/query` tells of users."""
    answer = await person.post("keys/query", {"device_keys": {each: [] for each in user_ids}})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["failures"] == {}
    return body


async def claim(person: Person, device: Device, algorithm: str = SIGNED) -> dict[str, Any]:
    """A key of a device, by its name; nothing where there is none left."""
    wanted = {device.user_id: {device.device_id: algorithm}}
    answer = await person.post("keys/claim", {"one_time_keys": wanted})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["failures"] == {}
    found: dict[str, Any] = body["one_time_keys"].get(device.user_id, {}).get(device.device_id, {})
    return found
