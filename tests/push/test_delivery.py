"""Notifications reach push gateways, and stop when they have to."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.push.gateway import Gateway, listen
from tests.rooms.inside import create_room, do, private_room, redact, say, send
from tests.world import World


@pytest.fixture
async def town(make_world: MakeWorld) -> AsyncIterator[World]:
    async with make_world(HOLDFAST_PRIVATE_PUSH_GATEWAYS="on") as world:
        yield world


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as made:
        yield made


async def nothing_more(gateway: Gateway, count: int) -> None:
    await asyncio.sleep(0.2)
    assert len(gateway.told) == count, gateway.told


async def test_a_message_is_told_with_all_that_belongs_to_it(town: World, gateway: Gateway) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    room_id = await create_room(alice, bob)
    await listen(bob, gateway, format="full", brand="x")
    event = await say(alice, room_id, "hello")
    (told,) = await gateway.heard(1)
    (device,) = told.pop("devices")
    assert told == {
        "event_id": event,
        "room_id": room_id,
        "counts": {"unread": 1},
        "prio": "high",
        "type": "m.room.message",
        "sender": alice.user_id,
        "content": {"msgtype": "m.text", "body": "hello"},
        "user_is_target": False,
    }
    assert (device["app_id"], device["tweaks"]) == ("org.example.app", {"sound": "default"})
    assert device["data"] == {"format": "full", "brand": "x"}


async def test_with_ids_only_nothing_else_is_told(town: World, gateway: Gateway) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    await listen(bob, gateway, format="event_id_only")
    room_id = await private_room(alice, invite=[bob.user_id])
    (told,) = await gateway.heard(1)
    assert set(told) == {"event_id", "room_id", "counts", "prio", "devices"}
    await bob.post(f"rooms/{room_id}/join")
    await send(alice, room_id, {"ciphertext": "secret"}, kind="m.room.encrypted")
    assert "secret" not in str(await gateway.heard(2))


async def test_what_is_no_news_is_not_told(town: World, gateway: Gateway) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    room_id = await create_room(alice, bob)
    await say(alice, room_id, "before there was a pusher")
    await listen(bob, gateway)
    await say(bob, room_id, "mine")
    await send(alice, room_id, {"msgtype": "m.notice", "body": "a notice"})
    await nothing_more(gateway, 0)


@pytest.mark.parametrize("logout_devices", [True, False])
async def test_a_locked_session_hears_nothing_more(
    town: World, gateway: Gateway, logout_devices: bool
) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    phone, room_id = await bob.another_session(), await create_room(alice, bob)
    await listen(phone, gateway)
    answer = await bob.change_password("another fine lighthouse", logout_devices=logout_devices)
    assert answer.status_code == 200
    await say(alice, room_id, "hello")
    if logout_devices:
        await nothing_more(gateway, 0)
    else:
        await gateway.heard(1)


async def test_not_even_what_is_on_its_way_already(town: World, gateway: Gateway) -> None:
    """The gateway was out of reach; meanwhile the session was removed."""
    alice, bob = await town.register("alice"), await town.register("bob")
    phone, room_id = await bob.another_session(), await create_room(alice, bob)
    gateway.statuses = [503]
    await listen(phone, gateway)
    await say(alice, room_id, "hello")
    await gateway.tried(1)
    await phone.post("logout")
    town.clock.now += 3600_000
    await say(alice, room_id, "again")
    await nothing_more(gateway, 0)
    assert gateway.tries == 1


async def test_a_gateway_that_fails_is_tried_again(town: World, gateway: Gateway) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    room_id = await create_room(alice, bob)
    gateway.statuses = [503, 302]
    await listen(bob, gateway)
    first = await say(alice, room_id, "one")
    await gateway.tried(1)
    await say(alice, room_id, "two")  # wakes the deliveries, but it is too early
    await asyncio.sleep(0.1)
    assert gateway.tries == 1
    said = 2
    while gateway.tries < 3 and said < 10:
        town.clock.now += 2 * 3600_000
        await say(alice, room_id, "more")
        said += 1
        await asyncio.sleep(0.3)
    assert (await gateway.heard(said))[0]["event_id"] == first


async def test_a_pusher_that_is_rejected_is_gone(town: World, gateway: Gateway) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    room_id = await create_room(alice, bob)
    await listen(bob, gateway)
    gateway.rejected = [f"key of {bob.device_id}"]
    await say(alice, room_id, "one")
    await gateway.heard(1)
    for _ in range(100):
        if (await bob.get("pushers")).json() == {"pushers": []}:
            break
        await asyncio.sleep(0.01)
    assert (await bob.get("pushers")).json() == {"pushers": []}


async def test_what_was_read_or_redacted_meanwhile_is_not_told(
    town: World, gateway: Gateway
) -> None:
    alice, bob = await town.register("alice"), await town.register("bob")
    room_id = await create_room(alice, bob)
    gateway.statuses = [503]
    await listen(bob, gateway)
    first = await say(alice, room_id, "one")
    await gateway.tried(1)
    await bob.post(f"rooms/{room_id}/receipt/m.read/{first}")
    await redact(alice, room_id, await say(alice, room_id, "two"))
    town.clock.now += 3600_000
    last = await say(alice, room_id, "three")
    (told,) = await gateway.heard(1)
    assert told["event_id"] == last


async def test_private_networks_are_out_of_reach(world: World, gateway: Gateway) -> None:
    """Users name their gateways: without the operator's consent only public ones are asked."""
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    await listen(bob, gateway)
    await say(alice, room_id, "hello")
    await nothing_more(gateway, 0)
    assert gateway.tries == 0


async def test_the_list_of_notifications(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob)
    first = await say(alice, room_id, "one")
    mention = {"m.mentions": {"user_ids": [bob.user_id]}}
    second = await say(alice, room_id, "two", **mention)
    await bob.post(f"rooms/{room_id}/receipt/m.read/{first}")
    found = (await bob.get("notifications?limit=2")).json()
    assert [(n["event"]["event_id"], n["read"]) for n in found["notifications"]] == [
        (second, False),
        (first, True),
    ]
    rest = (await bob.get("notifications", params={"from": found["next_token"]})).json()
    assert [n["event"]["type"] for n in rest["notifications"]] == ["m.room.member"]
    only = (await bob.get("notifications?only=highlight")).json()["notifications"]
    assert [n["event"]["event_id"] for n in only] == [second]
    assert (await alice.get("notifications")).json() == {"notifications": []}
    assert (await bob.get("notifications?from=x")).json()["errcode"] == "M_INVALID_PARAM"
    await do(bob, room_id, "leave")
    assert (await bob.get("notifications")).json() == {"notifications": []}
