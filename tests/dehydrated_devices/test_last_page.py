"""How a client knows that it has all that was sent to a dehydrated device."""

from tests.dehydrated_devices.dehydrating import PATH, DehydratedDevice
from tests.to_device.mailing import send
from tests.world import World


async def test_a_client_that_reads_until_there_is_no_next_page(world: World) -> None:
    """matrix-js-sdk asks with GET and `from`, for as long as an answer has a `next_batch`."""
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    path = f"{PATH}/{device.device_id.replace('/', '%2F')}/events"
    assert (await alice.get(path)).json() == {"events": []}
    for n in range(5):
        await send(bob, {alice.user_id: {"*": {"n": n}}}, transaction=f"{n}")
    sizes, query = [], {"limit": "2"}
    while "limit" in query:
        page = (await alice.get(path, params=query)).json()
        sizes.append(len(page["events"]))
        query = {"limit": "2", "from": page["next_batch"]} if "next_batch" in page else {}
    assert sizes == [2, 2, 1]
