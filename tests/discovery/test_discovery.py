"""What a client finds out before it knows anybody."""

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, PUBLIC_URL, World, refused

VERSIONS = "/_matrix/client/versions"
CLIENT, SUPPORT = "/.well-known/matrix/client", "/.well-known/matrix/support"


async def test_versions(world: World) -> None:
    told = (await world.get(VERSIONS)).json()
    assert "v1.1" in told["versions"]
    assert "v1.19" in told["versions"]
    features = told["unstable_features"]
    for name in ("info", "session_choice", "lock_devices", "password_reset"):
        assert features[f"dev.holdfast.{name}"] is True
    assert features["org.matrix.msc3814"] is True


async def test_versions_with_a_token_that_is_none(world: World) -> None:
    refused(await world.get(VERSIONS, token="made up"), 401, "M_UNKNOWN_TOKEN")


async def test_well_known_client(world: World) -> None:
    answer = await world.get(CLIENT, headers={"host": "evil.example"})
    assert answer.json()["m.homeserver"] == {"base_url": PUBLIC_URL}
    assert answer.json()["org.matrix.msc3814"] is True  # where Element looks
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("contact", "key"),
    [("admin@example.org", "email_address"), ("@admin:hold.example", "matrix_id")],
)
async def test_well_known_support(make_world: MakeWorld, contact: str, key: str) -> None:
    async with make_world(HOLDFAST_ADMIN_CONTACT=contact) as world:
        told = (await world.get(SUPPORT)).json()
        assert told["contacts"] == [{"role": "m.role.admin", key: contact}]


async def test_support_by_a_page(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_ADMIN_CONTACT="https://help.example/") as world:
        told = (await world.get(SUPPORT)).json()
        assert told.get("support_page") == "https://help.example/"
        assert not told.get("contacts")


async def test_password_managers_are_sent_to_the_portal(world: World) -> None:
    answer = await world.get("/.well-known/change-password")
    assert answer.status_code in (302, 303, 307)
    assert answer.headers["location"].removeprefix(PUBLIC_URL) == "/settings/account"


async def test_capabilities(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_DEFAULT_ROOM_VERSION="11") as world:
        alice = await world.register("alice")
        told = (await alice.get("capabilities")).json()["capabilities"]
        assert told["m.change_password"] == {"enabled": True}
        assert told["m.room_versions"]["default"] == "11"
        assert "11" in told["m.room_versions"]["available"]
        assert told["m.get_login_token"] == {"enabled": True}


@pytest.mark.parametrize("mode", ["open", "token", "closed"])
async def test_info(make_world: MakeWorld, mode: str) -> None:
    async with make_world(HOLDFAST_REGISTRATION=mode) as world:
        told = (await world.get(f"{EXTRAS}/info")).json()
        assert told["server_name"] == "hold.example"
        assert told["registration"] == mode
        assert told["mail"] is True
        assert told["languages"] == ["en", "de", "fr", "es"]
        assert told["password_policy"] == {
            "enabled": True,
            "minimum_length": 8,
            "recommended_length": 15,
            "maximum_length": 512,
        }


async def test_health(world: World) -> None:
    assert (await world.get("/_holdfast/health")).json()["status"] == "ok"
