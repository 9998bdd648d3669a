"""Calls, and networks that there are none of."""

import base64
import hashlib
import hmac

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import World, refused


async def test_turn_servers(make_world: MakeWorld) -> None:
    settings = {
        "HOLDFAST_TURN_URIS": "turn:turn.example?transport=udp turns:turn.example",
        "HOLDFAST_TURN_SECRET": "shared",
        "HOLDFAST_TURN_LIFETIME": "1h",
    }
    async with make_world(**settings) as world:
        alice = await world.register("alice")
        told = (await alice.get("voip/turnServer")).json()
        until = world.clock.now // 1000 + 3600
        assert told["uris"] == ["turn:turn.example?transport=udp", "turns:turn.example"]
        assert (told["ttl"], told["username"]) == (3600, f"{until}:{alice.user_id}")
        proof = hmac.new(b"shared", told["username"].encode(), hashlib.sha1).digest()
        assert told["password"] == base64.b64encode(proof).decode()


async def test_without_them_there_is_nothing(world: World) -> None:
    alice = await world.register("alice")
    assert (await alice.get("voip/turnServer")).json() == {}


@pytest.mark.parametrize("what", ["location", "user"])
async def test_no_other_networks(world: World, what: str) -> None:
    alice = await world.register("alice")
    assert (await alice.get("thirdparty/protocols")).json() == {}
    assert (await alice.get(f"thirdparty/{what}")).json() == []
    refused(await alice.get(f"thirdparty/{what}/irc"), 404, "M_NOT_FOUND")
    refused(await alice.get("thirdparty/protocol/irc"), 404, "M_NOT_FOUND")
