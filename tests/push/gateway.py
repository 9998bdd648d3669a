"""A push gateway: a real HTTP server on a port of its own."""

import asyncio
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.world import Person

PATH = "/_matrix/push/v1/notify"


class Gateway:
    """Keeps what it was told; answers with `statuses` in turn, then with 200."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self.rejected: list[str] = []
        self.tries = 0
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status = gateway.take(self.path, said["notification"])
                body = json.dumps({"rejected": gateway.rejected}).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.send_header("location", f"{gateway.url}?elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Say nothing on the terminal."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._http.server_address[1]
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    def take(self, path: str, notification: dict[str, Any]) -> int:
        """Note one request; the status to answer with."""
        assert path == PATH
        self.tries += 1
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.told.append(notification)
        return status

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    def __enter__(self) -> "Gateway":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    async def heard(self, count: int) -> list[dict[str, Any]]:
        """What it was told, once that are so many."""
        for _ in range(1000):
            if len(self.told) >= count:
                break
            await asyncio.sleep(0.01)
        assert len(self.told) == count, self.told
        return self.told

    async def tried(self, count: int) -> None:
        """Wait until it was asked so often."""
        for _ in range(1000):
            if self.tries >= count:
                break
            await asyncio.sleep(0.01)
        assert self.tries == count


async def listen(person: Person, gateway: Gateway, **data: Any) -> None:
    """Let a session be told of notifications through a gateway."""
    body = {
        "kind": "http",
        "app_id": "org.example.app",
        "pushkey": f"key of {person.device_id}",
        "app_display_name": "App",
        "device_display_name": "Phone",
        "lang": "en",
        "data": {"url": gateway.url, **data},
    }
    answer = await person.post("pushers/set", body)
    assert answer.status_code == 200, answer.text
