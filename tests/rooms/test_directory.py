"""Finding rooms: aliases, the public directory, spaces and summaries."""

from functools import partial
from typing import Any

import pytest

from tests.rooms.inside import create_room, now_says, private_room
from tests.world import Person, World, refused

V1 = "/_matrix/client/v1"
ALIAS = "directory/room/%23garden:hold.example"


async def test_an_alias_is_made_followed_and_removed(world: World) -> None:
    alice, bob, mallory = [await world.register(name) for name in ("alice", "bob", "mallory")]
    room_id = await create_room(alice, bob)
    body = {"room_id": room_id}
    refused(await mallory.put(ALIAS, body), 403, "M_FORBIDDEN")
    assert (await bob.put(ALIAS, body)).status_code == 200
    assert (await alice.put(ALIAS, body)).status_code == 409
    assert (await world.get(ALIAS)).json() == {"room_id": room_id, "servers": ["hold.example"]}
    assert (await alice.get(f"rooms/{room_id}/aliases")).json() == {
        "aliases": ["#garden:hold.example"]
    }
    refused(await mallory.get(f"rooms/{room_id}/aliases"), 403, "M_FORBIDDEN")
    refused(await mallory.delete(ALIAS), 403, "M_FORBIDDEN")
    assert (await alice.delete(ALIAS)).status_code == 200
    refused(await alice.delete(ALIAS), 404, "M_NOT_FOUND")
    refused(await world.get(ALIAS), 404, "M_NOT_FOUND")


@pytest.mark.parametrize(
    "alias", ["garden:hold.example", "%23two words:hold.example", "%23a:other.example", "%23a"]
)
async def test_what_is_no_alias_of_ours(world: World, alias: str) -> None:
    alice = await world.register("alice")
    body = {"room_id": await create_room(alice)}
    refused(await alice.put(f"directory/room/{alias}", body), 400, "M_INVALID_PARAM")


async def directory(person: Person, **body: Any) -> dict[str, Any]:
    answer = await person.post("publicRooms", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_directory_shows_the_largest_rooms_first(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    small = await create_room(alice, visibility="public", name="Garden", topic="flowers")
    large = await create_room(alice, bob, visibility="public", room_alias_name="orchard")
    await create_room(alice)
    found = await directory(bob)
    assert [room["room_id"] for room in found["chunk"]] == [large, small]
    assert found["total_room_count_estimate"] == 2
    assert found["chunk"][0] == {
        "room_id": large,
        "num_joined_members": 2,
        "world_readable": False,
        "guest_can_join": False,
        "join_rule": "public",
        "room_version": "12",
        "canonical_alias": "#orchard:hold.example",
    }
    for term, expected in (("GARD", [small]), ("flow", [small]), ("orch", [large]), ("zebra", [])):
        page = await directory(bob, filter={"generic_search_term": term})
        assert [room["room_id"] for room in page["chunk"]] == expected
    first = await directory(bob, limit=1)
    second = await directory(bob, limit=1, since=first["next_batch"])
    assert [second["chunk"][0]["room_id"], "next_batch" in second] == [small, False]
    assert (await world.get("publicRooms?limit=1")).json()["chunk"][0]["room_id"] == large
    spaces = await directory(bob, filter={"room_types": ["m.space"]})
    assert spaces["chunk"] == []
    refused(await world.get("publicRooms?server=other.example"), 404, "M_NOT_FOUND")
    refused(await world.get("publicRooms?since=x"), 400, "M_INVALID_PARAM")
    refused(await bob.post("publicRooms", {"limit": 0}), 400, "M_INVALID_PARAM")


async def test_who_runs_a_room_lists_it(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    url = f"directory/list/room/{room_id}"
    assert (await world.get(url)).json() == {"visibility": "private"}
    refused(await bob.put(url, {"visibility": "public"}), 403, "M_FORBIDDEN")
    assert (await alice.put(url, {"visibility": "public"})).status_code == 200
    assert (await world.get(url)).json() == {"visibility": "public"}
    assert (await alice.put(url, {"visibility": "private"})).status_code == 200
    assert (await directory(bob))["chunk"] == []
    refused(await alice.put(url, {"visibility": "some"}), 400, "M_BAD_JSON")
    for who in (world.get, alice.get):
        refused(await who("directory/list/room/!nothing:hold.example"), 404, "M_NOT_FOUND")


async def space(person: Person, **children: Any) -> str:
    room_id = await create_room(person, creation_content={"type": "m.space"})
    for child, content in children.items():
        said = {"via": ["hold.example"], **content}
        person.world.clock.now += 1
        await now_says(person, room_id, "m.space.child", said, child)
    return room_id


async def test_a_space_is_walked_through_in_order(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    first, second, third = [await create_room(alice, name=f"{n}") for n in range(3)]
    hidden = await private_room(alice)
    inner = await space(alice, **{third: {}})
    outer = await space(
        alice,
        **{second: {"order": "b"}, first: {"order": "a"}, inner: {}, hidden: {"suggested": True}},
    )
    await now_says(alice, inner, "m.space.child", {"via": ["hold.example"]}, outer)  # a circle
    await now_says(alice, outer, "m.space.child", {}, third)  # not a child any more
    url = f"{V1}/rooms/{outer}/hierarchy"
    found = (await bob.get(url)).json()["rooms"]
    assert [room["room_id"] for room in found] == [outer, first, second, inner, third]
    children = [event["state_key"] for event in found[0]["children_state"]]
    assert children == [first, second, inner, hidden]
    mine = (await alice.get(url)).json()["rooms"]
    assert hidden in [room["room_id"] for room in mine]
    flat = (await bob.get(url, params={"max_depth": "1"})).json()["rooms"]
    assert third not in [room["room_id"] for room in flat]
    suggested = (await alice.get(url, params={"suggested_only": "true"})).json()["rooms"]
    assert [room["room_id"] for room in suggested] == [outer, hidden]
    page = (await bob.get(url, params={"limit": "3"})).json()
    rest = (await bob.get(url, params={"from": page["next_batch"]})).json()
    ids = [room["room_id"] for room in (*page["rooms"], *rest["rooms"])]
    assert ids == [outer, first, second, inner, third]
    refused(await bob.get(url, params={"from": "x"}), 400, "M_INVALID_PARAM")
    refused(await bob.get(url, params={"suggested_only": "x"}), 400, "M_INVALID_PARAM")
    refused(await bob.get(f"{V1}/rooms/{hidden}/hierarchy"), 403, "M_FORBIDDEN")


async def test_a_wide_space_costs_no_more_statements(world: World) -> None:
    alice = await world.register("alice")
    narrow = await space(alice, **{await create_room(alice): {}})
    wide = await space(alice, **{await create_room(alice): {} for _ in range(5)})
    urls = [f"{V1}/rooms/{room_id}/hierarchy" for room_id in (narrow, wide)]
    counted = [await world.count_statements(partial(alice.get, url)) for url in urls]
    assert counted[0] == counted[1]


async def test_summaries_before_joining(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, name="Garden", room_alias_name="garden")
    for named in (room_id, "%23garden:hold.example"):
        told = (await bob.get(f"{V1}/room_summary/{named}")).json()
        assert (told["name"], told["num_joined_members"], told["membership"]) == (
            "Garden",
            1,
            "leave",
        )
    assert "membership" not in (await world.get(f"{V1}/room_summary/{room_id}")).json()
    hidden = await private_room(alice)
    refused(await bob.get(f"{V1}/room_summary/{hidden}"), 404, "M_NOT_FOUND")
    assert (await alice.get(f"{V1}/room_summary/{hidden}")).json()["membership"] == "join"
    refused(await bob.get(f"{V1}/room_summary/%23no:hold.example"), 404, "M_NOT_FOUND")


async def test_rooms_shared_with_somebody(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    rooms = [await create_room(alice, bob) for _ in range(2)]
    await create_room(alice)
    url = f"{V1}/mutual_rooms"
    found = (await bob.get(url, params={"user_id": alice.user_id})).json()
    assert (sorted(found["joined"]), found["count"]) == (sorted(rooms), 2)
    refused(await bob.get(url, params={"user_id": bob.user_id}), 400, "M_INVALID_PARAM")
    refused(await bob.get(url), 400, "M_MISSING_PARAM")
