"""Mails that there are unread messages: only where the operator and the user want them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.rooms.inside import create_room, say
from tests.world import Answer, Person, World, refused

BOB = "bob@example.org"
MINUTES_MS = 60_000


@pytest.fixture
async def town(make_world: MakeWorld) -> AsyncIterator[World]:
    async with make_world(HOLDFAST_PUSH_EMAILS="on") as world:
        yield world


async def ask(person: Person, address: str = BOB, **changed: Any) -> Answer:
    body = {
        "kind": "email",
        "app_id": "m.email",
        "pushkey": address,
        "app_display_name": "Mail",
        "device_display_name": address,
        "lang": "en",
        "data": {},
    }
    return await person.post("pushers/set", {**body, **changed})


async def later(world: World, alice: Person, room_id: str, minutes: int) -> None:
    """Some time passes, and something happens that lets the deliveries look again."""
    world.clock.now += minutes * MINUTES_MS
    await say(alice, room_id, "and another thing")
    await asyncio.sleep(0.3)


async def told(world: World, count: int) -> list[str]:
    """The subjects of so many mails about unread messages, waiting for them; there are no more."""
    subjects: list[str] = []
    for _ in range(200):
        letters = await world.letters(BOB)
        subjects = [letter.subject for letter in letters if "Unread" in letter.subject]
        if len(subjects) >= count:
            break
        await asyncio.sleep(0.02)
    assert len(subjects) == count
    return subjects


async def test_a_mail_comes_when_nobody_has_read_for_a_while(town: World) -> None:
    alice, bob = await town.register("alice"), await town.register("bob", email=BOB)
    room_id = await create_room(alice, bob)
    assert (await ask(bob)).status_code == 200
    await say(alice, room_id, "a secret")
    await later(town, alice, room_id, 5)
    await told(town, 0)
    await later(town, alice, room_id, 6)
    assert await told(town, 1) == ["Unread messages on hold.example"]
    text = (await town.letter(BOB)).text
    assert "messages for @bob:hold.example on hold.example: 3, in so many rooms: 1" in text
    assert "secret" not in text
    await later(town, alice, room_id, 30)
    await told(town, 1)
    await later(town, alice, room_id, 60)
    await told(town, 2)


async def test_who_reads_gets_none(town: World) -> None:
    alice, bob = await town.register("alice"), await town.register("bob", email=BOB)
    room_id = await create_room(alice, bob)
    await ask(bob)
    event = await say(alice, room_id, "hello")
    await bob.post(f"rooms/{room_id}/receipt/m.read/{event}")
    town.clock.now += 20 * MINUTES_MS
    await say(alice, room_id, "hello")
    await asyncio.sleep(0.3)
    await told(town, 0)


async def test_only_to_ones_own_address(town: World) -> None:
    bob = await town.register("bob", email=BOB)
    refused(await ask(bob, "alice@example.org"), 400, "M_INVALID_PARAM")
    refused(await ask(bob, kind="pigeon"), 400, "M_INVALID_PARAM")
    assert (await bob.get("pushers")).json() == {"pushers": []}


async def test_not_where_the_operator_has_not_allowed_it(world: World) -> None:
    bob = await world.register("bob", email=BOB)
    refused(await ask(bob), 400, "M_INVALID_PARAM")
