"""Measure Holdfast, and another homeserver in the same run, taking turns.

    scripts/bench                               Holdfast alone
    scripts/bench --synapse PYTHON              next to Synapse, installed where PYTHON is
    scripts/bench --url URL                     a server that runs already, on this machine or not
    scripts/bench --latency                     how long others wait while people sign in
    scripts/bench --delivery                    how long an event takes to those who wait for it
    scripts/bench --custody                     the custody report, with more and more messages

A figure is CPU time of the server's process per operation: it moves least on a busy machine. Read
the ratio; absolute figures are of this machine and this hour.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx

from bench import custody, delivery, key_backup, keys, latency, rooms, scenarios, to_device
from bench.scenarios import Scenario
from bench.servers import Running, holdfast, synapse

SETTLE_SECONDS = 0.3
SCENARIOS = (
    *scenarios.SCENARIOS,
    *keys.SCENARIOS,
    *to_device.SCENARIOS,
    *key_backup.SCENARIOS,
    *rooms.SCENARIOS,
)
LONG = (*scenarios.LONG, *key_backup.LONG, *rooms.LONG)


async def measure(servers: list[Running], scenario: Scenario, rounds: int) -> dict[str, float]:
    """CPU milliseconds per operation, by server: the median of `rounds`, in turns."""
    found: dict[str, list[float]] = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            found[server.name].append(await _one_round(server, scenario))
    return {name: statistics.median(values) for name, values in found.items()}


async def _one_round(server: Running, scenario: Scenario) -> float:
    limits = httpx.Limits(max_connections=16, max_keepalive_connections=16)
    async with httpx.AsyncClient(base_url=server.url, timeout=120, limits=limits) as http:
        prepared = await scenario.prepare(http)
        await asyncio.sleep(SETTLE_SECONDS)
        before = server.seconds()
        await scenario.round(http, prepared)
        if server.pid is not None:
            await asyncio.sleep(SETTLE_SECONDS)  # what the server does after its answers counts
        return (server.seconds() - before) / scenario.times * 1000


def report(servers: list[Running]) -> list[str]:
    """How long the start took, and the memory at rest."""
    return [
        f"{each.name}: ready after {each.start_seconds:.1f} s, {each.memory_mib():.0f} MiB at rest"
        for each in servers
    ]


def main() -> None:
    """Run the scenarios and print a table, or JSON lines."""
    options = _options()
    if options.latency:
        latency.main()
        return
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder, ExitStack() as stack:
        if options.custody:
            custody.main(Path(folder), options.database)
            return
        servers = _started(Path(folder), stack, options)
        if options.delivery:
            for server in servers:
                delivery.report(server)
            return
        _compare(servers, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--synapse", type=Path, metavar="PYTHON", help="a Python with Synapse")
    parser.add_argument("--url", help="of a running server: milliseconds that pass, not of its CPU")
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", action="store_true", help="also the scenarios that take minutes")
    parser.add_argument("--json", action="store_true", help="a JSON object per scenario")
    parser.add_argument("--latency", action="store_true", help="measure waiting times instead")
    parser.add_argument("--delivery", action="store_true", help="measure long polls instead")
    parser.add_argument("--custody", action="store_true", help="measure the report instead")
    parser.add_argument("--database", metavar="URL", help="of an empty one, for --custody")
    return parser.parse_args()


def _started(folder: Path, stack: ExitStack, options: argparse.Namespace) -> list[Running]:
    """The servers to measure, the one that the others are compared with first."""
    if options.url:
        return [Running(options.url, options.url, None, 0.0)]
    servers = [stack.enter_context(holdfast(folder / "holdfast"))]
    if options.synapse:
        python = options.synapse.absolute()
        servers.append(stack.enter_context(synapse(folder / "synapse", python)))
    for line in report(servers):
        print(line)
    return servers


def _compare(servers: list[Running], options: argparse.Namespace) -> None:
    offered = SCENARIOS + (LONG if options.long else ())
    for scenario in [each for each in offered if options.only in each.name]:
        result = asyncio.run(measure(servers, scenario, options.rounds))
        print(
            json.dumps({"scenario": scenario.name, **result})
            if options.json
            else _line(scenario.name, result),
            flush=True,
        )


def _line(name: str, result: dict[str, float]) -> str:
    figures = "  ".join(f"{server} {value:8.2f} ms" for server, value in result.items())
    own = result.get("holdfast", 0.0)
    ratio = result.get("synapse", 0.0) / own if own else 0.0
    return f"{name:40} {figures}" + (f"  {ratio:6.1f} times less" if ratio else "")


if __name__ == "__main__":
    main()
