"""Dehydrated devices that change while others use them."""

import asyncio
from typing import Any

from tests.dehydrated_devices.dehydrating import PATH, DehydratedDevice
from tests.device_keys.devices import SIGNED, Device, query
from tests.world import World


async def test_nobody_waits_for_another_in_a_circle(world: World) -> None:
    """Devices are replaced while others claim their keys, write to them, and sessions publish."""
    alice, bob = await world.register("alice"), await world.register("bob")
    first = await DehydratedDevice(alice).put(one_time_keys=3)
    devices = [DehydratedDevice(alice) for _ in range(6)]
    wanted = {alice.user_id: {each.device_id: SIGNED for each in [first, *devices]}}
    everywhere: dict[str, Any] = {alice.user_id: {"*": {}}, bob.user_id: {"*": {}}}
    uploads = [{"device_keys": Device(alice).device_keys()} for _ in range(6)]
    answers = await asyncio.gather(
        *[alice.put(PATH, each.body(3)) for each in devices],
        *[bob.post("keys/claim", {"one_time_keys": wanted}) for _ in range(12)],
        *[bob.put(f"sendToDevice/a/{n}", {"messages": everywhere}) for n in range(12)],
        *[alice.post("keys/upload", body) for body in uploads],
    )
    assert {answer.status_code for answer in answers} == {200}
    kept = (await alice.get(PATH)).json()["device_id"]
    assert set((await query(bob, alice.user_id))["device_keys"][alice.user_id]) == {
        kept,
        alice.device_id,
    }
