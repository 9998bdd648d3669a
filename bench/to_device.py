"""Messages between devices: to one device, and to a hundred with a message for each."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any

import httpx

from bench.scenarios import API, Scenario, headers, login, ok, register

RECEIVERS = 4  # nobody reads: of one alone, the queues would be longer than they ever are
CIPHERTEXT = "x" * 1200  # about what an encrypted room key comes to
_numbers = count()


@dataclass
class Prepared:
    """Who sends, and what: to one receiver after the other."""

    sender: dict[str, Any]
    bodies: Iterator[dict[str, Any]]


def _to_devices(devices: int) -> Callable[[httpx.AsyncClient], Awaitable[Prepared]]:
    async def prepare(http: httpx.AsyncClient) -> Prepared:
        sender = await register(http)
        bodies = [await _body(http, devices) for _ in range(RECEIVERS)]
        return Prepared(sender, cycle(bodies))

    return prepare


async def _body(http: httpx.AsyncClient, devices: int) -> dict[str, Any]:
    """A message for each device of a new user."""
    sessions = [await register(http)]
    user_id = sessions[0]["user_id"]
    while len(sessions) < devices:
        sessions.append(await login(http, user_id))
    content = {
        "algorithm": "m.olm.v1.curve25519-aes-sha2",
        "sender_key": "k" * 43,
        "ciphertext": {"k" * 43: {"type": 0, "body": CIPHERTEXT}},
    }
    return {"messages": {user_id: {session["device_id"]: content for session in sessions}}}


async def _send(http: httpx.AsyncClient, prepared: Prepared) -> None:
    url = f"{API}/sendToDevice/m.room.encrypted/bench{next(_numbers)}"
    ok(await http.put(url, json=next(prepared.bodies), headers=headers(prepared.sender)))


TO_DEVICE = (
    Scenario("to-device, 1 device", 1000, _to_devices(1), _send),
    Scenario("to-device, 100 devices", 200, _to_devices(100), _send),
)
