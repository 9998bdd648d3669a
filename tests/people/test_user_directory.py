"""Finding users by their names."""

from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.rooms.inside import create_room, private_room
from tests.world import Person, World, refused


async def search(person: Person, term: str, **body: Any) -> tuple[list[str], bool]:
    answer = await person.post("user_directory/search", {"search_term": term, **body})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return [each["user_id"] for each in found["results"]], found["limited"]


async def test_one_finds_whom_one_could_meet(world: World) -> None:
    names = ("alice", "bob", "carol", "dave")
    alice, bob, carol, dave = [await world.register(name) for name in names]
    await private_room(alice, bob)
    await create_room(carol, visibility="public")
    await private_room(dave)
    assert await search(alice, "bob") == ([bob.user_id], False)
    assert await search(alice, "carol") == ([carol.user_id], False)
    assert await search(alice, "dave") == ([], False)
    assert await search(alice, "alice") == ([], False)


async def test_everybody_where_the_operator_says_so(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_SEARCH_EVERYBODY="on") as world:
        alice, dave = await world.register("alice"), await world.register("dave")
        assert await search(alice, "dave") == ([dave.user_id], False)
        await dave.post("account/deactivate", {"auth": dave.auth()})
        assert await search(alice, "dave") == ([], False)


async def test_the_best_come_first(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_SEARCH_EVERYBODY="on") as world:
        alice = await world.register("alice")
        people = [await world.register(name) for name in ("anna", "hannah", "ann", "x")]
        picture = {"avatar_url": "mxc://hold.example/picture"}
        await people[3].put(f"profile/{people[3].user_id}/displayname", {"displayname": "ANN %_"})
        await people[3].put(f"profile/{people[3].user_id}/avatar_url", picture)
        ids = [person.user_id for person in people]
        assert await search(alice, "Ann") == ([ids[2], ids[3], ids[0], ids[1]], False)
        assert await search(alice, "@ann:hold.example") == ([ids[2]], False)
        assert await search(alice, "ann", limit=2) == ([ids[2], ids[3]], True)
        assert await search(alice, "%") == ([ids[3]], False)
        assert await search(alice, "  ") == ([], False)
        body = {"search_term": "ann %"}
        (found,) = (await alice.post("user_directory/search", body)).json()["results"]
        assert found == {"user_id": ids[3], "display_name": "ANN %_", **picture}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, "M_MISSING_PARAM"),
        ({"search_term": 7}, "M_BAD_JSON"),
        ({"search_term": "a", "limit": 0}, "M_INVALID_PARAM"),
    ],
)
async def test_what_cannot_be_asked(world: World, body: Any, errcode: str) -> None:
    alice = await world.register("alice")
    refused(await alice.post("user_directory/search", body), 400, errcode)
