"""The journal of an account that was closed: kept, and after an erasure gone for good in time."""

from typing import Any

from holdfast.journal.rules import page
from tests.world import Person, World


async def kept(world: World, who: Person) -> list[tuple[str, str | None]]:
    """What the operator finds in the journal: what was done and from where, the newest first."""
    found = await world.server.context.db.read(lambda tx: page(tx, who.user_id, 100))
    return [(entry.what, entry.by_address) for entry in found.entries]


async def closed(world: World, name: str, **body: Any) -> Person:
    """Somebody who has closed their account."""
    who = await world.register(name)
    answer = await who.post("account/deactivate", {"auth": who.auth(), **body})
    assert answer.status_code == 200, answer.text
    return who


async def test_closing_an_account_is_noted_and_nothing_is_forgotten(world: World) -> None:
    alice = await closed(world, "alice")
    world.clock.turn(days=400)
    await world.housekeeping()
    entries = await kept(world, alice)
    assert entries == [("account_deactivated", "127.0.0.1"), ("account_created", "127.0.0.1")]


async def test_an_erased_accounts_journal_goes_when_nothing_can_be_undone(world: World) -> None:
    """Whoever steals an account password cannot erase the traces of what they did with it."""
    bob = await world.register("bob")
    alice = await closed(world, "alice", erase=True)
    world.clock.turn(days=30, ms=-1)
    await world.housekeeping()
    assert len(await kept(world, alice)) == 2
    world.clock.turn(ms=1)
    await world.housekeeping()
    assert await kept(world, alice) == []
    assert len(await kept(world, bob)) == 1


async def test_many_erased_accounts(world: World) -> None:
    people = [await closed(world, f"user{number}", erase=True) for number in range(25)]
    world.clock.turn(days=31)
    await world.housekeeping()
    assert [await kept(world, who) for who in people] == [[]] * 25
