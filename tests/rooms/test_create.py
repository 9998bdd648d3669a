"""Making rooms."""

from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.rooms.inside import MEGOLM, create_room
from tests.world import Person, World, refused

VERSIONS = ("10", "11", "12")


async def state(person: Person, room_id: str) -> dict[tuple[str, str], Any]:
    events = (await person.get(f"rooms/{room_id}/state")).json()
    return {(event["type"], event["state_key"]): event["content"] for event in events}


async def rooms(world: World) -> int:
    found: int = await world.server.context.db.read(
        lambda tx: tx.value("SELECT count(*) FROM rooms")
    )
    return found


@pytest.mark.parametrize("version", VERSIONS)
async def test_each_version_has_its_own_beginning(world: World, version: str) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice, room_version=version)
    create = (await alice.get(f"rooms/{room_id}/state/m.room.create?format=event")).json()
    assert create["content"]["room_version"] == version
    assert ("creator" in create["content"]) == (version == "10")
    assert (room_id == "!" + create["event_id"][1:]) == (version == "12")
    assert room_id.endswith(":hold.example") == (version != "12")
    levels = (await state(alice, room_id))["m.room.power_levels", ""]
    assert levels["users"] == ({} if version == "12" else {alice.user_id: 100})
    assert levels["events"]["m.room.tombstone"] > levels["state_default"]


async def test_two_rooms_of_one_moment_are_two(world: World) -> None:
    alice = await world.register("alice")
    made = {await create_room(alice, room_version="12") for _ in range(3)}
    assert len(made) == 3


@pytest.mark.parametrize(
    ("preset", "rule", "guests", "encrypted"),
    [
        ("private_chat", "invite", "can_join", True),
        ("trusted_private_chat", "invite", "can_join", True),
        ("public_chat", "public", "forbidden", False),
    ],
)
async def test_presets(world: World, preset: str, rule: str, guests: str, encrypted: bool) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    found = await state(alice, await create_room(alice, preset=preset, invite=[bob.user_id]))
    assert found["m.room.join_rules", ""] == {"join_rule": rule}
    assert found["m.room.guest_access", ""] == {"guest_access": guests}
    assert found["m.room.history_visibility", ""] == {"history_visibility": "shared"}
    assert (("m.room.encryption", "") in found) == encrypted
    creators = found["m.room.create", ""].get("additional_creators")
    assert creators == ([bob.user_id] if preset == "trusted_private_chat" else None)


async def test_before_version_12_trusted_people_get_power(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(
        alice, preset="trusted_private_chat", invite=[bob.user_id], room_version="11"
    )
    levels = (await state(alice, room_id))["m.room.power_levels", ""]
    assert levels["users"] == {alice.user_id: 100, bob.user_id: 100}


async def test_everything_that_can_be_asked_for(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(
        alice,
        preset="private_chat",
        visibility="public",
        room_alias_name="garden",
        name="Garden",
        topic="What grows",
        invite=[bob.user_id],
        is_direct=True,
        creation_content={"type": "org.example.kind", "creator": "@mallory:hold.example"},
        initial_state=[
            {"type": "m.room.history_visibility", "content": {"history_visibility": "joined"}},
            {"type": "m.room.name", "content": {"name": "overridden"}},
            {"type": "org.example", "state_key": "key", "content": {"n": 1}},
        ],
        power_level_content_override={"invite": 50},
    )
    found = await state(alice, room_id)
    assert found["m.room.create", ""] == {"type": "org.example.kind", "room_version": "12"}
    assert found["m.room.name", ""] == {"name": "Garden"}
    assert found["m.room.topic", ""]["topic"] == "What grows"
    assert found["m.room.canonical_alias", ""] == {"alias": "#garden:hold.example"}
    assert found["m.room.history_visibility", ""] == {"history_visibility": "joined"}
    assert found["org.example", "key"] == {"n": 1}
    assert found["m.room.power_levels", ""]["invite"] == 50
    assert found["m.room.encryption", ""] == MEGOLM
    assert found["m.room.member", bob.user_id] == {
        "membership": "invite",
        "is_direct": True,
        "displayname": "bob",
    }
    listed = (await world.get("publicRooms")).json()["chunk"]
    assert [room["room_id"] for room in listed] == [room_id]
    where = (await world.get("directory/room/%23garden:hold.example")).json()
    assert where["room_id"] == room_id


async def test_the_events_come_in_the_order_of_the_specification(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(
        alice, name="A", topic="B", room_alias_name="a", invite=[bob.user_id], preset="private_chat"
    )
    page = (await alice.get(f"rooms/{room_id}/messages?dir=f&limit=50")).json()["chunk"]
    assert [event["type"].removeprefix("m.room.") for event in page] == [
        "create",
        "member",
        "power_levels",
        "canonical_alias",
        "join_rules",
        "history_visibility",
        "guest_access",
        "encryption",
        "name",
        "topic",
        "member",
    ]


async def test_spaces_are_not_encrypted(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice, preset="private_chat", creation_content={"type": "m.space"})
    assert ("m.room.encryption", "") not in await state(alice, room_id)


async def test_encryption_by_default_can_be_switched_off(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_ENCRYPTED_BY_DEFAULT="off") as world:
        alice = await world.register("alice")
        room_id = await create_room(alice, preset="private_chat")
        assert ("m.room.encryption", "") not in await state(alice, room_id)


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"room_version": "9"}, "M_UNSUPPORTED_ROOM_VERSION"),
        ({"room_alias_name": "two words"}, "M_INVALID_PARAM"),
        ({"room_alias_name": "a:b"}, "M_INVALID_PARAM"),
        ({"invite": ["@alice:hold.example"]}, "M_INVALID_PARAM"),
        ({"invite": "bob"}, "M_BAD_JSON"),
        ({"invite_3pid": [{"medium": "email"}]}, "M_INVALID_PARAM"),
        ({"preset": "open"}, "M_BAD_JSON"),
        ({"initial_state": [{"type": "m.room.create", "content": {}}]}, "M_BAD_JSON"),
        ({"initial_state": [{"type": "m.room.member", "content": {}}]}, "M_BAD_JSON"),
        ({"initial_state": [{"type": "", "content": {}}]}, "M_INVALID_PARAM"),
        ({"initial_state": [{"type": "t" * 256, "content": {}}]}, "M_INVALID_PARAM"),
        ({"initial_state": [{"type": "t", "content": {"n": 1.5}}]}, "M_BAD_JSON"),
        ({"creation_content": {"additional_creators": ["bob"]}}, "M_INVALID_PARAM"),
        ({"power_level_content_override": {"ban": "50"}}, "M_INVALID_ROOM_STATE"),
        (
            {"power_level_content_override": {"users": {"@alice:hold.example": 100}}},
            "M_INVALID_ROOM_STATE",
        ),
        (
            {"room_version": "11", "name": "A", "power_level_content_override": {"users": {}}},
            "M_INVALID_ROOM_STATE",
        ),
    ],
)
async def test_what_cannot_be_a_room_is_not_one(world: World, body: Any, errcode: str) -> None:
    alice = await world.register("alice")
    refused(await alice.post("createRoom", body), 400, errcode)
    assert await rooms(world) == 0


async def test_an_alias_leads_to_one_room(world: World) -> None:
    alice = await world.register("alice")
    await create_room(alice, room_alias_name="garden")
    refused(await alice.post("createRoom", {"room_alias_name": "garden"}), 400, "M_ROOM_IN_USE")
    assert await rooms(world) == 1


async def test_nobody_is_invited_who_is_not_there(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    body = {"invite": [bob.user_id, "@nobody:hold.example"]}
    refused(await alice.post("createRoom", body), 404, "M_NOT_FOUND")
    assert await rooms(world) == 0


async def test_the_number_of_statements_does_not_grow_with_what_is_asked_for(world: World) -> None:
    alice = await world.register("alice")
    others = [(await world.register(f"user{n}")).user_id for n in range(6)]
    few = await world.count_statements(lambda: create_room(alice, name="A", invite=others[:1]))
    world.clock.now += 1000
    state = [{"type": "org.example", "state_key": f"{n}", "content": {}} for n in range(20)]
    many = await world.count_statements(
        lambda: create_room(alice, name="A", invite=others, initial_state=state)
    )
    assert many == few
