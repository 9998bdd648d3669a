"""Answers: JSON, errors and the headers that go with every one of them."""

from typing import Any

import msgspec
from starlette.responses import Response

from holdfast.kit.errors import LimitExceeded, MatrixError

# Every answer's, in the form in which headers are sent: put together once, not per request.
_ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
# Clients live on other origins (Client-Server API, "Web Browser Clients"), so every answer of the
# API may be read by any of them; the access token in the request is what protects it. Nothing of
# the API depends on cookies.
_API = [
    *_ALWAYS,
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"X-Requested-With, Content-Type, Authorization, Date"),
    (b"access-control-max-age", b"86400"),
    (b"cache-control", b"no-store"),
]
JSON = "application/json"


def answer(result: Any) -> Response:
    """What a handler returned, as a response."""
    if isinstance(result, Response):
        return result
    return Response(msgspec.json.encode(result), media_type=JSON)


def error_answer(error: MatrixError, request_id: str) -> Response:
    """The specification's error object, with the request's id to quote to an operator."""
    body = {**error.body(), "dev.holdfast.request_id": request_id}
    response = Response(msgspec.json.encode(body), error.status, media_type=JSON)
    if isinstance(error, LimitExceeded):
        wait_ms: int = error.extra["retry_after_ms"]
        response.headers["retry-after"] = str(max(1, -(-wait_ms // 1000)))
    return response


def add_headers(response: Response, *, api: bool) -> None:
    """What every answer carries: CORS for the API, and no guessing of content types.

    A header that the handler has set itself stays as it is.
    """
    own = {name for name, _value in response.raw_headers}
    response.raw_headers += [each for each in (_API if api else _ALWAYS) if each[0] not in own]
