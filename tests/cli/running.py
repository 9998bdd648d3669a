"""Running `holdfast` as a person does: the real command line, in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from holdfast.kit.db import open_database
from holdfast.schema import migrate
from tests.world import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""How long a slow machine may take to start Python and a server, in seconds."""


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    # Without compiled modules a start takes twice as long; people have them.
    foreign = ("HOLDFAST_", "PYTHONDONTWRITEBYTECODE")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**own, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1", **more}


def holdfast(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "holdfast.cli", *arguments],
        cwd=folder,
        env=_environment(environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def with_database(folder: Path) -> None:
    """Make the database that a server in `folder` would have made at its first start."""
    (folder / "holdfast-data").mkdir(mode=0o700)
    database = open_database(f"sqlite:///{folder / 'holdfast-data' / 'holdfast.db'}")
    migrate(database, now=0)
    database.close_now()


@dataclass
class Serving:
    """A server in a process of its own. `output` holds what it said up to its start or its end."""

    process: subprocess.Popen[str]
    port: int
    output: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self, with_signal: int = signal.SIGINT) -> float:
        """Stop it, read the rest of what it said, and return how many seconds it took."""
        started = time.monotonic()
        self.process.send_signal(with_signal)
        self.process.wait(PATIENCE)
        took = time.monotonic() - started
        self.output += list(_lines(self.process.stdout))
        return took


def _lines(stream: IO[str] | None) -> Iterator[str]:
    assert stream is not None
    for line in stream:
        yield line.rstrip("\n")


@contextmanager
def serving(folder: Path, *arguments: str, **environ: str) -> Iterator[Serving]:
    """Run `holdfast serve` in `folder`, ready for requests, and stop it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "holdfast.cli", "serve", "--port", str(port), *arguments],
        cwd=folder,
        env=_environment(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Serving(process, port)
    try:
        for line in _lines(process.stdout):
            server.output.append(line)
            if line == "Press Ctrl-C to stop." or '"event":"ready"' in line:
                break
        else:
            raise AssertionError("it did not start:\n" + "\n".join(server.output))
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)
        if process.stdout is not None:
            process.stdout.close()
