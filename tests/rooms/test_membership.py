"""Coming and going: who may, who may not, and that it is harmless to ask twice."""

from typing import Any

import pytest

from tests.rooms.inside import (
    act,
    create_room,
    do,
    join,
    now_says,
    private_room,
    say,
    set_state,
    stored,
)
from tests.world import Person, World, refused


async def membership(person: Person, room_id: str, user_id: str) -> Any:
    answer = await person.get(f"rooms/{room_id}/state/m.room.member/{user_id}")
    return answer.json().get("membership")


async def people(world: World, *names: str) -> list[Person]:
    return [await world.register(name) for name in names]


async def test_an_invitation_is_accepted_or_declined(world: World) -> None:
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    room_id = await private_room(alice)
    for person in (bob, carol):
        refused(await act(person, room_id, "join"), 403, "M_FORBIDDEN")
        await do(alice, room_id, "invite", user_id=person.user_id, reason="come")
    await join(bob, room_id)
    await do(carol, room_id, "leave", reason="no")
    assert await membership(alice, room_id, bob.user_id) == "join"
    assert await membership(alice, room_id, carol.user_id) == "leave"
    refused(await act(carol, room_id, "join"), 403, "M_FORBIDDEN")


async def test_asking_twice_changes_nothing(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    before = await stored(world, room_id)
    await join(bob, room_id)
    assert await stored(world, room_id) == before
    await do(bob, room_id, "leave")
    await do(bob, room_id, "leave")
    assert await stored(world, room_id) == before + 1


async def test_joining_by_alias(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, room_alias_name="garden")
    answer = await bob.post("join/%23garden:hold.example", {"reason": "flowers"})
    assert answer.json() == {"room_id": room_id}
    refused(await bob.post("join/%23nothing:hold.example"), 404, "M_NOT_FOUND")
    refused(await bob.post("join/!nothing:hold.example"), 404, "M_NOT_FOUND")


async def test_whoever_may_removes_and_bans(world: World) -> None:
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    room_id = await create_room(alice, bob, carol)
    for what in ("kick", "ban", "unban"):
        answer = await act(bob, room_id, what, user_id=carol.user_id)
        refused(answer, 403, "M_FORBIDDEN")
    refused(await act(bob, room_id, "kick", user_id=alice.user_id), 403, "M_FORBIDDEN")
    await do(alice, room_id, "kick", user_id=carol.user_id)
    refused(await act(alice, room_id, "kick", user_id=carol.user_id), 403, "M_FORBIDDEN")
    await join(carol, room_id)
    await do(alice, room_id, "ban", user_id=carol.user_id, reason="spam")
    refused(await act(carol, room_id, "join"), 403, "M_FORBIDDEN")
    refused(await act(alice, room_id, "invite", user_id=carol.user_id), 403, "M_FORBIDDEN")
    refused(await act(carol, room_id, "leave"), 403, "M_FORBIDDEN")
    refused(await act(bob, room_id, "unban", user_id=carol.user_id), 403, "M_FORBIDDEN")
    await do(alice, room_id, "unban", user_id=carol.user_id)
    refused(await act(alice, room_id, "unban", user_id=carol.user_id), 403, "M_FORBIDDEN")
    await join(carol, room_id)


async def test_a_creator_of_version_12_is_above_every_level(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    for version, status in (("11", 200), ("12", 403)):
        levels = {"users": {bob.user_id: 101} | ({} if version == "12" else {alice.user_id: 100})}
        room_id = await create_room(
            alice, bob, room_version=version, power_level_content_override=levels
        )
        answer = await act(bob, room_id, "kick", user_id=alice.user_id)
        assert answer.status_code == status, answer.text


async def test_knocking(world: World) -> None:
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    room_id = await create_room(alice)
    refused(await bob.post(f"knock/{room_id}"), 403, "M_FORBIDDEN")
    await now_says(alice, room_id, "m.room.join_rules", {"join_rule": "knock"})
    for person in (bob, carol):
        answer = await person.post(f"knock/{room_id}", {"reason": "let me in"})
        assert answer.json() == {"room_id": room_id}
    refused(await act(bob, room_id, "join"), 403, "M_FORBIDDEN")
    await do(alice, room_id, "invite", user_id=bob.user_id)
    refused(await bob.post(f"knock/{room_id}"), 403, "M_FORBIDDEN")
    await join(bob, room_id)
    await do(carol, room_id, "leave")
    assert await membership(alice, room_id, carol.user_id) == "leave"


@pytest.mark.parametrize("rule", ["restricted", "knock_restricted"])
async def test_a_room_for_the_members_of_another(world: World, rule: str) -> None:
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    club = await create_room(alice, bob)
    room_id = await create_room(alice)
    allow = [{"type": "m.room_membership", "room_id": club}]
    await now_says(alice, room_id, "m.room.join_rules", {"join_rule": rule, "allow": allow})
    refused(await act(carol, room_id, "join"), 403, "M_FORBIDDEN")
    await join(bob, room_id)
    url = f"rooms/{room_id}/state/m.room.member/{bob.user_id}"
    by = (await alice.get(url)).json()["join_authorised_via_users_server"]
    assert by == alice.user_id
    await do(alice, room_id, "leave")
    await do(bob, room_id, "leave")
    refused(await act(bob, room_id, "join"), 403, "M_UNABLE_TO_GRANT_JOIN")


async def test_forgetting(world: World) -> None:
    alice, bob, mallory = await people(world, "alice", "bob", "mallory")
    room_id = await create_room(alice, bob)
    refused(await act(bob, room_id, "forget"), 400, "M_UNKNOWN")
    refused(await act(mallory, room_id, "forget"), 404, "M_NOT_FOUND")
    await do(bob, room_id, "leave")
    await do(bob, room_id, "forget")
    left = (await bob.get("sync", params={"filter": '{"room":{"include_leave":true}}'})).json()
    assert left["rooms"]["leave"] == {}
    await join(bob, room_id)
    assert (await bob.get(f"rooms/{room_id}/messages?dir=b")).status_code == 200


@pytest.mark.parametrize(
    ("content", "state_key"),
    [
        ({"membership": "join"}, "@bob:hold.example"),
        ({"membership": "knock"}, "@bob:hold.example"),
        ({"membership": "elsewhere"}, "@alice:hold.example"),
        ({}, "@alice:hold.example"),
        ({"membership": 7}, "@alice:hold.example"),
        ({"membership": "invite", "third_party_invite": {}}, "@bob:hold.example"),
        ({"membership": "leave"}, "@mallory:hold.example"),
    ],
)
async def test_forged_members(world: World, content: Any, state_key: str) -> None:
    """What no endpoint sends, sent as state."""
    alice, *_others = await people(world, "alice", "bob", "mallory")
    room_id = await create_room(alice)
    before = await stored(world, room_id)
    answer = await set_state(alice, room_id, "m.room.member", content, state_key)
    refused(answer, 403, "M_FORBIDDEN") if state_key != "@mallory:hold.example" else None
    assert await stored(world, room_id) == before + (state_key == "@mallory:hold.example")


async def test_who_is_not_in_a_room_changes_nothing_there(world: World) -> None:
    alice, bob, mallory = await people(world, "alice", "bob", "mallory")
    room_id = await create_room(alice, bob)
    await do(bob, room_id, "leave")
    before = await stored(world, room_id)
    for person in (mallory, bob):
        for what in ("invite", "kick", "ban"):
            answer = await act(person, room_id, what, user_id=alice.user_id)
            refused(answer, 403, "M_FORBIDDEN")
        refused(
            await set_state(person, room_id, "m.room.name", {"name": "Mine"}), 403, "M_FORBIDDEN"
        )
        answer = await person.put(f"rooms/{room_id}/send/m.room.message/1", {"body": "hi"})
        refused(answer, 403, "M_FORBIDDEN")
    refused(await act(mallory, room_id, "leave"), 403, "M_FORBIDDEN")
    assert await stored(world, room_id) == before


async def test_nobody_is_invited_who_is_not_there(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    room_id = await create_room(alice, bob)
    refused(await act(alice, room_id, "invite", user_id="@no:hold.example"), 404, "M_NOT_FOUND")
    refused(await act(alice, room_id, "invite", user_id=bob.user_id), 403, "M_FORBIDDEN")
    refused(await act(alice, room_id, "invite"), 400, "M_MISSING_PARAM")


async def test_who_closes_an_account_leaves_everything(world: World) -> None:
    """With as many statements for many rooms as for one."""
    alice, bob, carol = await people(world, "alice", "bob", "carol")
    rooms = [await create_room(alice, bob) for _ in range(3)]
    await create_room(alice, carol)
    invited = await private_room(alice, invite=[bob.user_id])
    closing = {"auth": bob.auth()}
    many = await world.count_statements(lambda: bob.post("account/deactivate", closing))
    for room_id in (*rooms, invited):
        assert await membership(alice, room_id, bob.user_id) == "leave"
    closing = {"auth": carol.auth()}
    few = await world.count_statements(lambda: carol.post("account/deactivate", closing))
    assert many == few
    await say(alice, rooms[0], "to nobody")


async def test_names_and_pictures_come_along(world: World) -> None:
    alice, bob = await people(world, "alice", "bob")
    await bob.put(f"profile/{bob.user_id}/displayname", {"displayname": "Bob B."})
    room_id = await create_room(alice, bob)
    url = f"rooms/{room_id}/state/m.room.member/{bob.user_id}"
    assert (await alice.get(url)).json()["displayname"] == "Bob B."
    await bob.put(f"profile/{bob.user_id}/displayname", {"displayname": "Robert"})
    assert (await alice.get(url)).json() == {"membership": "join", "displayname": "Robert"}
    before = await stored(world, room_id)
    await bob.put(f"profile/{bob.user_id}/displayname", {"displayname": "Robert"})
    await bob.put(f"profile/{bob.user_id}/org.example.field", {"org.example.field": 1})
    assert await stored(world, room_id) == before
    await bob.delete(f"profile/{bob.user_id}/displayname")
    assert (await alice.get(url)).json() == {"membership": "join"}
    for _ in range(3):
        await create_room(alice, bob)

    async def rename() -> None:
        await bob.put(f"profile/{bob.user_id}/displayname", {"displayname": "B"})

    many = await world.count_statements(rename)
    carol = await world.register("carol")
    await create_room(alice, carol)
    name = {"displayname": "C"}
    few = await world.count_statements(
        lambda: carol.put(f"profile/{carol.user_id}/displayname", name)
    )
    assert many == few
