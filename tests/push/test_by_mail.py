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


async def subjects(world: World) -> list[str]:
    return [letter.subject for letter in await world.letters(BOB) if "Unread" in letter.subject]


async def test_a_mail_comes_when_nobody_has_read_for_a_while(town: World) -> None:
    alice, bob = await town.register("alice"), await town.register("bob", email=BOB)
    room_id = await create_room(alice, bob)
    assert (await ask(bob)).status_code == 200
    await say(alice, room_id, "a secret")
    await later(town, alice, room_id, 5)
    assert await subjects(town) == []
    await later(town, alice, room_id, 6)
    assert await subjects(town) == ["Unread messages on hold.example"]
    text = (await town.letter(BOB)).text
    assert "messages for @bob:hold.example on hold.example: 3, in so many rooms: 1" in text
    assert "secret" not in text
    await later(town, alice, room_id, 30)
    assert len(await subjects(town)) == 1
    await later(town, alice, room_id, 60)
    assert len(await subjects(town)) == 2


async def test_who_reads_gets_none(town: World) -> None:
    alice, bob = await town.register("alice"), await town.register("bob", email=BOB)
    room_id = await create_room(alice, bob)
    await ask(bob)
    event = await say(alice, room_id, "hello")
    await bob.post(f"rooms/{room_id}/receipt/m.read/{event}")
    town.clock.now += 20 * MINUTES_MS
    await say(alice, room_id, "hello")
    await asyncio.sleep(0.3)
    assert await subjects(town) == []


async def test_only_to_ones_own_address(town: World) -> None:
    bob = await town.register("bob", email=BOB)
    refused(await ask(bob, "alice@example.org"), 400, "M_INVALID_PARAM")
    refused(await ask(bob, kind="pigeon"), 400, "M_INVALID_PARAM")
    assert (await bob.get("pushers")).json() == {"pushers": []}


async def test_not_where_the_operator_has_not_allowed_it(world: World) -> None:
    bob = await world.register("bob", email=BOB)
    refused(await ask(bob), 400, "M_INVALID_PARAM")
