"""Which rule decides about an event: seen by what counts as unread."""

from typing import Any

import pytest

from holdfast.kit import globs
from tests.rooms.inside import create_room, now_says, say, send
from tests.world import Person, World


async def counts(person: Person, room_id: str) -> tuple[int, int]:
    joined = (await person.get("sync")).json()["rooms"]["join"]
    found = joined[room_id]["unread_notifications"]
    return found["notification_count"], found["highlight_count"]


async def rule(person: Person, kind: str, rule_id: str, **body: Any) -> None:
    url = f"pushrules/global/{kind}/{rule_id}"
    answer = await person.put(url, {"actions": ["notify", {"set_tweak": "highlight"}], **body})
    assert answer.status_code == 200, answer.text


async def three(world: World) -> tuple[Person, Person, str]:
    """A room that is no conversation of two."""
    alice, bob, carol = [await world.register(name) for name in ("alice", "bob", "carol")]
    return alice, bob, await create_room(alice, bob, carol)


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("m.room.message", {"msgtype": "m.text", "body": "hi"}, (1, 0)),
        ("m.room.encrypted", {}, (1, 0)),
        ("m.room.message", {"msgtype": "m.notice", "body": "hi"}, (0, 0)),
        (
            "m.room.message",
            {"body": "x", "m.mentions": {"user_ids": ["@bob:hold.example"]}},
            (1, 1),
        ),
        (
            "m.room.message",
            {"body": "x", "m.mentions": {"user_ids": ["@eve:hold.example"]}},
            (1, 0),
        ),
        ("m.room.message", {"body": "x", "m.mentions": {"room": True}}, (1, 1)),
        ("m.room.message", {"body": "x", "m.mentions": {"room": 1}}, (1, 0)),
        ("m.room.message", {"body": "x", "m.mentions": "bob"}, (1, 0)),
        ("m.call.invite", {}, (1, 0)),
        ("m.reaction", {"m.relates_to": {}}, (0, 0)),
        ("org.example.other", {"body": "hi"}, (0, 0)),
    ],
)
async def test_the_rules_that_everybody_begins_with(
    world: World, kind: str, content: Any, expected: tuple[int, int]
) -> None:
    alice, bob, room_id = await three(world)
    await send(alice, room_id, content, kind=kind)
    assert await counts(bob, room_id) == expected


async def test_edits_are_no_news(world: World) -> None:
    alice, bob, room_id = await three(world)
    event = await say(alice, room_id, "one")
    relation = {"rel_type": "m.replace", "event_id": event}
    await say(alice, room_id, "two", **{"m.relates_to": relation})
    assert await counts(bob, room_id) == (1, 0)


async def test_only_those_with_power_call_everybody(world: World) -> None:
    alice, bob, room_id = await three(world)
    await say(bob, room_id, "all!", **{"m.mentions": {"room": True}})
    assert await counts(alice, room_id) == (1, 0)
    await now_says(alice, room_id, "m.room.tombstone", {"body": "over"})
    assert await counts(bob, room_id) == (1, 1)


async def test_rules_of_ones_own(world: World) -> None:
    alice, bob, room_id = await three(world)
    await rule(bob, "content", "cake", pattern="cake")
    await say(alice, room_id, "Who wants CAKE?")
    assert await counts(bob, room_id) == (1, 1)
    await say(alice, room_id, "pancakes")
    assert await counts(bob, room_id) == (2, 1)
    await rule(bob, "room", room_id, actions=[])
    await say(alice, room_id, "hush")
    assert await counts(bob, room_id) == (2, 1)
    await rule(bob, "sender", alice.user_id)
    await bob.delete(f"pushrules/global/room/{room_id}")
    await say(alice, room_id, "hello")
    assert await counts(bob, room_id) == (3, 2)
    await bob.put("pushrules/global/override/.m.rule.master/enabled", {"enabled": True})
    await say(alice, room_id, "cake")
    assert await counts(bob, room_id) == (3, 2)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"kind": "event_match", "key": "content.msgtype", "pattern": "m.*"}, True),
        ({"kind": "event_match", "key": "content.msgtype", "pattern": "M.T?XT"}, True),
        ({"kind": "event_match", "key": "content.msgtype", "pattern": "text"}, False),
        ({"kind": "event_match", "key": "content.body", "pattern": "big*house"}, True),
        ({"kind": "event_match", "key": "content.body", "pattern": "hous"}, False),
        ({"kind": "event_match", "key": "sender", "pattern": "@alice:*"}, True),
        ({"kind": "event_match", "key": "content.nothing", "pattern": "*"}, False),
        ({"kind": "event_match", "key": "content.n", "pattern": "*"}, False),
        ({"kind": "event_match", "key": r"content.a\.b", "pattern": "dotted"}, True),
        ({"kind": "event_match", "key": "content.a.b", "pattern": "dotted"}, False),
        ({"kind": "event_match", "pattern": "*"}, False),
        ({"kind": "event_property_is", "key": "content.n", "value": 7}, True),
        ({"kind": "event_property_is", "key": "content.n", "value": "7"}, False),
        ({"kind": "event_property_is", "key": "content.yes", "value": 1}, False),
        ({"kind": "event_property_is", "key": "content.none", "value": None}, True),
        ({"kind": "event_property_contains", "key": "content.list", "value": "b"}, True),
        ({"kind": "event_property_contains", "key": "content.list", "value": "c"}, False),
        ({"kind": "event_property_contains", "key": "content.body", "value": "b"}, False),
        ({"kind": "contains_display_name"}, True),
        ({"kind": "room_member_count", "is": "3"}, True),
        ({"kind": "room_member_count", "is": ">2"}, True),
        ({"kind": "room_member_count", "is": "<=2"}, False),
        ({"kind": "room_member_count", "is": "many"}, False),
        ({"kind": "sender_notification_permission", "key": "room"}, True),
        ({"kind": "org.example.unknown"}, False),
    ],
)
async def test_conditions(world: World, condition: Any, holds: bool) -> None:
    alice, bob, room_id = await three(world)
    await rule(bob, "override", "own", conditions=[condition])
    content = {
        "msgtype": "m.text",
        "body": "A big old house, Bob!",
        "n": 7,
        "yes": True,
        "none": None,
        "a.b": "dotted",
        "list": ["a", "b"],
    }
    await send(alice, room_id, content)
    assert await counts(bob, room_id) == (1, int(holds))


def test_patterns_take_no_longer_than_texts_are_long() -> None:
    """Users write both: what would take a regular expression for ever must not hold us up."""
    assert not globs.is_in("a" * 50_000, "*a" * 40 + "b")
    assert not globs.matches("a" * 50_000, "a*" * 40 + "b")
    assert globs.matches("anything", "*")
    assert globs.matches("", "")
    assert globs.is_in("say (hello)", "(hello)")


async def test_the_number_of_members_costs_no_statements(world: World) -> None:
    alice, bob, room_id = await three(world)
    few = await world.count_statements(lambda: say(alice, room_id, "one"))
    await rule(bob, "content", "cake", pattern="cake")
    for n in range(5):
        await (await world.register(f"user{n}")).post(f"rooms/{room_id}/join")
    # One more looks up what those are called who have rules of their own.
    assert await world.count_statements(lambda: say(alice, room_id, "two")) == few + 1
