"""Homeservers to measure: started fresh, on SQLite, rate limits off, hashing as cheap as it gets.

Passwords are hashed with the least work each server allows, because what is compared is everything
else: the cost of hashing is a setting, not a quality.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 60.0
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Running:
    """A server that answers at `url`, as one process; `pid` is None where that is not known."""

    name: str
    url: str
    pid: int | None
    start_seconds: float

    def seconds(self) -> float:
        """User and system time the process has used so far; without a process, of the clock."""
        if self.pid is None:
            return time.monotonic()
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def memory_mib(self) -> float:
        """The process's resident memory."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("a process has a resident size")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


CHEAP_HASHING = {"HOLDFAST_ARGON2_MEMORY_KIB": "8", "HOLDFAST_ARGON2_TIME_COST": "1"}
DEFAULT_HASHING: dict[str, str] = {}


@contextmanager
def holdfast(folder: Path, settings: dict[str, str] = CHEAP_HASHING) -> Iterator[Running]:
    """This project's server, with settings as environment variables."""
    port = _free_port()
    environ = {
        **os.environ,
        "HOLDFAST_RATE_LIMITS": "off",
        "HOLDFAST_REGISTRATION": "open",
        "HOLDFAST_LOG_LEVEL": "warning",
        **settings,
    }
    command = [sys.executable, "-m", "holdfast.cli", "serve", "--port", str(port)]
    command += ["--data-dir", str(folder), "--server-name", "bench.example"]
    with _started("holdfast", command, port, folder, environ) as running:
        yield running


def _generous() -> dict[str, Any]:
    """Settings by which Synapse limits nobody."""
    generous = {"per_second": 1e6, "burst_count": 1_000_000}
    return {
        "rc_registration": generous,
        "rc_message": generous,
        "rc_joins": {"local": generous, "remote": generous},
        "rc_joins_per_room": generous,
        "rc_invites": {"per_room": generous, "per_user": generous, "per_issuer": generous},
        "rc_room_creation": generous,
        "rc_login": {"address": generous, "account": generous, "failed_attempts": generous},
    }


@contextmanager
def synapse(folder: Path, python: Path) -> Iterator[Running]:
    """Synapse, from the environment that `python` belongs to."""
    port = _free_port()
    folder.mkdir(exist_ok=True)
    config = folder / "homeserver.yaml"
    settings = {
        "server_name": "bench.example",
        "listeners": [
            {
                "port": port,
                "type": "http",
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"]}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "trusted_key_servers": [],
        "report_stats": False,
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "bcrypt_rounds": 4,
        "registration_shared_secret": "bench",
        "macaroon_secret_key": "bench",
        "form_secret": "bench",
        **_generous(),
    }
    config.write_text(json.dumps(settings))  # JSON is YAML
    subprocess.run(  # noqa: S603 - a program of this very environment
        [python, "-m", "synapse.app.homeserver", "-c", config, "--generate-keys"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    command = [str(python), "-m", "synapse.app.homeserver", "-c", str(config)]
    with _started("synapse", command, port, folder, dict(os.environ)) as running:
        yield running


@contextmanager
def _started(
    name: str, command: list[str], port: int, folder: Path, environ: dict[str, str]
) -> Iterator[Running]:
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the server to be measured
            command, cwd=folder, env=environ, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(f"{url}/_matrix/client/versions", process)
        yield Running(name, url, process.pid, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.02)
    raise RuntimeError(f"the server at {url} did not start; see output.log in its folder")
