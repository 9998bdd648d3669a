"""Finding the handler of a request."""

from typing import Any

import pytest

from holdfast.kit.http import Request, Route, client, page
from holdfast.kit.http.routing import Router


async def handler(_request: Request) -> Any:
    """Answer nothing."""


ROUTES = [
    client("GET", "devices", handler, spec="list"),
    client("GET", "devices/{device_id}", handler, spec="one"),
    client("DELETE", "devices/{device_id}", handler, spec="delete"),
    client("GET", "devices/special", handler, spec="special"),
    client("GET", "rooms/{room_id}/state/{type}/{key}", handler, spec="state"),
    page("GET", "/_holdfast/health", handler, spec="health"),
]


def found(path: str, method: str = "GET") -> tuple[Route | None, dict[str, str]]:
    match = Router(ROUTES).find(path)
    return (match.routes.get(method), match.params) if match else (None, {})


@pytest.mark.parametrize(
    ("path", "spec", "params"),
    [
        ("/_matrix/client/v3/devices", "list", {}),
        ("/_matrix/client/r0/devices", "list", {}),
        ("/_matrix/client/v3/devices/A", "one", {"device_id": "A"}),
        ("/_matrix/client/v3/devices/special", "special", {}),
        ("/_matrix/client/v3/devices/a%2Fb%20c", "one", {"device_id": "a/b c"}),
        ("/_matrix/client/v3/devices/%C3%A9", "one", {"device_id": "é"}),
        ("/_matrix/client/v3/devices/..", "one", {"device_id": ".."}),
        (
            "/_matrix/client/v3/rooms/!a:b/state/m.x/%40k",
            "state",
            {"room_id": "!a:b", "type": "m.x", "key": "@k"},
        ),
        ("/_holdfast/health", "health", {}),
    ],
)
def test_paths_that_lead_somewhere(path: str, spec: str, params: dict[str, str]) -> None:
    route, values = found(path)
    assert route is not None
    assert (route.spec, values) == (spec, params)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/_matrix/client/v3",
        "/_matrix/client/v3/devices/",
        "/_matrix/client/v3/devices//",
        "/_matrix/client/v3/devices/A/B",
        "/_matrix/client/v3/rooms/!a:b/state/m.x",
        "/_matrix/client/v2/devices",
        "//_matrix/client/v3/devices",
        "/x/_matrix/client/v3/devices",
        "/_holdfast/health/",
    ],
)
def test_paths_that_lead_nowhere(path: str) -> None:
    assert Router(ROUTES).find(path) is None


def test_methods_share_a_path() -> None:
    path = "/_matrix/client/v3/devices/A"
    assert getattr(found(path, "DELETE")[0], "spec", None) == "delete"
    assert found(path, "PUT")[0] is None


def test_two_handlers_for_one_request_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two routes"):
        Router([*ROUTES, client("GET", "devices", handler, spec="again")])
