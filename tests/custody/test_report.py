"""The custody report: what is covered, who holds the rest, and what each choice would cost."""

from typing import Any

import pytest
from vodozemac import GroupSession

from tests.dehydrated_devices.dehydrating import DehydratedDevice
from tests.device_keys.devices import Device, Identity
from tests.key_backup.backing_up import begin, key, put, rooms
from tests.recovery.test_reset_in_portal import MAIL, opened, requested
from tests.rooms.inside import act, create_room, do, join, redact, send, set_state
from tests.world import EXTRAS, Person, World, refused

CUSTODY = f"{EXTRAS}/custody"


async def report(person: Person) -> dict[str, Any]:
    answer = await person.get(CUSTODY)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def totals(person: Person) -> tuple[int, int, int, int]:
    found = (await report(person))["coverage"]
    return found["events"], found["covered"], found["at_risk"], found["not_readable"]


async def whisper(person: Person, room_id: str, session: GroupSession) -> str:
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": session.encrypt(b"secret").to_base64(),
        "session_id": session.session_id,
    }
    return await send(person, room_id, content, kind="m.room.encrypted")


async def back_up(person: Person, room_id: str, session: GroupSession, first: int = 0) -> None:
    await put(person, "1", rooms({(room_id, session.session_id): key(first)}))


def of(found: dict[str, Any], person: Person) -> dict[str, Any]:
    return next(each for each in found["sessions"] if each["device_id"] == person.device_id)


async def test_a_new_account(world: World) -> None:
    alice = await world.register("alice")
    found = await report(alice)
    assert found["coverage"] == {
        "events": 0,
        "covered": 0,
        "at_risk": 0,
        "not_readable": 0,
        "rooms": [],
    }
    assert found["recovery"] == {
        "backup_version": "",
        "backup_count": 0,
        "default_key": "",
        "secrets": [],
        "last_proven_ts": 0,
        "identity": False,
        "dehydrated_device": False,
        "email": False,
        "recovery_key_reset": False,
    }
    assert [each["verdict"] for each in found["choices"].values()] == ["safe"] * 3


async def test_only_who_is_signed_in_gets_it(world: World) -> None:
    refused(await world.call("GET", CUSTODY), 401, "M_MISSING_TOKEN")
    told = (await world.get("/_matrix/client/versions")).json()
    assert told["unstable_features"]["dev.holdfast.custody"] is True


async def test_a_key_covers_from_its_index_on(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    room_id, session = await create_room(alice), GroupSession()
    for _ in range(4):
        await whisper(alice, room_id, session)
    assert await totals(alice) == (4, 0, 4, 0)
    await back_up(alice, room_id, session, 3)
    assert await totals(alice) == (4, 1, 3, 0)
    await back_up(alice, room_id, session, 1)
    assert await totals(alice) == (4, 3, 1, 0)
    await back_up(alice, room_id, session, 0)
    assert await totals(alice) == (4, 4, 0, 0)
    await begin(alice)
    assert await totals(alice) == (4, 0, 4, 0), "only the current backup counts"


async def test_only_what_may_be_read_counts(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id, session = await create_room(alice), GroupSession()
    await set_state(alice, room_id, "m.room.history_visibility", {"history_visibility": "joined"})
    await whisper(alice, room_id, session)
    await join(bob, room_id)
    await whisper(alice, room_id, session)
    assert await totals(bob) == (1, 0, 1, 0)
    await act(bob, room_id, "leave")
    await whisper(alice, room_id, session)
    assert await totals(bob) == (1, 0, 1, 0)
    assert await totals(alice) == (3, 0, 3, 0)
    await do(bob, room_id, "forget")
    assert await totals(bob) == (0, 0, 0, 0)


async def test_what_is_redacted_or_tells_nothing(world: World) -> None:
    alice = await world.register("alice")
    room_id, session = await create_room(alice), GroupSession()
    first = await whisper(alice, room_id, session)
    world.clock.turn(ms=5000)
    await whisper(alice, room_id, session)
    await send(alice, room_id, {"body": "?"}, kind="m.room.encrypted")
    room = (await report(alice))["coverage"]["rooms"][0]
    assert room["last_at_risk_ts"] - room["first_at_risk_ts"] == 5000
    await redact(alice, room_id, first)
    assert await totals(alice) == (2, 0, 1, 1)
    room = (await report(alice))["coverage"]["rooms"][0]
    assert room["first_at_risk_ts"] == room["last_at_risk_ts"]


async def test_a_session_that_does_not_back_up_is_named(world: World) -> None:
    alice = await world.register("alice")
    phone, bob = await alice.another_session(), await world.register("bob")
    room_id, good, bad = await create_room(alice, bob), GroupSession(), GroupSession()
    await begin(alice)
    await whisper(alice, room_id, good)
    await back_up(alice, room_id, good)
    await whisper(phone, room_id, bad)
    await whisper(phone, room_id, bad)
    await whisper(bob, room_id, GroupSession())
    assert of(await report(alice), phone)["backing_up"] == "unknown", "it still has time"
    world.clock.turn(minutes=11)
    found = await report(alice)
    assert of(found, alice)["backing_up"] == "yes"
    told = of(found, phone)
    assert (told["backing_up"], told["last_backup_ts"]) == ("no", 0)
    assert (told["megolm_sessions"], told["megolm_sessions_backed_up"]) == (1, 0)
    assert (of(found, alice)["at_risk_if_removed"], told["at_risk_if_removed"]) == (0, 2)
    room = found["coverage"]["rooms"][0]
    assert room["at_risk_of_own"] == 2
    assert room["at_risk_by"] == {alice.user_id: 2, bob.user_id: 1}
    choices = found["choices"]
    assert [choices[c]["at_risk"] for c in ("keep", "lock", "remove")] == [0, 2, 2]
    codes = [each["code"] for each in choices["remove"]["reasons"]]
    assert codes == ["removed_sessions_hold_keys", "no_way_in", "messages_of_others"]


@pytest.mark.parametrize(
    ("name", "keeps", "cost"),
    [
        ("app.element.io: Firefox on Linux", "yes", 0),
        ("Cinny Web", "yes", 0),
        ("Element X Android", "unknown", 1),
        ("My phone", "unknown", 1),
    ],
)
async def test_what_a_lock_costs_depends_on_the_client(
    world: World, name: str, keeps: str, cost: int
) -> None:
    alice = await world.register("alice")
    other, room_id = await alice.another_session(), await create_room(alice)
    await alice.put(f"devices/{other.device_id}", {"display_name": name})
    await whisper(other, room_id, GroupSession())
    found = await report(alice)
    assert of(found, other)["keeps_keys_when_locked"] == keeps
    assert found["choices"]["lock"]["at_risk"] == cost
    await alice.post(f"{EXTRAS}/lock_devices", {"devices": [other.device_id]})
    found = await report(alice)
    assert of(found, other)["state"] == "locked"
    assert found["choices"]["lock"]["at_risk"] == 0, "it is locked already"


async def test_the_way_in(world: World) -> None:
    alice = await world.register("alice")
    data = f"user/{alice.user_id}/account_data"
    await begin(alice)
    await alice.put(f"{data}/m.secret_storage.default_key", {"key": "k"})
    await alice.put(f"{data}/m.megolm_backup.v1", {"encrypted": {"k": {}}})
    await alice.put(f"{data}/m.cross_signing.master", {"encrypted": {"old": {}}})
    await alice.put(f"{data}/m.cross_signing.user_signing", {"encrypted": 7})
    proven = f"{data}/dev.holdfast.recovery_key_proven"
    await alice.put(proven, {"key_id": "old", "ts": 5})
    found = await report(alice)
    way_in = found["recovery"]
    assert (way_in["backup_version"], way_in["default_key"]) == ("1", "k")
    assert way_in["secrets"] == ["m.megolm_backup.v1"]
    assert way_in["last_proven_ts"] == 0, "that was another key"
    codes = [each["code"] for each in found["choices"]["keep"]["reasons"]]
    assert codes == ["recovery_key_not_proven"]
    await alice.put(proven, {"key_id": "k", "ts": 5})
    found = await report(alice)
    assert found["recovery"]["last_proven_ts"] == 5
    assert found["choices"]["keep"]["reasons"] == []


async def test_the_rest_of_the_way_in(world: World) -> None:
    alice = await world.register("alice", email="alice@example.org")
    device = Device(alice)
    await device.publish()
    before = await report(alice)
    assert before["recovery"]["email"] is True
    assert (before["recovery"]["identity"], before["recovery"]["dehydrated_device"]) == (False,) * 2
    assert of(before, alice)["verified"] is False
    identity = Identity(alice.user_id)
    await identity.publish(alice)
    assert (await report(alice))["recovery"]["identity"] is True
    signed = identity.sign(device.device_keys(), identity.self_signing)
    body = {alice.user_id: {alice.device_id: signed}}
    assert (await alice.post("keys/signatures/upload", body)).json()["failures"] == {}
    await DehydratedDevice(alice).put()
    found = await report(alice)
    assert of(found, alice)["verified"] is True
    assert found["recovery"]["dehydrated_device"] is True


async def test_who_comes_by_a_link_leaves_no_session_behind(world: World) -> None:
    """No session stays by itself: without a recovery key, removing all leaves no way back."""
    alice = await world.register("alice", email=MAIL)
    await whisper(alice, await create_room(alice), GroupSession())
    told = (await opened(world, await requested(world))).json()["custody"]
    assert [told["choices"][one]["verdict"] for one in ("keep", "lock", "remove")] == [
        "safe",
        "no_way_back",
        "no_way_back",
    ]
    assert told["choices"]["remove"]["at_risk"] == 1
    await begin(alice)
    data = f"user/{alice.user_id}/account_data"
    await alice.put(f"{data}/m.secret_storage.default_key", {"key": "k"})
    await alice.put(f"{data}/m.megolm_backup.v1", {"encrypted": {"k": {}}})
    told = (await opened(world, await requested(world))).json()["custody"]
    assert told["choices"]["remove"]["verdict"] == "loss"


async def test_messages_with_a_gap_are_counted_one_by_one(world: World) -> None:
    alice = await world.register("alice")
    await begin(alice)
    room_id, session = await create_room(alice), GroupSession()
    sent = [await whisper(alice, room_id, session) for _ in range(6)]
    await back_up(alice, room_id, session, 3)
    assert await totals(alice) == (6, 3, 3, 0)
    await redact(alice, room_id, sent[1])
    assert await totals(alice) == (5, 3, 2, 0)
    await redact(alice, room_id, sent[4])
    assert await totals(alice) == (4, 2, 2, 0)


async def test_the_number_of_statements_is_fixed(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await begin(alice)
    await create_room(alice)
    few = await world.count_statements(lambda: report(alice))
    for _ in range(3):
        await alice.another_session()
        room_id, session = await create_room(alice, bob), GroupSession()
        for _ in range(3):
            await whisper(alice, room_id, session)
            await whisper(bob, room_id, GroupSession())
        await back_up(alice, room_id, session, 1)
    assert await world.count_statements(lambda: report(alice)) == few
