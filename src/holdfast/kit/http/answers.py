"""Answers: JSON, errors and the headers that go with every one of them."""

from typing import Any

import msgspec
from starlette.responses import Response

from holdfast.kit.errors import LimitExceeded, MatrixError

# Clients live on other origins (Client-Server API, "Web Browser Clients"), so every answer of the
# API may be read by any of them; the access token in the request is what protects it. Nothing of
# the API depends on cookies.
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
    "access-control-allow-headers": "X-Requested-With, Content-Type, Authorization, Date",
    "access-control-max-age": "86400",
}
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
    """What every answer carries: CORS for the API, and no guessing of content types."""
    for name, value in CORS.items() if api else ():
        response.headers[name] = value
    response.headers.setdefault("x-content-type-options", "nosniff")
    response.headers.setdefault("referrer-policy", "no-referrer")
    if api:
        response.headers.setdefault("cache-control", "no-store")
