"""Messages between devices: to one device, and to a hundred with a message for each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from bench.scenarios import API, Scenario, headers, login, ok, register

CIPHERTEXT = "x" * 1200  # about what an encrypted room key comes to
_numbers = count()


@dataclass
class Prepared:
    """Who sends, and what."""

    sender: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)


def _to_devices(devices: int) -> Callable[[httpx.AsyncClient], Awaitable[Prepared]]:
    async def prepare(http: httpx.AsyncClient) -> Prepared:
        sender, receiver = await register(http), await register(http)
        sessions = [receiver]
        while len(sessions) < devices:
            sessions.append(await login(http, receiver["user_id"]))
        content = {
            "algorithm": "m.olm.v1.curve25519-aes-sha2",
            "sender_key": "k" * 43,
            "ciphertext": {"k" * 43: {"type": 0, "body": CIPHERTEXT}},
        }
        by_device = {session["device_id"]: content for session in sessions}
        return Prepared(sender, {"messages": {receiver["user_id"]: by_device}})

    return prepare


async def _send(http: httpx.AsyncClient, prepared: Prepared) -> None:
    url = f"{API}/sendToDevice/m.room.encrypted/bench{next(_numbers)}"
    ok(await http.put(url, json=prepared.body, headers=headers(prepared.sender)))


SCENARIOS = (
    Scenario("to-device, 1 device", 1000, _to_devices(1), _send),
    Scenario("to-device, 100 devices", 200, _to_devices(100), _send),
)
