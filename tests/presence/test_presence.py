"""Who is there."""

from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.rooms.inside import create_room
from tests.world import Person, World, refused


class Watcher:
    """A client that is told who is there."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.since: str | None = None

    async def told(self, **query: str) -> dict[str, Any]:
        since = {} if self.since is None else {"since": self.since}
        body = (await self.person.get("sync", params={**since, **query})).json()
        self.since = body["next_batch"]
        return {each["sender"]: each["content"] for each in body["presence"]["events"]}


async def test_who_syncs_is_there_for_those_who_share_a_room(world: World) -> None:
    alice, bob, mallory = [await world.register(name) for name in ("alice", "bob", "mallory")]
    await create_room(alice, bob)
    watchers = [Watcher(alice), Watcher(mallory)]
    for watcher in watchers:
        await watcher.told()
    await Watcher(bob).told()
    told = await watchers[0].told()
    assert told == {
        bob.user_id: {"presence": "online", "last_active_ago": 0, "currently_active": True}
    }
    assert await watchers[1].told() == {}
    assert bob.user_id in await Watcher(alice).told()
    url = f"presence/{bob.user_id}/status"
    assert (await alice.get(url)).json()["presence"] == "online"
    refused(await mallory.get(url), 403, "M_FORBIDDEN")


async def test_who_is_seen_no_more_is_offline(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await create_room(alice, bob)
    watcher = Watcher(alice)
    await Watcher(bob).told()
    await watcher.told()
    world.clock.now += 4 * 60_000
    await watcher.told()
    await world.housekeeping()
    assert await watcher.told() == {}
    world.clock.now += 2 * 60_000
    await world.housekeeping()
    assert (await watcher.told())[bob.user_id]["presence"] == "offline"


async def test_going_on_writes_little_and_tells_nobody(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await create_room(alice, bob)
    watcher, other = Watcher(alice), Watcher(bob)
    await other.told()
    await watcher.told()

    def writes() -> list[str]:
        return [each for each in world.statements if each.startswith("INSERT INTO presence")]

    world.statements.clear()
    world.clock.now += 30_000
    await other.told()
    assert writes() == []
    world.clock.now += 40_000
    await other.told()
    assert len(writes()) == 1
    assert bob.user_id not in await watcher.told()


async def test_saying_so_oneself(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await create_room(alice, bob)
    watcher = Watcher(alice)
    await watcher.told()
    url = f"presence/{bob.user_id}/status"
    busy = {"presence": "unavailable", "status_msg": "in a meeting"}
    assert (await bob.put(url, busy)).status_code == 200
    told = (await watcher.told())[bob.user_id]
    assert (told["presence"], told["status_msg"]) == ("unavailable", "in a meeting")
    assert await watcher.told() == {}
    refused(await alice.put(url, busy), 403, "M_FORBIDDEN")
    refused(await bob.put(url, {"presence": "asleep"}), 400, "M_INVALID_PARAM")
    refused(await bob.put(url, {**busy, "status_msg": "x" * 1001}), 400, "M_INVALID_PARAM")
    refused(await bob.put(url, {}), 400, "M_MISSING_PARAM")
    answer = await bob.get("sync", params={"set_presence": "asleep"})
    refused(answer, 400, "M_INVALID_PARAM")


async def test_it_can_be_switched_off(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_PRESENCE="off") as world:
        alice, bob = await world.register("alice"), await world.register("bob")
        await create_room(alice, bob)
        await Watcher(bob).told()
        url = f"presence/{bob.user_id}/status"
        assert (await bob.put(url, {"presence": "online"})).status_code == 200
        assert await Watcher(alice).told() == {}
        assert (await alice.get(url)).json() == {"presence": "offline"}
        rows = "SELECT count(*) FROM presence"
        assert await world.server.context.db.read(lambda tx: tx.value(rows)) == 0


@pytest.mark.parametrize("by", ['{"presence":{"types":[]}}', '{"presence":{"not_types":["m.*"]}}'])
async def test_clients_that_do_not_want_to_know(world: World, by: str) -> None:
    alice = await world.register("alice")
    assert await Watcher(alice).told(filter=by) == {}
