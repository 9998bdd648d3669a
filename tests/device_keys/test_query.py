"""Looking up keys: one's own and other people's."""

from typing import Any

import pytest

from tests.device_keys.devices import Device, Identity, public, query
from tests.world import World, refused


async def test_what_a_device_has_published(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = Device(alice)
    await device.publish(1)
    assert (await query(bob, alice.user_id))["device_keys"] == {
        alice.user_id: {alice.device_id: device.device_keys()}
    }


async def test_every_member_is_kept(world: World) -> None:
    """Others verify the signature over all of it, so nothing may be lost or added."""
    alice = await world.register("alice")
    device = Device(alice)
    more = {"org.example.more": {"signatures": {"a": 1}, "é": ["\u2028", None, True, -1, "𐍈"]}}
    sent = device.device_keys(**more)
    answer = await device.upload(
        device_keys={**sent, "unsigned": {"device_display_name": "Evil", "n": 0.5}}
    )
    assert answer.status_code == 200
    assert (await query(alice, alice.user_id))["device_keys"] == {
        alice.user_id: {alice.device_id: sent}
    }


@pytest.mark.parametrize("name", ["Alice's phone", 'a "quoted" \\ name', ""])
async def test_what_it_is_called(world: World, name: str) -> None:
    alice = await world.register("alice")
    device = Device(await alice.another_session(initial_device_display_name=name))
    await device.publish()
    found = (await query(alice, alice.user_id))["device_keys"][alice.user_id]
    assert found == {
        device.device_id: {**device.device_keys(), "unsigned": {"device_display_name": name}}
    }
    await device.person.put(f"devices/{device.device_id}", {"display_name": "New"})
    found = (await query(alice, alice.user_id))["device_keys"][alice.user_id]
    assert found[device.device_id]["unsigned"] == {"device_display_name": "New"}


async def test_some_devices_only(world: World) -> None:
    alice = await world.register("alice")
    devices = [Device(alice), Device(await alice.another_session())]
    for device in devices:
        await device.publish()
    for device in devices:
        asked = {alice.user_id: [device.device_id, "OTHER"]}
        answer = await alice.post("keys/query", {"device_keys": asked, "timeout": 10000})
        assert list(answer.json()["device_keys"][alice.user_id]) == [device.device_id]


async def test_who_is_not_there_is_not_in_the_answer(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    body = await query(alice, alice.user_id, bob.user_id, "@nobody:hold.example", "nonsense")
    assert body["device_keys"] == {}
    assert body["master_keys"] == body["self_signing_keys"] == body["user_signing_keys"] == {}


async def test_whose_last_device_is_gone_is_told_without_devices(world: World) -> None:
    """A client that knew the device must learn that it is there no more."""
    alice, bob = await world.register("alice"), await world.register("bob")
    await Device(bob).publish()
    await bob.post("logout")
    assert (await query(alice, bob.user_id))["device_keys"] == {bob.user_id: {}}


async def test_identities(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    identity = Identity(alice.user_id)
    await identity.publish(alice)
    own = await query(alice, alice.user_id)
    seen = await query(bob, alice.user_id)
    for body in (own, seen):
        assert body["master_keys"] == {alice.user_id: identity.master_key}
        assert body["self_signing_keys"] == {alice.user_id: identity.self_signing_key}
    assert own["user_signing_keys"] == {alice.user_id: identity.user_signing_key}
    assert seen["user_signing_keys"] == {}


async def test_all_together_with_signatures(world: World) -> None:
    """A device that its identity signed, an identity that its device signed, and a name."""
    alice = await world.register("alice", initial_device_display_name="Laptop")
    device, identity = Device(alice), Identity(alice.user_id)
    await device.publish()
    await identity.publish(alice)
    signed = identity.sign(device.device_keys(), identity.self_signing)
    master = device.signed(identity.master_key)
    objects = {device.device_id: signed, public(identity.master): master}
    answer = await alice.post("keys/signatures/upload", {alice.user_id: objects})
    assert answer.json() == {"failures": {}}
    body = await query(alice, alice.user_id)
    shown = {**signed, "unsigned": {"device_display_name": "Laptop"}}
    assert body["device_keys"] == {alice.user_id: {device.device_id: shown}}
    assert body["master_keys"] == {alice.user_id: master}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, "M_MISSING_PARAM"),
        ({"device_keys": []}, "M_BAD_JSON"),
        ({"device_keys": {"@alice:hold.example": {}}}, "M_BAD_JSON"),
        ({"device_keys": {"@alice:hold.example": [1]}}, "M_BAD_JSON"),
        ({"device_keys": {"a\0b": []}}, "M_INVALID_PARAM"),
        ({"device_keys": {str(n): [] for n in range(10_001)}}, "M_INVALID_PARAM"),
    ],
)
async def test_questions_that_are_none(world: World, body: Any, errcode: str) -> None:
    alice = await world.register("alice")
    refused(await alice.post("keys/query", body), 400, errcode)


async def test_500_users_take_no_more_statements_than_one(world: World) -> None:
    alice = await world.register("alice")
    device, identity = Device(alice), Identity(alice.user_id)
    await device.publish()
    await identity.publish(alice)
    users = [alice.user_id, *(f"@user{number}:hold.example" for number in range(499))]
    one = await world.count_statements(lambda: query(alice, *users[:2]))
    assert await world.count_statements(lambda: query(alice, *users)) == one
    assert one <= 5  # token, signatures, devices, identities, those without devices
