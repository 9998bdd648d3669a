"""Finding messages that are not encrypted."""

from typing import Any

import pytest

from tests.rooms.inside import create_room, do, now_says, private_room, redact, say, send
from tests.world import Person, World, refused


async def search(person: Person, term: str, **more: Any) -> dict[str, Any]:
    criteria = {"search_term": term, **more}
    answer = await person.post("search", {"search_categories": {"room_events": criteria}})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["search_categories"]["room_events"]
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [each["result"]["event_id"] for each in found["results"]]


async def test_words_are_found_in_any_case_and_order(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    first = await say(alice, room_id, "The Cherry tree blossoms.")
    second = await say(alice, room_id, "a tree, a cherry; ÜBER all")
    await say(alice, room_id, "cherries and trees")
    found = await search(alice, "CHERRY tree")
    assert (ids(found), found["count"]) == ([second, first], 2)
    assert sorted(found["highlights"]) == ["cherry", "tree"]
    assert ids(await search(alice, "über")) == [second]
    assert ids(await search(alice, "...")) == []


async def test_only_in_what_one_may_see(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice)
    await now_says(alice, room_id, "m.room.history_visibility", {"history_visibility": "joined"})
    await say(alice, room_id, "cherry before")
    await bob.post(f"rooms/{room_id}/join")
    after = await say(alice, room_id, "cherry after")
    await say(alice, await private_room(alice), "cherry elsewhere")
    assert ids(await search(bob, "cherry")) == [after]
    assert len(ids(await search(alice, "cherry"))) == 3
    await do(bob, room_id, "leave")
    assert ids(await search(bob, "cherry")) == []


async def test_what_was_redacted_is_not_found(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    event = await say(alice, room_id, "a cherry")
    await redact(alice, room_id, event)
    assert ids(await search(alice, "cherry")) == []
    rows = "SELECT count(*) FROM search_words"
    assert await world.server.context.db.read(lambda tx: tx.value(rows)) == 0


async def test_keys_filters_order_and_groups(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob, name="Cherry")
    of_alice, of_bob = await say(alice, room_id, "cherry"), await say(bob, room_id, "cherry pie")
    await send(alice, room_id, {"body": "cherry"}, kind="org.example.other")
    everything = await search(alice, "cherry", order_by="recent")
    assert ids(everything)[:2] == [of_bob, of_alice]
    assert len(ids(everything)) == 3
    assert len(ids(await search(alice, "cherry", keys=["content.name"]))) == 1
    by_bob = {"senders": [bob.user_id]}
    assert ids(await search(alice, "cherry", filter=by_bob)) == [of_bob]
    assert ids(await search(alice, "cherry", filter={"not_rooms": [room_id]})) == []
    groupings = {"group_by": [{"key": "sender"}]}
    found = await search(alice, "cherry", keys=["content.body"], groupings=groupings)
    groups = found["groups"]["sender"]
    assert {user: group["results"] for user, group in groups.items()} == {
        alice.user_id: [of_alice],
        bob.user_id: [of_bob],
    }


async def test_pages_context_and_state(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    sent = [await say(alice, room_id, f"cherry {n}") for n in range(5)]
    criteria = {"search_term": "cherry", "filter": {"limit": 2}, "order_by": "recent"}
    body = {"search_categories": {"room_events": criteria}}
    found, token = [], ""
    while True:
        url = f"search?next_batch={token}" if token else "search"
        page = (await alice.post(url, body)).json()["search_categories"]["room_events"]
        found += ids(page)
        if "next_batch" not in page:
            break
        token = page["next_batch"]
    assert found == sent[::-1]
    around = {"before_limit": 1, "after_limit": 1}
    told = await search(alice, "2", event_context=around, include_state=True)
    context = told["results"][0]["context"]
    assert [e["event_id"] for e in context["events_before"]] == [sent[1]]
    assert [e["event_id"] for e in context["events_after"]] == [sent[3]]
    assert "m.room.create" in {e["type"] for e in told["state"][room_id]}


@pytest.mark.parametrize(
    ("criteria", "errcode"),
    [
        ({}, "M_MISSING_PARAM"),
        ({"search_term": 7}, "M_BAD_JSON"),
        ({"search_term": "a", "order_by": "age"}, "M_BAD_JSON"),
        ({"search_term": "a", "keys": ["content.secret"]}, "M_BAD_JSON"),
        ({"search_term": "a", "filter": {"limit": 0}}, "M_INVALID_PARAM"),
        ({"search_term": "a", "event_context": {"before_limit": -1}}, "M_INVALID_PARAM"),
    ],
)
async def test_what_cannot_be_searched(world: World, criteria: Any, errcode: str) -> None:
    alice = await world.register("alice")
    body = {"search_categories": {"room_events": criteria}}
    refused(await alice.post("search", body), 400, errcode)
    good = {"search_categories": {"room_events": {"search_term": "a"}}}
    refused(await alice.post("search?next_batch=x", good), 400, "M_INVALID_PARAM")
    assert (await alice.post("search", {"search_categories": {}})).json() == {
        "search_categories": {}
    }
