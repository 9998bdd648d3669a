"""Rooms: making one, sending to it, reading its history, and the first sync of a new session."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import httpx

from bench.scenarios import API, Scenario, headers, login, ok, register

ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}
CONTENT = {
    "algorithm": "m.megolm.v1.aes-sha2",
    "ciphertext": "AwgAEpAB" + "x" * 400,
    "device_id": "BENCH",
    "sender_key": "k" * 43,
    "session_id": "s" * 43,
}
HISTORY = 10_000
PAGE = 100
ROOMS = 50
EVENTS_EACH = 20
_numbers = count()


async def create(http: httpx.AsyncClient, owner: dict[str, Any]) -> str:
    """An encrypted room."""
    body = {"preset": "private_chat", "initial_state": [ENCRYPTION]}
    made = ok(await http.post(f"{API}/createRoom", json=body, headers=headers(owner)))
    room_id: str = made["room_id"]
    return room_id


async def join(
    http: httpx.AsyncClient, owner: dict[str, Any], room_id: str, member: dict[str, Any]
) -> None:
    """Invite somebody, who joins."""
    body = {"user_id": member["user_id"]}
    url = f"{API}/rooms/{room_id}"
    ok(await http.post(f"{url}/invite", json=body, headers=headers(owner)))
    ok(await http.post(f"{url}/join", json={}, headers=headers(member)))


async def send(http: httpx.AsyncClient, sender: dict[str, Any], room_id: str) -> None:
    """An encrypted event."""
    url = f"{API}/rooms/{room_id}/send/m.room.encrypted/bench{next(_numbers)}"
    ok(await http.put(url, json=CONTENT, headers=headers(sender)))


async def _create(http: httpx.AsyncClient, owner: dict[str, Any]) -> None:
    await create(http, owner)


def _in_room(members: int) -> Callable[[httpx.AsyncClient], Awaitable[Any]]:
    """An encrypted room with so many members; the first of them sends."""

    async def prepare(http: httpx.AsyncClient) -> tuple[dict[str, Any], str]:
        owner = await register(http)
        room_id = await create(http, owner)
        for _ in range(members - 1):
            await join(http, owner, room_id, await register(http))
        return owner, room_id

    return prepare


async def _send(http: httpx.AsyncClient, prepared: tuple[dict[str, Any], str]) -> None:
    await send(http, *prepared)


async def _with_history(http: httpx.AsyncClient) -> tuple[dict[str, Any], str]:
    """A room of ten thousand events, and the token of a place in the middle of them."""
    owner, room_id = await _in_room(2)(http)
    for _ in range(HISTORY):
        await send(http, owner, room_id)
    return owner, room_id


async def _page(http: httpx.AsyncClient, prepared: tuple[dict[str, Any], str]) -> None:
    owner, room_id = prepared
    url = f"{API}/rooms/{room_id}/messages?dir=b&limit={PAGE}"
    if len(ok(await http.get(url, headers=headers(owner)))["chunk"]) != PAGE:
        raise RuntimeError("the page is not full")


async def _in_many_rooms(http: httpx.AsyncClient) -> dict[str, Any]:
    """A new session of somebody who is in fifty rooms with a friend."""
    owner, friend = await register(http), await register(http)
    for _ in range(ROOMS):
        room_id = await create(http, owner)
        await join(http, owner, room_id, friend)
        for _ in range(EVENTS_EACH):
            await send(http, friend, room_id)
    return await login(http, owner["user_id"])


async def _initial_sync(http: httpx.AsyncClient, session: dict[str, Any]) -> None:
    # A filter that changes each time: the other server would answer out of its memory otherwise.
    limit = 20 + next(_numbers) % 1000
    params = {"filter": f'{{"room":{{"timeline":{{"limit":20}},"state":{{"limit":{limit}}}}}}}'}
    answer = ok(await http.get(f"{API}/sync", params=params, headers=headers(session)))
    if len(answer["rooms"]["join"]) != ROOMS:
        raise RuntimeError("a room is missing")


SCENARIOS = (
    Scenario("create an encrypted room", 100, register, _create),
    Scenario("send an encrypted event, 2 members", 500, _in_room(2), _send),
    Scenario("send an encrypted event, 50 members", 200, _in_room(50), _send),
    Scenario("initial sync of 50 rooms", 10, _in_many_rooms, _initial_sync),
)
LONG = (Scenario("page of 100 of 10,000 events", 50, _with_history, _page),)
