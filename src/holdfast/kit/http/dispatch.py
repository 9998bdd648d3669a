"""From an ASGI request to an answer: the one way every request takes.

match the route → read the body → find the session → call the handler → encode. Every error of the
tree becomes an answer in one place, and so does what nobody expected.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import DatabaseUnavailable
from holdfast.kit.errors import MatrixError, MissingToken
from holdfast.kit.http.answers import add_headers, answer, error_answer
from holdfast.kit.http.request import Request, Requester
from holdfast.kit.http.routing import Auth, Handler, Route, Router
from holdfast.kit.log import logger

log = logger(__name__)
API = ("/_matrix/", "/.well-known/matrix/")


class Dispatcher:
    """The ASGI application for HTTP. `authenticate` finds the session behind an access token."""

    def __init__(
        self,
        context: Context,
        routes: Iterable[Route],
        authenticate: Callable[[Request, str], Awaitable[Requester]],
        elsewhere: Handler,
    ) -> None:
        self._context = context
        self._router = Router(routes)
        self._authenticate = authenticate
        self._elsewhere = elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id = ids.short_id(self._context.random)
        request = Request(self._context, dict(scope), receive, request_id)
        started = time.perf_counter_ns()
        structlog.contextvars.bind_contextvars(request_id=request.id)
        api = request.path.startswith(API)
        pattern = "-"
        try:
            route = self._match(request, api=api)
            pattern = route.paths[0] if route else "elsewhere"
            response = await self._respond(request, route, receive)
        except MatrixError as error:
            response = error_answer(error, request.id)
            if error.internal:
                log.info("request.refused", errcode=error.errcode, reason=error.internal)
        except DatabaseUnavailable as error:
            log.error("database.unavailable", error=str(error))
            response = error_answer(_UNAVAILABLE, request.id)
        except Exception:
            log.exception("request.failed")
            response = error_answer(_UNEXPECTED, request.id)
        add_headers(response, api=api)
        self._log(request, pattern, response, started)
        structlog.contextvars.unbind_contextvars("request_id")
        await response(scope, receive, send)

    def _match(self, request: Request, *, api: bool) -> Route | None:
        """The route; None for an `OPTIONS` preflight or a path that is not the API's."""
        match = self._router.find(request.path)
        if match is None:
            # A preflight is answered for every path: after a refused one, the browser tells a web
            # client that the server is out of reach, instead of our 404.
            ours = api or request.path.startswith("/_holdfast/")
            if ours and request.method != "OPTIONS":
                raise MatrixError(404, "M_UNRECOGNIZED", "There is no such endpoint here.")
            return None
        request.params = match.params
        method = "GET" if request.method == "HEAD" else request.method
        route = match.routes.get(method)
        if route is None and method != "OPTIONS":
            raise MatrixError(405, "M_UNRECOGNIZED", f"{method} is not offered on this endpoint.")
        return route

    async def _respond(self, request: Request, route: Route | None, receive: Receive) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204)
        if route is None:
            return answer(await self._elsewhere(request))
        if request.method not in ("GET", "HEAD"):
            settings = self._context.settings
            most = settings.max_body_bytes if route.max_body is None else route.max_body
            request.body = await read_body(request, receive, most, settings.body_timeout)
        if route.auth is not Auth.NONE:
            token = request.access_token
            if token is not None:
                request.signed_in_as(await self._authenticate(request, token))
            elif route.auth is Auth.SESSION:
                raise MissingToken
        return answer(await route.handler(request))

    def _log(self, request: Request, pattern: str, response: Response, started: int) -> None:
        requester = request.requester_or_none
        log.info(
            "request",
            method=request.method,
            route=pattern,
            status=response.status_code,
            ms=(time.perf_counter_ns() - started) // 10_000 / 100,
            user=requester.user_id if requester else None,
        )


_UNAVAILABLE = MatrixError(
    503, "M_UNKNOWN", "The server cannot reach its database. Try again in a minute."
)
_UNEXPECTED = MatrixError(
    500,
    "M_UNKNOWN",
    "Something went wrong on the server. Nothing was changed. If it happens again, tell the"
    " server's administrator the request id.",
)


async def read_body(request: Request, receive: Receive, most: int, seconds: float) -> bytes:
    """The whole body, of at most `most` bytes, sent within `seconds`.

    Raises:
        MatrixError: 413 `M_TOO_LARGE`, 408 when it does not arrive in time, 400 when cut off.
    """
    announced = request.headers.get("content-length", "0")
    # Nobody announces more digits than this and means it, and `int` refuses thousands of them.
    if announced.isdecimal() and int(announced[:20]) > most:
        raise _too_large(most)
    try:
        async with asyncio.timeout(seconds):
            return await _collect(receive, most)
    except TimeoutError as error:
        raise MatrixError(
            408, "M_UNKNOWN", "The request's body did not arrive in time. Try again."
        ) from error


async def _collect(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message: dict[str, Any] = dict(await receive())
        if message["type"] == "http.disconnect":
            raise MatrixError(400, "M_NOT_JSON", "The request was cut off.")
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large(most: int) -> MatrixError:
    return MatrixError(413, "M_TOO_LARGE", f"The request's body is larger than {most} bytes.")
