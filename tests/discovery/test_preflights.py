"""What browsers ask before a web client's request (Client-Server API, "Web Browser Clients")."""

import pytest

from tests.world import World


@pytest.mark.parametrize(
    "path", ["login", "account/whoami", "/_matrix/client/v9/nothing", "/_matrix/client/versions"]
)
async def test_every_path_of_the_api_answers_them(world: World, path: str) -> None:
    """Of an unknown endpoint too: the browser keeps a 404 from a page after a refused preflight."""
    asked = {
        "origin": "https://app.example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    answer = await world.call("OPTIONS", path, headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed


async def test_refusals_are_readable_from_other_origins(world: World) -> None:
    answer = await world.get("/_matrix/client/v9/nothing")
    assert answer.status_code == 404
    assert answer.headers["access-control-allow-origin"] == "*"
