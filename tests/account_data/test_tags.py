"""How users sort their rooms."""

from tests.rooms.inside import create_room
from tests.sync.room_client import RoomClient
from tests.world import World, refused


async def test_a_tag_is_put_changed_and_taken_away(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    url = f"user/{alice.user_id}/rooms/{room_id}/tags"
    assert (await alice.get(url)).json() == {"tags": {}}
    for order in (0.25, 0.5):
        assert (await alice.put(f"{url}/m.favourite", {"order": order})).status_code == 200
    assert (await alice.put(f"{url}/u.work", {})).status_code == 200
    both = {"m.favourite": {"order": 0.5}, "u.work": {}}
    assert (await alice.get(url)).json() == {"tags": both}
    client = RoomClient(alice)
    await client.sync()
    assert client.account_data[room_id]["m.tag"] == {"tags": both}
    assert (await alice.delete(f"{url}/m.favourite")).status_code == 200
    assert (await alice.delete(f"{url}/nothing")).status_code == 200
    await client.sync()
    assert client.account_data[room_id]["m.tag"] == {"tags": {"u.work": {}}}


async def test_tags_are_the_users_own(world: World) -> None:
    alice, mallory = await world.register("alice"), await world.register("mallory")
    room_id = await create_room(alice, mallory)
    url = f"user/{alice.user_id}/rooms/{room_id}/tags"
    await alice.put(f"{url}/m.favourite", {})
    for act in (mallory.get(url), mallory.put(f"{url}/u.x", {}), mallory.delete(f"{url}/u.x")):
        refused(await act, 403, "M_FORBIDDEN")
    assert (await mallory.get(url.replace("alice", "mallory"))).json() == {"tags": {}}


async def test_what_is_no_tag(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    url = f"user/{alice.user_id}/rooms/{room_id}/tags"
    refused(await alice.put(f"{url}/{'t' * 256}", {}), 400, "M_INVALID_PARAM")
    refused(await alice.put(f"{url}/u.x", []), 400, "M_BAD_JSON")
    refused(await alice.put(f"user/{alice.user_id}/rooms/x/tags/u.x", {}), 400, "M_INVALID_PARAM")
    for n in range(100):
        await alice.put(f"{url}/u.{n}", {})
    refused(await alice.put(f"{url}/u.100", {}), 400, "M_INVALID_PARAM")
    assert len((await alice.get(url)).json()["tags"]) == 100
