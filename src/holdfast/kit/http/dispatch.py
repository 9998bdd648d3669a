"""From an ASGI request to an answer: the one way every request takes.

match the route → read the body → find the session → call the handler → encode. Every error of the
tree becomes an answer in one place, and so does what nobody expected.
"""

import time
from collections.abc import Awaitable, Callable, Iterable

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import DatabaseUnavailable
from holdfast.kit.errors import MatrixError, MissingToken
from holdfast.kit.http.answers import add_headers, answer, error_answer
from holdfast.kit.http.body import whole
from holdfast.kit.http.request import Request
from holdfast.kit.http.requester import Requester
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
        if request.method not in ("GET", "HEAD") and not route.streams:
            settings = self._context.settings
            most = settings.max_body_bytes if route.max_body is None else route.max_body
            announced = request.headers.get("content-length", "0")
            request.body = await whole(receive, announced, most, settings.body_timeout)
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
