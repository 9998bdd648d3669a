"""Syncs that wait for news: what ends them, and what they cost meanwhile."""

import asyncio
import time
from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.sync.syncing import TYPE, Client, put, soon
from tests.world import Answer, Person, World

LOCKED = {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}
REMOVED = {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": False}


def must_be_401(answer: Answer, expected: dict[str, Any]) -> None:
    assert answer.status_code == 401, answer.text
    body = answer.json()
    assert {name: body[name] for name in expected} == expected


async def up_to_date(person: Person) -> Client:
    client = Client(person)
    await client.sync()
    return client


async def test_news_end_the_wait(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    laptop = await alice.person.another_session()
    async with alice.waiting() as waiting:
        await put(laptop, n=1)
        assert alice.take(await soon(waiting)) == {TYPE: {"n": 1}}


async def test_the_client_that_writes_hears_its_own_echo(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    async with alice.waiting() as waiting:
        await put(alice.person, n=1)
        assert alice.take(await soon(waiting)) == {TYPE: {"n": 1}}


async def test_without_news_it_ends_in_time(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    started = time.monotonic()
    assert await alice.sync(timeout=300) == {}
    assert 0.25 <= time.monotonic() - started < 2


async def test_what_is_not_for_this_client_does_not_end_it(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    only_colours = '{"account_data": {"types": ["org.example.colours"]}}'
    async with alice.waiting(filter=only_colours) as waiting:
        await put(alice.person, n=1)
        await put(await world.register("bob"), "org.example.colours")
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await put(alice.person, "org.example.colours", n=2)
        assert alice.take(await soon(waiting)) == {"org.example.colours": {"n": 2}}


async def test_a_locked_session_stops_waiting_at_once(world: World) -> None:
    alice = await world.register("alice")
    phone = await up_to_date(await alice.another_session())
    async with phone.waiting() as waiting:
        await alice.change_password("a quite different sentence")
        must_be_401(await soon(waiting), LOCKED)


async def test_a_removed_session_stops_waiting_at_once(world: World) -> None:
    alice = await world.register("alice")
    phone = await up_to_date(await alice.another_session())
    async with phone.waiting() as waiting:
        await alice.delete(f"devices/{phone.person.device_id}", {"auth": alice.auth()})
        must_be_401(await soon(waiting), REMOVED)


async def test_who_signs_out_stops_waiting_at_once(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    async with alice.waiting() as waiting:
        await alice.person.post("logout")
        must_be_401(await soon(waiting), REMOVED)


async def test_a_kept_session_goes_on_waiting(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    async with alice.waiting() as waiting:
        await alice.person.change_password("a quite different sentence")
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await put(alice.person, n=1)
        assert alice.take(await soon(waiting)) == {TYPE: {"n": 1}}


async def test_an_access_token_expires_while_it_waits(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_ACCESS_TOKEN_LIFETIME="5m") as world:
        alice = await up_to_date(await world.register("alice", refresh_token=True))
        world.clock.turn(ms=5 * 60_000 - 400)
        async with alice.waiting() as waiting:
            world.clock.turn(ms=400)
            must_be_401(await soon(waiting), LOCKED)


async def test_a_client_that_hangs_up_is_not_waited_for(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    hung_up = asyncio.Event()
    sent: list[Any] = []
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    path = "/_matrix/client/v3/sync"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": f"since={alice.since}&timeout=30000".encode(),
        "headers": [(b"authorization", f"Bearer {alice.person.token}".encode())],
        "client": ("127.0.0.1", 5),
    }
    request = asyncio.ensure_future(world.server(scope, receive, send))
    await asyncio.sleep(0.1)
    assert not request.done()
    assert alice.person.user_id in world.server.context.notifier.waiting
    hung_up.set()
    await asyncio.wait_for(request, 2)
    assert alice.person.user_id not in world.server.context.notifier.waiting


async def test_nothing_is_left_behind(world: World) -> None:
    """Neither a waiter nor a task of its own, whichever way a wait ends."""
    alice = await up_to_date(await world.register("alice"))
    before = len(asyncio.all_tasks())
    await alice.sync(timeout=50)
    async with alice.waiting() as waiting:
        await put(alice.person, n=1)
        alice.take(await soon(waiting))
    async with alice.waiting():
        pass  # the client gives up
    await asyncio.sleep(0.05)
    assert alice.person.user_id not in world.server.context.notifier.waiting
    assert len(asyncio.all_tasks()) <= before


async def all_wait(world: World, user_id: str, many: int) -> None:
    """Until they have looked and gone to sleep, however long this machine takes for it."""
    waiting = world.server.context.notifier.waiting
    for _ in range(60):
        seen = len(world.statements)
        await asyncio.sleep(0.5)
        if len(waiting.get(user_id, ())) == many and len(world.statements) == seen:
            return
    pytest.fail("they do not come to rest")


async def test_many_that_wait_hold_up_nobody(world: World) -> None:
    """They hold no connection and no thread: there are fewer of both than of them."""
    alice = await up_to_date(await world.register("alice"))
    waits = [asyncio.create_task(alice.ask(timeout=30_000)) for _ in range(60)]
    try:
        await all_wait(world, alice.person.user_id, len(waits))
        world.statements.clear()
        await asyncio.sleep(0.3)
        assert world.statements == []
        assert await asyncio.wait_for(alice.person.is_signed_in(), 2)
        await put(alice.person, n=1)
        answers = await asyncio.wait_for(asyncio.gather(*waits), 5)
        assert {answer.status_code for answer in answers} == {200}
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def test_a_server_that_stops_lets_everybody_go(world: World) -> None:
    alice = await up_to_date(await world.register("alice"))
    async with alice.waiting() as waiting:
        world.server.end_waits()
        assert alice.take(await soon(waiting)) == {}


@pytest.mark.postgres_only("several processes need a database server")
async def test_it_works_across_workers(make_world: MakeWorld) -> None:
    """Written through one server, heard by who waits at another."""
    async with make_world() as one, make_world() as other:
        alice = await one.register("alice")
        laptop = await alice.another_session()
        laptop.world = other
        there = await up_to_date(laptop)
        async with there.waiting() as waiting:
            await put(alice, n=1)
            assert there.take(await soon(waiting)) == {TYPE: {"n": 1}}
        async with there.waiting() as waiting:
            await alice.change_password("a quite different sentence")
            must_be_401(await soon(waiting), LOCKED)
