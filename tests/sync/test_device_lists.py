"""What a client is told of keys: whose changed, and which its device has left."""

from typing import Any

import pytest

from tests.device_keys.devices import SIGNED, Device, Identity, claim
from tests.sync.syncing import Client, soon
from tests.world import Person, World, refused


async def up_to_date(person: Person) -> Client:
    client = Client(person)
    await client.sync()
    return client


async def told(client: Client, **query: str | int) -> dict[str, Any]:
    """What one sync says of keys; it is taken in."""
    answer = await client.ask(**query)
    client.take(answer)
    body = answer.json()
    return {
        "changed": body["device_lists"]["changed"],
        "left": body["device_lists"]["left"],
        "counts": body["device_one_time_keys_count"],
        "fallback": body["device_unused_fallback_key_types"],
        "old": body["org.matrix.msc2732.device_unused_fallback_key_types"],
    }


async def test_new_keys_change_the_own_list(world: World) -> None:
    alice = await world.register("alice")
    phone, laptop = await up_to_date(alice), await up_to_date(await alice.another_session())
    await Device(alice).publish()
    for client in (phone, laptop):
        assert (await told(client))["changed"] == [alice.user_id]
        assert (await told(client))["changed"] == []


async def test_so_does_an_identity(world: World) -> None:
    alice = await world.register("alice")
    client = await up_to_date(alice)
    await Identity(alice.user_id).publish(alice)
    assert (await told(client))["changed"] == [alice.user_id]


async def test_so_does_a_signature(world: World) -> None:
    """Else a session that was just verified would stay unverified in its own eyes."""
    alice = await world.register("alice")
    device, identity = Device(alice), Identity(alice.user_id)
    await device.publish()
    await identity.publish(alice)
    client = await up_to_date(alice)
    signed = identity.sign(device.device_keys(), identity.self_signing)
    body = {alice.user_id: {alice.device_id: signed}}
    answer = await alice.post("keys/signatures/upload", body)
    assert answer.json() == {"failures": {}}
    assert (await told(client))["changed"] == [alice.user_id]


async def test_so_does_a_session_that_is_removed(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    await Device(phone).publish()
    client = await up_to_date(alice)
    await phone.post("logout")
    assert (await told(client))["changed"] == [alice.user_id]


async def test_what_is_no_change_is_not_told(world: World) -> None:
    alice = await world.register("alice")
    device = Device(alice)
    await device.publish(1)
    client = await up_to_date(alice)
    await device.upload(device_keys=device.device_keys())
    await device.upload(one_time_keys=device.one_time_keys(3))
    assert (await told(client))["changed"] == []


async def test_strangers_are_not_told(world: World) -> None:
    alice, bob = await world.register("alice"), await up_to_date(await world.register("bob"))
    await Device(alice).publish()
    assert (await told(bob))["changed"] == []


async def test_the_first_answer_names_nobody(world: World) -> None:
    """A client without a position looks everything up anyway."""
    alice = await world.register("alice")
    await Device(alice).publish()
    client = Client(alice)
    assert (await told(client))["changed"] == []
    await Device(alice).publish()
    assert (await told(client, full_state="true"))["changed"] == [alice.user_id]


async def test_a_change_ends_the_wait(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    async with alice.waiting() as waiting:
        await Device(await alice.person.another_session()).publish()
        assert (await soon(waiting)).json()["device_lists"]["changed"] == [alice.person.user_id]


async def test_what_keys_are_left_is_in_every_answer(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = Device(alice)
    client = Client(alice)
    nothing = {"counts": {SIGNED: 0}, "fallback": [], "old": []}
    assert {**await told(client), **nothing} == await told(Client(alice))
    await device.publish(2, fallback=True)
    left = {"counts": {SIGNED: 2}, "fallback": [SIGNED], "old": [SIGNED]}
    for query in ({}, {"timeout": 50}, {"full_state": "true"}):
        now = await told(client, **query)
        assert {**now, **left} == now
    await claim(bob, device)
    assert (await told(client, timeout=50))["counts"] == {SIGNED: 1}
    other = await told(Client(await alice.another_session()))
    assert {**other, **nothing} == other


async def test_a_used_fallback_key_ends_the_wait(world: World) -> None:
    """The session has to make another one; a claimed one-time key can wait."""
    alice, bob = await world.register("alice"), await world.register("bob")
    device = Device(alice)
    await device.publish(1, fallback=True)
    client = await up_to_date(alice)
    async with client.waiting() as waiting:
        await claim(bob, device)
        assert not waiting.done()
        await claim(bob, device)
        answer = await soon(waiting)
        assert answer.json()["device_unused_fallback_key_types"] == []
        client.take(answer)
    async with client.waiting():
        pass


async def changes(person: Person, **query: str) -> Any:
    answer = await person.get("keys/changes", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_changes_since_a_position(world: World) -> None:
    alice = await world.register("alice")
    client = await up_to_date(alice)
    before = client.since or ""
    await Device(alice).publish()
    await client.sync()
    after = client.since or ""
    assert before != after
    own = {"changed": [alice.user_id], "left": []}
    assert await changes(alice, **{"from": before, "to": after}) == own
    assert await changes(alice, **{"from": before, "to": before}) == own  # until now, always
    assert await changes(alice, **{"from": before}) == own
    assert await changes(alice, **{"from": after, "to": after}) == {"changed": [], "left": []}


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ({}, "M_MISSING_PARAM"),
        ({"to": "s1"}, "M_MISSING_PARAM"),
        ({"from": ""}, "M_INVALID_PARAM"),
        ({"from": "1"}, "M_INVALID_PARAM"),
        ({"from": "s1_1"}, "M_INVALID_PARAM"),
        ({"from": "s0", "to": "soon"}, "M_INVALID_PARAM"),
        ({"from": "s0\0"}, "M_INVALID_PARAM"),
        ({"from": "s999999"}, "M_UNKNOWN_POS"),
    ],
)
async def test_positions_that_are_none(world: World, query: dict[str, str], errcode: str) -> None:
    alice = await world.register("alice")
    refused(await alice.get("keys/changes", params=query), 400, errcode)
