"""Finding the handler of a request: a tree of path segments.

Trying one pattern after the other costs ten times as much with the routes that Matrix has
(docs/decisions/0002-http.md).
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias
from urllib.parse import unquote

from holdfast.kit.http.request import Request

Handler: TypeAlias = Callable[[Request], Awaitable[Any]]
EXTRAS = "/_matrix/client/unstable/dev.holdfast"


class Auth(Enum):
    """What a route wants to know about who is asking."""

    NONE = "none"
    """Nothing; an access token is not even looked at."""
    OPTIONAL = "optional"
    """Works without an access token, but one that is sent must be valid."""
    SESSION = "session"
    """A signed-in session."""


@dataclass(frozen=True)
class Route:
    """One endpoint: `paths` all lead to the same `handler`; `spec` names where it is defined."""

    method: str
    paths: tuple[str, ...]
    handler: Handler
    spec: str
    auth: Auth = Auth.SESSION
    max_body: int | None = None
    streams: bool = False
    """The handler takes the body in parts, with `Request.parts`, once it knows who sends it."""


def client(
    method: str,
    path: str,
    handler: Handler,
    *,
    spec: str,
    auth: Auth = Auth.SESSION,
    versions: tuple[str, ...] = ("v3", "r0"),
    max_body: int | None = None,
) -> Route:
    """An endpoint of the Client-Server API, under each of the version prefixes clients call.

    `spec` is the section's title or the endpoint's anchor; `max_body` is in bytes and replaces
    the setting `server.max_body_bytes`.
    """
    paths = tuple(f"/_matrix/client/{version}/{path}" for version in versions)
    return Route(method, paths, handler, spec, auth, max_body)


def extra(
    method: str, path: str, handler: Handler, *, spec: str, auth: Auth = Auth.SESSION
) -> Route:
    """An endpoint of Holdfast's own; `spec` names its section in docs/extensions.md."""
    return Route(method, (f"{EXTRAS}/{path}",), handler, spec, auth)


def page(method: str, path: str, handler: Handler, *, spec: str) -> Route:
    """A page or file for people and browsers, at exactly `path`."""
    return Route(method, (path,), handler, spec, Auth.NONE)


@dataclass
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    any_name: str = ""
    routes: dict[str, Route] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A path that exists: its routes by method, and the values of its `{names}`."""

    routes: dict[str, Route]
    params: dict[str, str]


class Router:
    """All routes, as a tree. `{name}` in a path stands for one whole segment."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            for path in route.paths:
                self._add(path, route)

    def _add(self, path: str, route: Route) -> None:
        node = self._root
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                node.any = node.any or _Node()
                node.any_name = segment.strip("{}")
                node = node.any
            else:
                node = node.literal.setdefault(segment, _Node())
        if route.method in node.routes:
            raise ValueError(f"two routes for {route.method} {path}")
        node.routes[route.method] = route

    def find(self, raw_path: str) -> Match | None:
        """The routes at `raw_path`, which is still percent-encoded: an ID may hold a slash."""
        node: _Node | None = self._root
        params: dict[str, str] = {}
        for segment in raw_path.split("/")[1:]:
            if node is None:
                return None
            child = node.literal.get(segment)
            if child is None and node.any is not None and segment:
                params[node.any_name] = unquote(segment)
                child = node.any
            node = child
        return Match(node.routes, params) if node is not None and node.routes else None
