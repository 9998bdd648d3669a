"""A process that dies while it hands a key out: the key was handed out, or is still there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crash.conftest import SetScene
from tests.crash.victims import Scene, Victims
from tests.device_keys.devices import SIGNED, Device, claim
from tests.world import Person, World


@dataclass(frozen=True)
class Cast:
    """Alice's device, which has published these one-time keys and a fallback key, and Bob."""

    device: Device
    keys: list[str]
    bob: Person


def with_keys(one_time_keys: int) -> Callable[[World], Awaitable[Cast]]:
    """What furnishes a world with a device that has so many one-time keys."""

    async def furnish(world: World) -> Cast:
        device = Device(await world.register("alice"))
        bob = await world.register("bob")
        return Cast(device, list(await device.publish(one_time_keys, fallback=True)), bob)

    return furnish


def look(cast: Cast) -> Callable[[World], Awaitable[tuple[list[str], bool]]]:
    """The one-time keys that can still be claimed, and whether the fallback key is unused."""

    async def left(world: World) -> tuple[list[str], bool]:
        sql = "SELECT count(*) FROM fallback_keys WHERE used IS NULL"
        unused = await world.server.context.db.read(lambda tx: tx.value(sql)) == 1
        bob = Person(world, cast.bob.user_id, "", cast.bob.token, "")
        found: list[str] = []
        while True:
            ((name, key),) = (await claim(bob, cast.device)).items()
            if key.get("fallback"):
                return found, unused
            found.append(name)

    return left


def claiming(cast: Cast) -> dict[str, Any]:
    """Bob's request for a key."""
    wanted = {cast.device.user_id: {cast.device.device_id: SIGNED}}
    return {
        "url": "/_matrix/client/v3/keys/claim",
        "json": {"one_time_keys": wanted},
        "headers": {"authorization": f"Bearer {cast.bob.token}"},
    }


@pytest.mark.parametrize("one_time_keys", [2, 0], ids=["a one-time key", "the fallback key"])
def test_handed_out_or_still_there(
    one_time_keys: int, set_scene: SetScene, victims: Victims
) -> None:
    scene: Scene[Cast] = set_scene(with_keys(one_time_keys))
    cast = scene.cast
    old, new = (cast.keys, True), (cast.keys[1:], one_time_keys > 0)
    found = scene.left_behind(victims, look(cast), **claiming(cast))
    for stop_at, state in enumerate(found, 1):
        assert state in (old, new), f"stopped at statement {stop_at}"
    assert found[-1] == new, "what was answered has happened"
    assert found.count(old) > 2, "there must have been something to interrupt"
