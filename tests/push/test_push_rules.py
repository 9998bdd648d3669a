"""The rules by which clients decide what to notify of."""

from tests.world import World


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


async def test_rules_cannot_be_changed_yet(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.put("pushrules/global/override/.m.rule.master/enabled", {"enabled": True})
    assert (answer.status_code, answer.json()["errcode"]) == (404, "M_UNRECOGNIZED")
