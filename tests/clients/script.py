"""Running the scripts in `js/`: what they say, one line after the other, and how they end."""

import json
import queue
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx

from tests.fixtures.node import CLIENTS
from tests.fixtures.running_server import RunningServer

PATIENCE_SECONDS = 60
OLD = "wandering ember stadium"
NEW = "another fine lighthouse"


class Script:
    """A running script."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._errors: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self._complaining = threading.Thread(target=self._overhear, daemon=True)
        self._complaining.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _overhear(self) -> None:
        assert self._process.stderr is not None
        self._errors.extend(self._process.stderr)

    def says(self, event: str) -> dict[str, Any]:
        """The facts of the script's next line, which has to be about `event`."""
        try:
            line = self._lines.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            raise AssertionError(f"the script did not say {event!r}:\n{self._log()}") from None
        if line is None:
            raise AssertionError(f"the script ended before {event!r}:\n{self._log()}")
        facts: dict[str, Any] = json.loads(line)
        assert facts.pop("event") == event, facts
        return facts

    def go_on(self) -> None:
        """Let a script go on that waits for its test."""
        assert self._process.stdin is not None
        self._process.stdin.write("go on\n")
        self._process.stdin.close()

    def end(self) -> None:
        """Wait for the end of the script, which has nothing more to say."""
        status = self._process.wait(PATIENCE_SECONDS)
        left = self._lines.get(timeout=PATIENCE_SECONDS)
        assert (status, left) == (0, None), self._log()

    def _log(self) -> str:
        self._complaining.join(1)
        return "".join(self._errors[-60:])


@contextmanager
def running(node: str, name: str, given: dict[str, Any]) -> Iterator[Script]:
    """Run `js/<name>.mjs`; it gets `given`. At the end of the block it has to end by itself."""
    process = subprocess.Popen(
        [node, f"{name}.mjs", json.dumps(given)],
        cwd=CLIENTS,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            script = Script(process)
            yield script
            script.end()
        finally:
            process.kill()


Run = Callable[..., AbstractContextManager[Script]]
"""What the fixture `run` is: it runs a script by its name, with what it shall know."""


def new_user(homeserver: RunningServer, name: str) -> str:
    """Somebody with an account and no session."""
    user = f"{name}-{uuid.uuid4().hex[:12]}"
    body = {"username": user, "password": OLD, "inhibit_login": True}
    answer = httpx.post(
        f"{homeserver.url}/_matrix/client/v3/register",
        json={**body, "auth": {"type": "m.login.dummy"}},
    )
    assert answer.status_code == 200, answer.text
    return user
