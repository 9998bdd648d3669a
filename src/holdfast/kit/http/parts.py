"""A large JSON answer that is never held as one text."""

from collections.abc import Iterator, Sequence

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from holdfast.kit.http.answers import JSON

BLOCK = 128 * 1024


class JsonParts(Response):
    """JSON whose bytes are the given parts, one after the other."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        super().__init__(media_type=JSON)
        self._parts = parts
        self.headers["content-length"] = str(sum(map(len, parts)))

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """ASGI: send the parts, in blocks of a size that suits the network."""
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        for block in blocks(self._parts):
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def blocks(parts: Sequence[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: small ones are put together."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)
