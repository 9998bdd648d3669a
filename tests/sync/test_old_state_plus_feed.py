"""Old state plus the feed equals fresh state, whatever happened in between."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sync.syncing import Client, put
from tests.world import World

TYPES = st.sampled_from(["org.example.a", "org.example.b", "org.example.c"])
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), TYPES, st.integers(0, 3)),
        st.tuples(st.just("put by another"), TYPES, st.integers(0, 3)),
        st.tuples(st.just("sync"), st.just(""), st.integers(0, 2)),
        st.tuples(st.just("lose the answer"), st.just(""), st.integers(0, 2)),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=ACTIONS)
async def test_account_data(world: World, actions: list[tuple[str, str, int]]) -> None:
    """Three clients of one user sync whenever they like while two of them, and others, write."""
    number = await world.count_statements(lambda: world.get("/_holdfast/health"))
    alice = await world.register(f"alice{world.clock.now}{number}")
    world.clock.turn(ms=1)
    bob = await world.login("bob")
    other = alice if bob.status_code == 200 else await world.register("bob")
    clients = [Client(alice), Client(await alice.another_session()), Client(alice)]
    for what, kind, n in actions:
        if what == "put":
            await put(clients[n % 2].person, kind, n=n)
        elif what == "put by another":
            await put(other, kind, n=n)
        elif what == "sync":
            await clients[n].sync()
        else:
            await clients[n].ask()
    fresh: dict[str, Any] = await Client(alice).sync()
    for client in clients:
        await client.sync()
        assert client.known == fresh


async def test_nothing_slips_through_while_many_write(world: World) -> None:
    """Positions are committed in their order, so a client that moves on has missed nothing."""
    alice = await world.register("alice")
    reader = Client(await alice.another_session())
    await reader.sync()

    async def write(number: int) -> None:
        for n in range(25):
            await put(alice, f"org.example.{number}.{n}", n=n)

    writing = asyncio.gather(*[write(number) for number in range(8)])
    while not writing.done():
        await reader.sync(timeout=1000)
    await writing
    await reader.sync()
    assert reader.known == await Client(alice).sync()
    assert len(reader.known) == 8 * 25 + 1
