"""Edits, references, reactions and threads."""

from typing import Any

import pytest

from tests.rooms.inside import create_room, redact, say, send, try_to_send
from tests.world import Person, World, refused

V1 = "/_matrix/client/v1/rooms"


def relates(rel_type: str, event_id: str, **more: Any) -> dict[str, Any]:
    return {"m.relates_to": {"rel_type": rel_type, "event_id": event_id, **more}}


async def edit(person: Person, room_id: str, event_id: str, text: str) -> str:
    new = {"msgtype": "m.text", "body": text}
    return await say(
        person, room_id, f"* {text}", **relates("m.replace", event_id), **{"m.new_content": new}
    )


async def react(person: Person, room_id: str, event_id: str, key: str) -> Any:
    content = relates("m.annotation", event_id, key=key)
    return await try_to_send(person, room_id, content, kind="m.reaction")


async def bundled(person: Person, room_id: str, event_id: str) -> dict[str, Any]:
    event = (await person.get(f"rooms/{room_id}/event/{event_id}")).json()
    found: dict[str, Any] = event["unsigned"].get("m.relations", {})
    return found


async def two(world: World) -> tuple[Person, Person, str]:
    alice, bob = await world.register("alice"), await world.register("bob")
    return alice, bob, await create_room(alice, bob)


async def test_the_newest_edit_of_its_sender_counts(world: World) -> None:
    alice, bob, room_id = await two(world)
    event = await say(alice, room_id, "one")
    assert await bundled(bob, room_id, event) == {}
    await edit(alice, room_id, event, "two")
    last = await edit(alice, room_id, event, "three")
    await edit(bob, room_id, event, "not mine")
    await send(alice, room_id, relates("m.replace", event), kind="org.example.other")
    replaced = (await bundled(bob, room_id, event))["m.replace"]
    assert (replaced["event_id"], replaced["sender"]) == (last, alice.user_id)
    assert replaced["content"]["m.new_content"]["body"] == "three"
    await redact(alice, room_id, last)
    replaced = (await bundled(bob, room_id, event))["m.replace"]
    assert replaced["content"]["m.new_content"]["body"] == "two"
    await redact(alice, room_id, event)
    assert await bundled(bob, room_id, event) == {}


async def test_references(world: World) -> None:
    alice, bob, room_id = await two(world)
    event = await say(alice, room_id, "one")
    others = [await say(bob, room_id, f"{n}", **relates("m.reference", event)) for n in range(2)]
    found = await bundled(alice, room_id, event)
    assert found == {"m.reference": {"chunk": [{"event_id": each} for each in others]}}


async def test_a_reaction_counts_once(world: World) -> None:
    alice, bob, room_id = await two(world)
    event = await say(alice, room_id, "one")
    first = (await react(bob, room_id, event, "👍")).json()["event_id"]
    refused(await react(bob, room_id, event, "👍"), 400, "M_DUPLICATE_ANNOTATION")
    assert (await react(bob, room_id, event, "🎉")).status_code == 200
    assert (await react(alice, room_id, event, "👍")).status_code == 200
    await redact(bob, room_id, first)
    assert (await react(bob, room_id, event, "👍")).status_code == 200
    assert await bundled(bob, room_id, event) == {}  # clients count reactions themselves


async def test_relations_stay_in_the_room(world: World) -> None:
    alice, _bob, room_id = await two(world)
    elsewhere = await say(alice, await create_room(alice), "one")
    for target in (elsewhere, "$nothing"):
        refused(await react(alice, room_id, target, "👍"), 400, "M_INVALID_PARAM")
        answer = await try_to_send(alice, room_id, relates("m.thread", target))
        refused(answer, 400, "M_INVALID_PARAM")


async def test_a_thread_and_what_is_told_of_it(world: World) -> None:
    alice, bob, room_id = await two(world)
    root = await say(alice, room_id, "root")
    first = await say(bob, room_id, "one", **relates("m.thread", root))
    last = await say(bob, room_id, "two", **relates("m.thread", root))
    await edit(bob, room_id, last, "three")
    await react(alice, room_id, last, "👍")
    for person in (alice, bob):
        thread = (await bundled(person, room_id, root))["m.thread"]
        assert (thread["count"], thread["current_user_participated"]) == (2, True)
        assert thread["latest_event"]["event_id"] == last
        edited = thread["latest_event"]["unsigned"]["m.relations"]["m.replace"]
        assert edited["content"]["m.new_content"]["body"] == "three"
    carol = await world.register("carol")
    await carol.post(f"rooms/{room_id}/join")
    thread = (await bundled(carol, room_id, root))["m.thread"]
    assert thread["current_user_participated"] is False
    answer = await try_to_send(alice, room_id, relates("m.thread", first))
    refused(answer, 400, "M_UNKNOWN")
    await redact(bob, room_id, last)
    assert (await bundled(bob, room_id, root))["m.thread"]["count"] == 1


async def test_the_list_of_threads(world: World) -> None:
    alice, bob, room_id = await two(world)
    roots = [await say(alice if n < 2 else bob, room_id, f"{n}") for n in range(3)]
    for n in (0, 1, 2, 0):
        await say(alice if n == 0 else bob, room_id, "reply", **relates("m.thread", roots[n]))
    url = f"{V1}/{room_id}/threads"
    found = (await alice.get(url)).json()
    assert [e["event_id"] for e in found["chunk"]] == [roots[0], roots[2], roots[1]]
    mine = (await bob.get(url, params={"include": "participated"})).json()
    assert [e["event_id"] for e in mine["chunk"]] == [roots[2], roots[1]]
    page = (await alice.get(url, params={"limit": "2"})).json()
    rest = (await alice.get(url, params={"from": page["next_batch"]})).json()
    assert [e["event_id"] for e in (*page["chunk"], *rest["chunk"])] == [
        roots[0],
        roots[2],
        roots[1],
    ]
    assert "next_batch" not in rest
    refused(await alice.get(url, params={"include": "some"}), 400, "M_INVALID_PARAM")


async def test_all_that_relates_to_an_event(world: World) -> None:
    alice, bob, room_id = await two(world)
    root = await say(alice, room_id, "root")
    replies = [await say(bob, room_id, f"{n}", **relates("m.thread", root)) for n in range(3)]
    reaction = (await react(alice, room_id, root, "👍")).json()["event_id"]
    deeper = (await react(alice, room_id, replies[0], "🎉")).json()["event_id"]
    url = f"{V1}/{room_id}/relations/{root}"

    async def found(path: str = "", **query: str) -> list[str]:
        answer = await bob.get(url + path, params=query)
        assert answer.status_code == 200, answer.text
        return [event["event_id"] for event in answer.json()["chunk"]]

    assert await found() == [reaction, *replies[::-1]]
    assert await found(dir="f") == [*replies, reaction]
    assert await found("/m.thread") == replies[::-1]
    assert await found("/m.annotation/m.reaction") == [reaction]
    assert await found("/m.annotation/m.room.message") == []
    assert await found("/m.annotation", recurse="true") == [deeper, reaction]
    page = (await bob.get(url, params={"limit": "2"})).json()
    rest = (await bob.get(url, params={"from": page["next_batch"]})).json()
    assert len(page["chunk"]) == len(rest["chunk"]) == 2
    refused(await bob.get(f"{V1}/{room_id}/relations/$nothing"), 404, "M_NOT_FOUND")


@pytest.mark.parametrize("query", [{"recurse": "x"}, {"dir": "x"}, {"from": "x"}, {"limit": "x"}])
async def test_what_cannot_be_asked(world: World, query: dict[str, str]) -> None:
    alice, _bob, room_id = await two(world)
    event = await say(alice, room_id, "one")
    answer = await alice.get(f"{V1}/{room_id}/relations/{event}", params=query)
    refused(answer, 400, "M_INVALID_PARAM")


async def test_bundles_cost_the_same_for_many_events(world: World) -> None:
    alice, bob, room_id = await two(world)

    async def busy() -> None:
        event = await say(alice, room_id, "one")
        await edit(alice, room_id, event, "two")
        await say(bob, room_id, "reply", **relates("m.thread", event))
        await say(bob, room_id, "see", **relates("m.reference", event))

    url = f"rooms/{room_id}/messages?dir=b&limit=100"
    await busy()
    few = await world.count_statements(lambda: alice.get(url))
    for _ in range(4):
        await busy()
    assert await world.count_statements(lambda: alice.get(url)) == few


async def test_who_has_left_hears_of_no_later_edit(world: World) -> None:
    alice, bob, room_id = await two(world)
    event = await say(alice, room_id, "one")
    await edit(alice, room_id, event, "two")
    await bob.post(f"rooms/{room_id}/leave")
    last = await edit(alice, room_id, event, "secret")
    await say(alice, room_id, "secret", **relates("m.reference", event))
    found = await bundled(bob, room_id, event)
    assert set(found) == {"m.replace"}
    assert found["m.replace"]["content"]["m.new_content"]["body"] == "two"
    assert (await bundled(alice, room_id, event))["m.replace"]["event_id"] == last
