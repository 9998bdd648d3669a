"""Scenarios of the key backup: storing keys in a small and a large one, and reading them all."""

import os
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from bench.scenarios import API, Scenario, headers, ok, register

ALGORITHM = "m.megolm_backup.v1.curve25519-aes-sha2"
BATCH = 200
ROOMS = 100
FILL_BATCH = 1000
SESSION_DATA_BYTES = 330
_sessions = count()


@dataclass
class Account:
    """Somebody with a key backup, and the requests that are ready to be sent to it."""

    session: dict[str, Any]
    batches: list[dict[str, Any]] = field(default_factory=list)


def _random(size: int) -> str:
    return b64encode(os.urandom(size)).rstrip(b"=").decode()


def keys(number: int) -> dict[str, Any]:
    """So many new keys, as large as real ones, spread over a hundred rooms."""
    rooms: dict[str, Any] = {}
    for _ in range(number):
        room = f"!room{next(_sessions) * 7919 % ROOMS}abcdefghijkl:bench.example"
        rooms.setdefault(room, {"sessions": {}})["sessions"][_random(32)] = {
            "first_message_index": 0,
            "forwarded_count": 0,
            "is_verified": True,
            "session_data": {
                "ciphertext": _random(SESSION_DATA_BYTES),
                "ephemeral": _random(32),
                "mac": _random(8),
            },
        }
    return {"rooms": rooms}


async def _put(http: httpx.AsyncClient, account: Account, body: dict[str, Any]) -> None:
    url = f"{API}/room_keys/keys?version=1"
    ok(await http.put(url, json=body, headers=headers(account.session)))


def _filled(stored: int, batches: int) -> Callable[[httpx.AsyncClient], Awaitable[Account]]:
    """An account whose backup holds so many keys, with batches of further ones at hand."""

    async def prepare(http: httpx.AsyncClient) -> Account:
        account = Account(await register(http))
        body = {"algorithm": ALGORITHM, "auth_data": {"public_key": _random(32), "signatures": {}}}
        made = await http.post(
            f"{API}/room_keys/version", json=body, headers=headers(account.session)
        )
        if ok(made)["version"] != "1":
            raise RuntimeError("a new account's first backup is version 1")
        for _ in range(stored // FILL_BATCH):
            await _put(http, account, keys(FILL_BATCH))
        account.batches = [keys(BATCH) for _ in range(batches)]
        return account

    return prepare


async def _put_batch(http: httpx.AsyncClient, account: Account) -> None:
    await _put(http, account, account.batches.pop())


async def _get_version(http: httpx.AsyncClient, account: Account) -> None:
    ok(await http.get(f"{API}/room_keys/version", headers=headers(account.session)))


async def _get_keys(http: httpx.AsyncClient, account: Account) -> None:
    url = f"{API}/room_keys/keys?version=1"
    answer = await http.get(url, headers=headers(account.session))
    if answer.status_code != 200 or len(answer.content) < SESSION_DATA_BYTES:
        raise RuntimeError(f"{url} answered {answer.status_code}")


SCENARIOS = (
    Scenario("key backup: PUT 200 keys, empty", 20, _filled(0, 20), _put_batch),
    Scenario("key backup: PUT 200 keys, 10,000 there", 20, _filled(10_000, 20), _put_batch),
    Scenario("key backup: GET version, 10,000 there", 500, _filled(10_000, 0), _get_version),
    Scenario("key backup: GET 10,000 keys", 10, _filled(10_000, 0), _get_keys),
)
LONG = (
    Scenario("key backup: PUT 200 keys, 100,000 there", 20, _filled(100_000, 20), _put_batch),
    Scenario("key backup: GET version, 100,000 there", 500, _filled(100_000, 0), _get_version),
    Scenario("key backup: GET 100,000 keys", 3, _filled(100_000, 0), _get_keys),
)
