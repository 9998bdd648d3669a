"""Starts servers that die at a statement of one's choice.

Run as a program by tests/crash/victims.py. Each line on its standard input is a JSON object: the
settings as environment variables, the path of a `socket` to serve on, the path of a file that arms
the trap by being there, and at which statement after that (`stop_at`, from 1) the process ends as
if by a power cut. It answers with the process's id, and with `gone` once that process has ended.

Each server is a fork of this process, which has everything imported already: starting Python for
every statement would take a minute.
"""

import json
import os
import sys
from pathlib import Path

import uvicorn

from holdfast.app import Server
from holdfast.config import load_settings
from holdfast.kit import log
from holdfast.kit.db import open_database
from holdfast.kit.ids import SystemRandomness
from tests.surroundings import TurnableClock


class Trap:
    """Ends the process at the `stop_at`th statement after it was armed."""

    def __init__(self, armed: Path, stop_at: int) -> None:
        self._armed = armed
        self._left = stop_at

    def __call__(self, _sql: str) -> None:
        if self._left > 0 and self._armed.exists():
            self._left -= 1
            if self._left == 0:
                os._exit(9)


def serve(order: dict[str, str]) -> None:
    """Serve until the trap springs or the process is killed."""
    log.configure("text", "error")
    environ = json.loads(order["environ"])
    settings = load_settings(environ=environ)
    trap = Trap(Path(order["armed"]), int(order["stop_at"]))
    database = open_database(settings.database, trap)
    server = Server(settings, database, TurnableClock(), SystemRandomness())
    uvicorn.run(server, uds=order["socket"], log_level="critical", access_log=False)


def say(line: str) -> None:
    """Tell whoever gives the orders."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Fork a server for each order and tell when it has ended."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            serve(order)
            os._exit(0)
        say(str(pid))
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    main()
