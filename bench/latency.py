"""How fast the server answers others while people sign in.

    scripts/bench --latency

Eight clients sign in over and over with Argon2id at its default cost, which keeps every core busy;
meanwhile one asks for `/versions`, fifty times a second.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from bench.scenarios import login, register
from bench.servers import DEFAULT_HASHING, holdfast

SECONDS = 10.0
SIGNING_IN = 8
PAUSE = 0.02


async def _keep_signing_in(http: httpx.AsyncClient, user_id: str, until: float) -> int:
    done = 0
    while time.monotonic() < until:
        await login(http, user_id)
        done += 1
    return done


async def _ask(http: httpx.AsyncClient, until: float) -> list[float]:
    waits = []
    while time.monotonic() < until:
        began = time.monotonic()
        (await http.get("/_matrix/client/versions")).raise_for_status()
        waits.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(PAUSE)
    return waits


async def _measure(url: str) -> tuple[int, list[float]]:
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        user_id = (await register(http))["user_id"]
        until = time.monotonic() + SECONDS
        clients = [_keep_signing_in(http, user_id, until) for _ in range(SIGNING_IN)]
        signed_in, waits = await asyncio.gather(asyncio.gather(*clients), _ask(http, until))
        return sum(signed_in), waits


def main() -> None:
    """Print what was measured."""
    with (
        tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder,
        holdfast(Path(folder), DEFAULT_HASHING) as server,
    ):
        sign_ins, waits = asyncio.run(_measure(server.url))
    cuts = statistics.quantiles(waits, n=100)
    print(f"{sign_ins / SECONDS:.0f} sign-ins a second; meanwhile /versions took")
    print(f"{statistics.median(waits):.1f} ms (median), {cuts[98]:.1f} ms (99th percentile)")
