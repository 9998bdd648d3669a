"""How long an event takes from being sent to the long polls that wait for it.

    scripts/bench --delivery                    one receiver, and five hundred
    scripts/bench --delivery --synapse PYTHON   next to Synapse
    scripts/bench --delivery --url URL          of a server that runs already

The time from the moment the sender's request begins until the receiver has the answer of a waiting
`/sync` with the event in it.
"""

import asyncio
import statistics
import time
from typing import Any

import httpx

from bench.rooms import create, join, send
from bench.scenarios import API, headers, ok, register
from bench.servers import Running

TIMES = 200
CROWD = 500
CROWD_TIMES = 5
SETTLE_SECONDS = 0.1
CROWD_SETTLE_SECONDS = 3


async def _receive(
    http: httpx.AsyncClient, session: dict[str, Any], room_id: str, since: str
) -> tuple[float, str]:
    """When the event arrived, and where to go on."""
    while True:
        params = {"since": since, "timeout": "30000"}
        body = ok(await http.get(f"{API}/sync", params=params, headers=headers(session)))
        arrived, since = time.monotonic(), str(body["next_batch"])
        if room_id in body.get("rooms", {}).get("join", {}):
            return arrived, since


async def _up_to_date(http: httpx.AsyncClient, session: dict[str, Any]) -> str:
    """The position of a client that has nothing left to hear."""
    since = str(ok(await http.get(f"{API}/sync", headers=headers(session)))["next_batch"])
    while True:
        params = {"since": since, "timeout": "0"}
        body = ok(await http.get(f"{API}/sync", params=params, headers=headers(session)))
        newest = str(body["next_batch"])
        if newest == since:
            return since
        since = newest


async def _measure(url: str, receivers: int, times: int, settle: float) -> list[float]:
    """Milliseconds from sending an event until the last receiver has it, `times` times."""
    limits = httpx.Limits(max_connections=receivers + 8, max_keepalive_connections=receivers + 8)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as http:
        owner = await register(http)
        room_id = await create(http, owner)
        sessions = [await register(http) for _ in range(receivers)]
        for session in sessions:
            await join(http, owner, room_id, session)
        where = [await _up_to_date(http, session) for session in sessions]
        waits = []
        for _ in range(times):
            tasks = [
                asyncio.create_task(_receive(http, session, room_id, since))
                for session, since in zip(sessions, where, strict=True)
            ]
            await asyncio.sleep(settle)  # by now they sleep
            began = time.monotonic()
            await send(http, owner, room_id)
            arrived = await asyncio.gather(*tasks)
            waits.append((max(at for at, _ in arrived) - began) * 1000)
            where = [since for _, since in arrived]
        return waits


def report(server: Running) -> None:
    """Print what was measured."""
    waits = asyncio.run(_measure(server.url, 1, TIMES, SETTLE_SECONDS))
    cuts = statistics.quantiles(waits, n=20)
    print(f"{server.name}: to one long poll {statistics.median(waits):.1f} ms (median),", end=" ")
    print(f"{cuts[18]:.1f} ms (95th percentile), {TIMES} events", flush=True)
    waits = asyncio.run(_measure(server.url, CROWD, CROWD_TIMES, CROWD_SETTLE_SECONDS))
    print(f"{server.name}: to the last of {CROWD} long polls {statistics.median(waits):.0f} ms")
