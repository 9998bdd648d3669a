"""Messages wait in a queue until their device has acknowledged them."""

import asyncio
from typing import Any

import pytest

from tests.sync.syncing import Client, put, soon
from tests.to_device.mailing import arrived, send, send_to, waiting_in_queues
from tests.world import Person, World


async def numbered(sender: Person, to: Person, start: int, stop: int) -> None:
    for n in range(start, stop):
        await send_to(sender, to, n=n)


def numbers(contents: list[Any]) -> list[int]:
    return [content["n"] for content in contents]


async def test_in_order_and_at_most_a_hundred_at_once(world: World) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    await bob.sync()
    await numbered(alice, bob.person, 0, 250)
    told = [numbers(await arrived(bob, timeout=30_000)) for _ in range(3)]
    assert told == [list(range(100)), list(range(100, 200)), list(range(200, 250))]
    assert await arrived(bob) == []
    assert await waiting_in_queues(alice) == 0


@pytest.mark.parametrize("count", [99, 100, 101, 200])
async def test_around_a_hundred(world: World, count: int) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    await numbered(alice, bob.person, 0, count)
    told: list[int] = []
    while more := await arrived(bob):
        told += numbers(more)
    assert told == list(range(count))


async def test_the_rest_holds_up_nothing_else(world: World) -> None:
    """What else is new is told once and at once, while messages wait for their turn."""
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    await bob.sync()
    await numbered(alice, bob.person, 0, 150)
    await put(bob.person, n=1)
    assert len(await bob.sync()) == 1
    assert bob.since is not None
    assert "_" in bob.since
    await put(bob.person, n=2)
    await numbered(alice, bob.person, 150, 160)
    answer = await bob.ask()
    assert [each["content"] for each in answer.json()["account_data"]["events"]] == [{"n": 2}]
    assert numbers(await arrived(bob)) == list(range(100, 160))
    assert "_" not in bob.since


async def test_a_lost_answer_is_told_again(world: World) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    await bob.sync()
    await numbered(alice, bob.person, 0, 120)
    lost = [(await bob.ask()).json() for _ in range(2)]
    assert lost[0] == lost[1]
    assert numbers(await arrived(bob)) == list(range(100))
    lost = [(await bob.ask()).json() for _ in range(2)]
    assert lost[0] == lost[1]
    assert numbers(await arrived(bob)) == list(range(100, 120))
    assert await arrived(bob) == []


async def test_a_client_without_a_position_gets_the_whole_queue(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    await numbered(alice, bob, 0, 130)
    assert len(await arrived(Client(bob))) == 100
    again = Client(bob)
    assert numbers(await arrived(again)) == list(range(100))
    assert numbers(await arrived(again)) == list(range(100, 130))


async def test_full_state_tells_no_message_twice(world: World) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    await send_to(alice, bob.person, n=1)
    assert await arrived(bob) == [{"n": 1}]
    assert await arrived(bob, full_state="true") == []


async def test_a_message_ends_the_wait(world: World) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    await bob.sync()
    async with bob.waiting() as waiting:
        await send_to(alice, bob.person, n=1)
        answer = await soon(waiting)
        bob.take(answer)
        assert len(answer.json()["to_device"]["events"]) == 1
    async with bob.waiting():  # which acknowledged it
        assert await waiting_in_queues(alice) == 0


async def test_a_message_for_another_session_does_not_end_it(world: World) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    laptop = await bob.person.another_session()
    await bob.sync()
    async with bob.waiting() as waiting:
        await send_to(alice, laptop, n=1)
        await asyncio.sleep(0.1)
        assert not waiting.done()


async def test_a_locked_session_finds_its_queue_when_it_comes_back(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    phone = Client(await bob.another_session())
    await phone.sync()
    await send_to(alice, phone.person, n=1)
    await bob.change_password("a quite different sentence")
    assert not await phone.person.is_signed_in()
    await send_to(alice, phone.person, n=2)
    await send(alice, {bob.user_id: {"*": {"n": 3}}})
    bob.password = "a quite different sentence"
    phone.person = await bob.another_session(device_id=phone.person.device_id)
    assert numbers(await arrived(Client(phone.person))) == [1, 2, 3]
    assert numbers(await arrived(phone)) == [1, 2, 3]
    assert await arrived(phone) == []


async def test_a_new_session_never_gets_an_old_ones_queue(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    phone = Client(await bob.another_session(device_id="PHONE"))
    await phone.sync()
    await send_to(alice, phone.person, n=1)
    await phone.person.post("logout")
    again = await bob.another_session(device_id="PHONE")
    phone.person = again
    assert await arrived(phone) == []
    assert await arrived(Client(again)) == []
    await send_to(alice, again, n=2)
    assert await arrived(phone) == [{"n": 2}]


async def test_nobody_else_acknowledges(world: World) -> None:
    """Another session's syncs, and syncs of others, leave a queue alone."""
    alice, bob = await world.register("alice"), await world.register("bob")
    laptop = Client(await bob.another_session())
    await send_to(alice, bob, n=1)
    for _ in range(2):
        await laptop.sync()
    other = Client(alice)
    for _ in range(2):
        await other.sync()
    assert await arrived(Client(bob)) == [{"n": 1}]


async def test_nothing_slips_through_while_many_send(world: World) -> None:
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    carol = await world.register("carol")
    await bob.sync()

    async def sending(sender: Person) -> None:
        await numbered(sender, bob.person, 0, 120)

    busy = asyncio.gather(sending(alice), sending(carol))
    told: list[int] = []
    while not busy.done():
        told += numbers(await arrived(bob, timeout=1000))
    while more := await arrived(bob):
        told += numbers(more)
    assert sorted(told) == sorted(list(range(120)) * 2)


async def test_who_acknowledges_very_much_at_once_is_told_the_rest(world: World) -> None:
    """As a client may that was given the position of another session."""
    alice, bob = await world.register("alice"), Client(await world.register("bob"))
    other = Client(await bob.person.another_session())
    await numbered(alice, bob.person, 0, 250)
    await other.sync()
    await numbered(alice, bob.person, 250, 260)
    bob.since = other.since
    told: list[int] = []
    while len(told) < 10:
        told += numbers(await asyncio.wait_for(arrived(bob, timeout=30_000), 2))
    assert told == list(range(250, 260))
    assert await waiting_in_queues(alice) == 10
