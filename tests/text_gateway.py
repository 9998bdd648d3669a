"""An operator's gateway for text messages: a real HTTP server on a port of its own."""

import asyncio
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.world import EXTRAS, Answer, World

NUMBER = "41791234567"
SUBMIT = f"{EXTRAS}/msisdn/submitToken"


class TextGateway:
    """Keeps what it was handed; answers with `statuses` in turn, then with 202."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.tries = 0
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                gateway.take(json.loads(self.rfile.read(size)), dict(self.headers))
                self.send_response(gateway.statuses.pop(0) if gateway.statuses else 202)
                self.send_header("location", f"http://127.0.0.1:{gateway.port}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing on the terminal."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._http.server_address[1]
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    def take(self, message: dict[str, str], headers: dict[str, str]) -> None:
        """Note one request."""
        self.tries += 1
        if not self.statuses:
            self.messages.append(message)
            self.headers.append({name.lower(): value for name, value in headers.items()})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/texts?account=7"

    def __enter__(self) -> "TextGateway":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    async def message(self, number: int = 1) -> dict[str, str]:
        """The message of this number, from 1, waiting for it."""
        for _ in range(500):
            if len(self.messages) >= number:
                return self.messages[number - 1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"message {number} did not come; there are {self.messages}")

    async def code(self, number: int = 1) -> str:
        """The code in a message."""
        found = re.search(r"\b\d{6}\b", (await self.message(number))["text"])
        assert found
        return found[0]


async def ask(
    world: World, path: str, *, secret: str = "s3cret", attempt: int = 1, **more: Any
) -> Answer:
    """Ask for a code for a number, as a client does; `body` replaces fields of the request."""
    body: dict[str, Any] = {"client_secret": secret, "send_attempt": attempt}
    body |= {"country": "CH", "phone_number": "079 123 45 67", **more.pop("body", {})}
    return await world.post(f"{path}/msisdn/requestToken", body, **more)


async def submit(world: World, sid: str, code: str, secret: str = "s3cret") -> Answer:
    """Send a code back, as a client does."""
    return await world.post(SUBMIT, {"sid": sid, "client_secret": secret, "token": code})
