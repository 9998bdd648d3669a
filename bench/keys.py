"""Encryption keys: publishing them, looking them up, claiming them.

Keys and signatures are real, made by `cryptography` while a scenario is prepared: they cost the
servers what they cost in life.
"""

import base64
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bench.scenarios import API, Scenario, headers, ok, register

ONE_TIME_KEYS = 50
USERS = 100
SIGNED = "signed_curve25519"


def _unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


class Device:
    """What a session publishes."""

    def __init__(self, session: dict[str, Any]) -> None:
        self.session = session
        self._key = Ed25519PrivateKey.generate()
        self._numbers = itertools.count()

    @property
    def _id(self) -> str:
        device_id: str = self.session["device_id"]
        return device_id

    def _signed(self, value: dict[str, Any]) -> dict[str, Any]:
        signature = _unpadded(self._key.sign(msgspec.json.encode(value, order="sorted")))
        return {
            **value,
            "signatures": {self.session["user_id"]: {f"ed25519:{self._id}": signature}},
        }

    def upload(self, one_time_keys: int) -> bytes:
        """The body of an upload: device keys and so many new one-time keys."""
        keys = {
            f"ed25519:{self._id}": _unpadded(self._key.public_key().public_bytes_raw()),
            f"curve25519:{self._id}": _curve25519(),
        }
        whole = {
            "user_id": self.session["user_id"],
            "device_id": self._id,
            "algorithms": ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
            "keys": keys,
        }
        one_time = {
            f"{SIGNED}:{next(self._numbers):05}": self._signed({"key": _curve25519()})
            for _ in range(one_time_keys)
        }
        return msgspec.json.encode({"device_keys": self._signed(whole), "one_time_keys": one_time})


def _curve25519() -> str:
    return _unpadded(X25519PrivateKey.generate().public_key().public_bytes_raw())


@dataclass
class Prepared:
    """Who asks, whom for, and what is to be sent."""

    session: dict[str, Any]
    devices: list[Device] = field(default_factory=list)
    uploads: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)


async def _post(http: httpx.AsyncClient, session: dict[str, Any], path: str, body: bytes) -> Any:
    sent = {**headers(session), "content-type": "application/json"}
    return ok(await http.post(f"{API}/keys/{path}", content=body, headers=sent))


def _uploads(count: int) -> Callable[[httpx.AsyncClient], Awaitable[Prepared]]:
    """So many sessions that have published nothing yet."""

    async def prepare(http: httpx.AsyncClient) -> Prepared:
        prepared = Prepared(await register(http))
        for _ in range(count):
            session = await register(http)
            prepared.uploads.append((session, Device(session).upload(ONE_TIME_KEYS)))
        return prepared

    return prepare


async def _upload(http: httpx.AsyncClient, prepared: Prepared) -> None:
    session, body = prepared.uploads.pop()
    await _post(http, session, "upload", body)


def _published(one_time_keys: int) -> Callable[[httpx.AsyncClient], Awaitable[Prepared]]:
    """Users with a device each, which has published so many one-time keys."""

    async def prepare(http: httpx.AsyncClient) -> Prepared:
        prepared = Prepared(await register(http))
        for _ in range(USERS):
            device = Device(await register(http))
            await _post(http, device.session, "upload", device.upload(one_time_keys))
            prepared.devices.append(device)
        return prepared

    return prepare


async def _query(http: httpx.AsyncClient, prepared: Prepared) -> None:
    asked: dict[str, list[str]] = {each.session["user_id"]: [] for each in prepared.devices}
    body = msgspec.json.encode({"device_keys": asked})
    found = await _post(http, prepared.session, "query", body)
    if len(found["device_keys"]) != USERS:
        raise RuntimeError("keys/query has left somebody out")


async def _claim(http: httpx.AsyncClient, prepared: Prepared) -> None:
    wanted = {
        each.session["user_id"]: {each.session["device_id"]: SIGNED} for each in prepared.devices
    }
    body = msgspec.json.encode({"one_time_keys": wanted})
    found = await _post(http, prepared.session, "claim", body)
    if len(found["one_time_keys"]) != USERS:
        raise RuntimeError("keys/claim has left somebody out")


UPLOADS, QUERIES, CLAIMS = 100, 400, 50
KEYS = (
    Scenario("keys/upload, 50 one-time keys", UPLOADS, _uploads(UPLOADS), _upload),
    Scenario("keys/query, 100 users", QUERIES, _published(0), _query),
    Scenario("keys/claim, 100 devices", CLAIMS, _published(CLAIMS), _claim),
)
