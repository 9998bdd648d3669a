"""The custody report at 10,000, 100,000 and 1,000,000 messages: it must not grow with them.

    scripts/bench --custody                     on SQLite
    scripts/bench --custody --database URL      on an empty PostgreSQL database

One user in 200 rooms, 5,000 Megolm sessions, of which the key backup has all but a few, and of 200
of them a key that opens only later messages. Rooms, backup and keys come over HTTP; a million
messages would take an hour that way, so they are written into the database, and counted by the
server's own recount. The figures are milliseconds of `GET custody`.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from bench.key_backup import ALGORITHM
from bench.rooms import create
from bench.scenarios import API, headers, ok, register
from bench.servers import CHEAP_HASHING, holdfast
from holdfast.kit.db import Database, Tx, open_database
from holdfast.rooms.recount import recount

CUSTODY = "/_matrix/client/unstable/dev.holdfast/custody"
ROOMS = 200
SESSIONS_EACH = 25
SIZES = (10_000, 100_000, 1_000_000)
WITHOUT_KEY = 20  # every twentieth session has none
LATER_KEY = 30  # every thirtieth key opens only later messages
TIMES = 15
ROWS_AT_ONCE = 10_000


def main(folder: Path, database: str | None) -> None:
    """Fill a server step by step, and print how long the report takes."""
    settings = {**CHEAP_HASHING, **({"HOLDFAST_DATABASE": database} if database else {})}
    with ExitStack() as stack:
        server = stack.enter_context(holdfast(folder / "holdfast", settings))
        url = database or f"sqlite:///{folder / 'holdfast' / 'holdfast.db'}"
        filled = open_database(url)
        stack.callback(filled.close_now)
        asyncio.run(_measure(server.url, filled))


async def _measure(url: str, database: Database) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=120) as http:
        alice = await register(http)
        room_ids = [await create(http, alice) for _ in range(ROOMS)]
        await _back_up(http, alice, room_ids)
        before = 0
        for size in SIZES:
            _fill(database, alice, room_ids, before, size)
            before = size
            found = [await _milliseconds(http, alice, size) for _ in range(TIMES)]
            first, median = found[0], statistics.median(found[1:])
            print(f"{size:>9} messages: first {first:7.1f} ms, then {median:7.1f} ms", flush=True)


def _session_id(room: int, session: int) -> str:
    return f"session{room:03d}{session:03d}".ljust(43, "x")


async def _back_up(http: httpx.AsyncClient, alice: dict[str, Any], room_ids: list[str]) -> None:
    body = {"algorithm": ALGORITHM, "auth_data": {"public_key": "k" * 43, "signatures": {}}}
    ok(await http.post(f"{API}/room_keys/version", json=body, headers=headers(alice)))
    for room, room_id in enumerate(room_ids):
        sessions = {
            _session_id(room, number): {
                "first_message_index": int(number % LATER_KEY == 1),
                "forwarded_count": 0,
                "is_verified": True,
                "session_data": {"ciphertext": "c" * 330, "ephemeral": "e", "mac": "m"},
            }
            for number in range(SESSIONS_EACH)
            if number % WITHOUT_KEY
        }
        url = f"{API}/room_keys/keys/{room_id}?version=1"
        ok(await http.put(url, json={"sessions": sessions}, headers=headers(alice)))


def _fill(
    database: Database, alice: dict[str, Any], room_ids: list[str], before: int, size: int
) -> None:
    """Write the messages that are still missing to come to `size`, and count the rooms anew."""
    newest = database.run_now(lambda tx: tx.value("SELECT max(position) FROM events"))
    rows: list[dict[str, Any]] = []
    for row in _messages(alice, room_ids, before, size, int(newest)):
        rows.append(row)
        if len(rows) == ROWS_AT_ONCE:
            _write(database, rows)
            rows = []
    _write(database, rows)
    for room_id in room_ids:
        _count(database, room_id)


def _messages(
    alice: dict[str, Any], room_ids: list[str], before: int, size: int, newest: int
) -> Iterator[dict[str, Any]]:
    for number in range(before, size):
        room, turn = number % ROOMS, number // ROOMS
        yield {
            "position": newest + 1 + number - before,
            "event_id": f"$bench{number}",
            "room_id": room_ids[room],
            "session_id": _session_id(room, turn % SESSIONS_EACH),
            "message_index": turn // SESSIONS_EACH,
            "sender": alice["user_id"],
            "device_id": alice["device_id"],
            "ts": 1_700_000_000_000 + number,
        }


def _write(database: Database, rows: list[dict[str, Any]]) -> None:
    event = ("position", "event_id", "room_id", "sender", "device_id", "ts")
    header = ("position", "room_id", "session_id", "message_index", "sender", "device_id")

    def insert(tx: Tx) -> None:
        tx.many(
            "INSERT INTO events (position, event_id, room_id, type, sender, device_id,"
            " origin_server_ts, content, federation) VALUES (:position, :event_id, :room_id,"
            " 'm.room.encrypted', :sender, :device_id, :ts, '{}', '{}')",
            [{name: row[name] for name in event} for row in rows],
        )
        tx.many(
            "INSERT INTO encrypted_events"
            " (position, room_id, session_id, message_index, sender, device_id)"
            " VALUES (:position, :room_id, :session_id, :message_index, :sender, :device_id)",
            [{name: row[name] for name in header} for row in rows],
        )

    if rows:
        database.run_now(insert)


def _count(database: Database, room_id: str) -> None:
    database.run_now(lambda tx: recount(tx, room_id))


async def _milliseconds(http: httpx.AsyncClient, alice: dict[str, Any], size: int) -> float:
    started = time.perf_counter()
    told = ok(await http.get(CUSTODY, headers=headers(alice)))
    taken = (time.perf_counter() - started) * 1000
    if told["coverage"]["events"] != size:
        raise RuntimeError(f"the report counts {told['coverage']['events']} messages, not {size}")
    return taken
