"""Servers that die at a statement of a request, and a look at what each of them leaves behind.

A real server is stopped, as by a power cut, at the first statement of the request, at the second,
and so on until the request is answered. Each time another server starts on what is left.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx

from tests.world import MailServer, World, build_world, environment, settings_for

MOST_STATEMENTS = 60
Copy = Callable[[], AbstractContextManager[str]]
T = TypeVar("T")


async def in_world(url: str, data_dir: Path, mail: MailServer, act: Callable[[World], Any]) -> Any:
    """What `act` returns in a world on the database at `url`."""
    world = build_world(settings_for(data_dir, url, mail), mail)
    await world.server.start()
    try:
        return await act(world)
    finally:
        await world.http.aclose()
        await world.server.stop()


class Victims:
    """The process that starts servers, and the one it is running."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "socket"
        self._armed = folder / "armed"
        self._starter = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("victim.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def close(self) -> None:
        with self._starter:
            assert self._starter.stdin is not None
            self._starter.stdin.close()

    async def ask(self, environ: dict[str, str], stop_at: int, **request: Any) -> bool:
        """Make a request of a server that dies at a statement of it; True when it answered."""
        self._armed.unlink(missing_ok=True)
        self._socket.unlink(missing_ok=True)
        order = {
            "environ": json.dumps(environ),
            "socket": str(self._socket),
            "armed": str(self._armed),
            "stop_at": str(stop_at),
        }
        pid = int(self._say(json.dumps(order)))
        transport = httpx.AsyncHTTPTransport(uds=str(self._socket))
        async with httpx.AsyncClient(transport=transport, base_url="http://victim") as http:
            await self._wait_for(http)
            self._armed.touch()
            try:
                answer = await http.request(**{"method": "POST", **request})
            except httpx.TransportError:
                answered = False
            else:
                assert answer.status_code == 200, answer.text
                answered = True
                with suppress(ProcessLookupError):  # sending the mail may have sprung the trap
                    os.kill(pid, signal.SIGKILL)
        assert self._hear() == "gone"
        return answered

    async def _wait_for(self, http: httpx.AsyncClient) -> None:
        for _ in range(1000):
            try:
                if (await http.get("/_holdfast/health")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.01)
        raise AssertionError("the server did not start")

    def _say(self, line: str) -> str:
        assert self._starter.stdin is not None
        self._starter.stdin.write(line + "\n")
        self._starter.stdin.flush()
        return self._hear()

    def _hear(self) -> str:
        assert self._starter.stdout is not None
        return self._starter.stdout.readline().strip()


@dataclass(frozen=True)
class Scene(Generic[T]):
    """A database in which everything is there that a request must change, ready to copy.

    `cast` is what its furnishing returned: who is in it.
    """

    copy: Copy
    cast: T
    data_dir: Path
    mail: MailServer

    def seen(self, look: Callable[[World], Awaitable[Any]]) -> Any:
        """What `look` finds before anything has happened."""
        with self.copy() as url:
            return asyncio.run(in_world(url, self.data_dir, self.mail, look))

    def left_behind(
        self, victims: Victims, look: Callable[[World], Awaitable[Any]], **request: Any
    ) -> list[Any]:
        """What `look` finds after the server died at each statement; last, after the answer."""
        found = []
        for stop_at in count(1):
            assert stop_at < MOST_STATEMENTS
            with self.copy() as url:
                environ = environment(self.data_dir, url, self.mail)
                answered = asyncio.run(victims.ask(environ, stop_at, **request))
                found.append(asyncio.run(in_world(url, self.data_dir, self.mail, look)))
            if answered:
                break
        return found
