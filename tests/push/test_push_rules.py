"""The rules by which clients decide what to notify of."""

from typing import Any

import pytest

from tests.sync.syncing import Client
from tests.world import Person, World, refused


async def test_everybody_begins_with_the_default_rules(world: World) -> None:
    alice = await world.register("alice")
    rules = (await alice.get("pushrules/")).json()["global"]
    assert {kind: [rule["rule_id"] for rule in rules[kind]] for kind in rules} == {
        "override": [
            ".m.rule.master",
            ".m.rule.suppress_notices",
            ".m.rule.invite_for_me",
            ".m.rule.member_event",
            ".m.rule.is_user_mention",
            ".m.rule.is_room_mention",
            ".m.rule.tombstone",
            ".m.rule.reaction",
            ".m.rule.room.server_acl",
            ".m.rule.suppress_edits",
        ],
        "content": [],
        "room": [],
        "sender": [],
        "underride": [
            ".m.rule.call",
            ".m.rule.encrypted_room_one_to_one",
            ".m.rule.room_one_to_one",
            ".m.rule.message",
            ".m.rule.encrypted",
        ],
    }
    assert (await alice.get("pushrules/global/")).json() == rules


async def test_rules_that_are_about_oneself(world: World) -> None:
    bob = await world.register("bob")
    rules = (await bob.get("pushrules/global/")).json()["override"]
    named = {rule["rule_id"]: rule["conditions"] for rule in rules}
    assert named[".m.rule.is_user_mention"][0]["value"] == bob.user_id
    assert named[".m.rule.invite_for_me"][2]["pattern"] == bob.user_id


async def rule_ids(person: Person, kind: str) -> list[str]:
    rules = (await person.get("pushrules/global/")).json()[kind]
    return [rule["rule_id"] for rule in rules]


async def test_a_rule_is_added_changed_and_removed(world: World) -> None:
    alice = await world.register("alice")
    url = "pushrules/global/content/cake"
    refused(await alice.get(url), 404, "M_NOT_FOUND")
    assert (await alice.put(url, {"actions": ["notify"], "pattern": "cake"})).status_code == 200
    assert (await alice.get(url)).json() == {
        "rule_id": "cake",
        "default": False,
        "enabled": True,
        "actions": ["notify"],
        "pattern": "cake",
    }
    assert (await alice.put(f"{url}/enabled", {"enabled": False})).status_code == 200
    assert (await alice.get(f"{url}/enabled")).json() == {"enabled": False}
    assert (await alice.put(f"{url}/actions", {"actions": []})).status_code == 200
    assert (await alice.get(f"{url}/actions")).json() == {"actions": []}
    assert (await alice.delete(url)).status_code == 200
    refused(await alice.delete(url), 404, "M_NOT_FOUND")


async def test_the_users_rules_come_first_in_the_order_they_ask_for(world: World) -> None:
    alice = await world.register("alice")
    body = {"actions": ["notify"], "conditions": []}
    for query in ("one", "two", "three?after=one", "four?before=one"):
        answer = await alice.put(f"pushrules/global/override/{query}", body)
        assert answer.status_code == 200, answer.text
    found = await rule_ids(alice, "override")
    assert found[:6] == [
        ".m.rule.master",
        "two",
        "four",
        "one",
        "three",
        ".m.rule.suppress_notices",
    ]
    answer = await alice.put("pushrules/global/override/five?after=.m.rule.master", body)
    refused(answer, 404, "M_NOT_FOUND")
    await alice.put("pushrules/global/override/one", {"actions": [], "conditions": []})
    assert (await rule_ids(alice, "override"))[:4] == [".m.rule.master", "two", "four", "one"]


async def test_rules_of_everybody_are_switched_off_but_not_removed(world: World) -> None:
    alice = await world.register("alice")
    url = "pushrules/global/override/.m.rule.master"
    assert (await alice.put(f"{url}/enabled", {"enabled": True})).status_code == 200
    assert (await alice.get(url)).json()["enabled"] is True
    refused(await alice.delete(url), 400, "M_INVALID_PARAM")
    bob = await world.register("bob")
    assert (await bob.get(url)).json()["enabled"] is False


async def test_changes_reach_the_other_clients(world: World) -> None:
    alice = await world.register("alice")
    client = Client(alice)
    await client.sync()
    await alice.put("pushrules/global/override/.m.rule.master/enabled", {"enabled": True})
    told = await client.sync()
    assert told["m.push_rules"] == (await alice.get("pushrules/")).json()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("nothing/one", {"actions": []}),
        ("override/.one", {"actions": []}),
        ("override/o%2Fne", {"actions": []}),
        ("override/one", {"actions": ["shout"]}),
        ("override/one", {"actions": [], "conditions": [{}]}),
        (f"override/{'o' * 256}", {"actions": []}),
    ],
)
async def test_what_is_no_rule_is_not_stored(world: World, path: str, body: Any) -> None:
    alice = await world.register("alice")
    before = (await alice.get("pushrules/")).json()
    refused(await alice.put(f"pushrules/global/{path}", body), 400, "M_INVALID_PARAM")
    assert (await alice.get("pushrules/")).json() == before
