"""A process that dies while it hands a key out: the key was handed out, or is still there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crash.conftest import SetScene
from tests.crash.victims import Victims
from tests.device_keys.devices import SIGNED, Device, claim
from tests.world import Person, World

Left = tuple[list[str], bool]


@dataclass(frozen=True)
class Claim:
    """Bob, and a device with some one-time keys and a fallback key, of which he claims one."""

    bob: Person
    device: Device
    keys: list[str]

    def request(self) -> dict[str, Any]:
        """The request to interrupt."""
        wanted = {self.device.user_id: {self.device.device_id: SIGNED}}
        return {
            "url": "/_matrix/client/v3/keys/claim",
            "json": {"one_time_keys": wanted},
            "headers": {"authorization": f"Bearer {self.bob.token}"},
        }

    async def left(self, world: World) -> Left:
        """The one-time keys that can still be claimed, and whether the fallback key is unused."""
        sql = "SELECT count(*) FROM fallback_keys WHERE used IS NULL"
        unused = await world.server.context.db.read(lambda tx: tx.value(sql)) == 1
        bob = Person(world, self.bob.user_id, "", self.bob.token, "")
        found: list[str] = []
        while True:
            ((name, key),) = (await claim(bob, self.device)).items()
            if key.get("fallback"):
                return found, unused
            found.append(name)


def furnished(one_time_keys: int) -> Callable[[World], Awaitable[Claim]]:
    """What makes a device with so many one-time keys, and a fallback key."""

    async def furnish(world: World) -> Claim:
        device = Device(await world.register("alice"))
        bob = await world.register("bob")
        return Claim(bob, device, list(await device.publish(one_time_keys, fallback=True)))

    return furnish


@pytest.mark.parametrize("one_time_keys", [2, 0], ids=["a one-time key", "the fallback key"])
def test_handed_out_or_still_there(
    set_scene: SetScene, victims: Victims, one_time_keys: int
) -> None:
    scene = set_scene(furnished(one_time_keys))
    keys = scene.cast.keys
    old, new = (keys, True), (keys[1:], one_time_keys > 0)
    found = scene.left_behind(victims, scene.cast.left, **scene.cast.request())
    assert [each for each in found if each not in (old, new)] == []
    assert found[-1] == new, "what was answered has happened"
    assert found.count(old) > 2, "there must have been something to interrupt"
