"""Handing out one-time keys, and fallback keys after them."""

from typing import Any

import pytest

from holdfast.device_keys import feed
from tests.device_keys.devices import SIGNED, Device, claim
from tests.sync.syncing import Client
from tests.world import World, refused


async def two(world: World) -> tuple[Device, Device]:
    return Device(await world.register("alice")), Device(await world.register("bob"))


async def test_oldest_first_and_each_once(world: World) -> None:
    alice, bob = await two(world)
    keys = [await alice.publish(3), alice.one_time_keys(2)]
    await alice.upload(one_time_keys=keys[1])
    for uploaded in keys:
        found: dict[str, Any] = {}
        for _ in uploaded:
            found.update(await claim(bob.person, alice))
        assert found == uploaded
    assert await claim(bob.person, alice) == {}


async def test_a_claimed_key_does_not_come_back(world: World) -> None:
    """A client whose upload got no answer sends the same keys again."""
    alice, bob = await two(world)
    keys = await alice.publish(2)
    first = await claim(bob.person, alice)
    answer = await alice.upload(one_time_keys=keys)
    assert answer.json() == {"one_time_key_counts": {SIGNED: 1}}
    second = await claim(bob.person, alice)
    assert {**first, **second} == keys
    assert await claim(bob.person, alice) == {}
    other = {name: alice.signed({"key": "A" * 43}) for name in first}
    refused(await alice.upload(one_time_keys=other), 400, "M_INVALID_PARAM")


async def test_the_fallback_key_after_them(world: World) -> None:
    alice, bob = await two(world)
    await alice.publish(1)
    fallback = alice.fallback_keys()
    await alice.upload(fallback_keys=fallback)
    assert await claim(bob.person, alice) != fallback
    for _ in range(3):
        assert await claim(bob.person, alice) == fallback
    new = alice.fallback_keys()
    await alice.upload(fallback_keys=new)
    assert await claim(bob.person, alice) == new


async def test_its_owner_is_woken_when_the_fallback_key_is_first_used(world: World) -> None:
    alice, bob = await two(world)
    await alice.publish(0, fallback=True)
    feed = FallbackKeys(world, alice)
    assert await feed.unused() == [SIGNED]
    client = Client(alice.person)
    await client.sync()
    assert not await feed.used_since(client)
    notifier = world.server.context.notifier
    with notifier.waiter(alice.user_id) as waiter:
        await claim(bob.person, alice)
        assert await waiter.wait(2000)
        assert await feed.used_since(client)
        assert await feed.unused() == []
        await client.sync()
        await claim(bob.person, alice)
        assert not await feed.used_since(client)


class FallbackKeys:
    """What the feed tells /sync."""

    def __init__(self, world: World, device: Device) -> None:
        self.db, self.device = world.server.context.db, device

    async def unused(self) -> list[str]:
        user_id, device_id = self.device.user_id, self.device.device_id
        return await self.db.read(lambda tx: feed.unused_fallback_key_types(tx, user_id, device_id))

    async def used_since(self, client: Client) -> bool:
        user_id, device_id = self.device.user_id, self.device.device_id
        since = int((client.since or "s0")[1:])
        return await self.db.read(
            lambda tx: feed.fallback_key_used(tx, user_id, device_id, since, 1 << 60)
        )


async def test_the_same_fallback_key_again_stays_used(world: World) -> None:
    alice, bob = await two(world)
    await alice.publish(0)
    key = alice.fallback_keys()
    await alice.upload(fallback_keys=key)
    await claim(bob.person, alice)
    await alice.upload(fallback_keys=key)
    assert await FallbackKeys(world, alice).unused() == []
    await alice.upload(fallback_keys=alice.fallback_keys())
    assert await FallbackKeys(world, alice).unused() == [SIGNED]


async def test_each_algorithm_by_itself(world: World) -> None:
    alice, bob = await two(world)
    key = alice.account.curve25519_key.to_base64()
    await alice.publish(1)
    await alice.upload(one_time_keys={"curve25519:A": key})
    assert await claim(bob.person, alice, "curve25519") == {"curve25519:A": key}
    assert await claim(bob.person, alice, "curve25519") == {}
    assert await claim(bob.person, alice, "org.example.unknown") == {}
    assert len(await claim(bob.person, alice)) == 1


async def test_who_is_not_there_is_not_in_the_answer(world: World) -> None:
    alice, bob = await two(world)
    await alice.publish(1)
    wanted = {
        alice.user_id: {alice.device_id: SIGNED, "OTHER": SIGNED},
        "@nobody:hold.example": {alice.device_id: SIGNED},
        bob.user_id: {bob.device_id: SIGNED},
    }
    body = (await bob.person.post("keys/claim", {"one_time_keys": wanted, "timeout": 1})).json()
    assert list(body["one_time_keys"]) == [alice.user_id]
    assert list(body["one_time_keys"][alice.user_id]) == [alice.device_id]
    assert body["failures"] == {}


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, "M_MISSING_PARAM"),
        ({"one_time_keys": {"@alice:hold.example": []}}, "M_BAD_JSON"),
        ({"one_time_keys": {"@alice:hold.example": {"DEVICE": 1}}}, "M_BAD_JSON"),
        ({"one_time_keys": {"@alice:hold.example": {"a\0b": SIGNED}}}, "M_INVALID_PARAM"),
        ({"one_time_keys": {"@a:b": {str(n): SIGNED for n in range(10_001)}}}, "M_INVALID_PARAM"),
    ],
)
async def test_claims_that_are_none(world: World, body: Any, errcode: str) -> None:
    alice = await world.register("alice")
    refused(await alice.post("keys/claim", body), 400, errcode)


async def test_500_devices_take_no_more_statements_than_one(world: World) -> None:
    alice, bob = await two(world)
    await alice.publish(2, fallback=True)
    more = [Device(await alice.person.another_session()) for _ in range(3)]
    for device in more:
        await device.publish(0, fallback=True)

    def claiming(wanted: dict[str, Any]) -> Any:
        return lambda: bob.person.post("keys/claim", {"one_time_keys": wanted})

    few = {alice.user_id: {alice.device_id: SIGNED, more[0].device_id: SIGNED}}
    many: dict[str, Any] = {f"@user{n}:hold.example": {"DEVICE": SIGNED} for n in range(496)}
    many[alice.user_id] = {each.device_id: SIGNED for each in (alice, *more)}
    one = await world.count_statements(claiming(few))
    assert await world.count_statements(claiming(many)) == one
    assert one <= 7  # token, lock, claim, keys, fallback keys, advance, mark
