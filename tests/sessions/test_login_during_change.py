"""Signing in with the old account password at the very moment at which it is changed."""

import asyncio
import threading
from collections import Counter

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import World, person

WAIT_S = 1.0


@pytest.mark.postgres_only(reason="SQLite has one writer, so nothing can come in between")
async def test_the_old_password_opens_no_session_that_outlives_the_change(
    make_world: MakeWorld,
) -> None:
    """Whichever is first: the sign-in is refused, or its session is locked with the others."""
    async with make_world() as world:
        alice = await world.register("alice")
        changed = threading.Event()
        hold_sign_in(world, changed)
        login = asyncio.create_task(world.login("alice", alice.password))
        await asyncio.sleep(WAIT_S / 4)
        assert (await alice.change_password("quite another secret")).status_code == 200
        changed.set()
        answer = await login
        if answer.status_code == 200:
            assert not await person(world, "", answer).is_signed_in()
        else:
            assert answer.json()["errcode"] == "M_FORBIDDEN"


def hold_sign_in(world: World, until: threading.Event) -> None:
    """Hold the first thread that has looked at the account twice: the sign-in, about to open."""
    looks: Counter[int] = Counter()
    held = threading.Event()

    def hook(sql: str) -> None:
        me = threading.get_ident()
        if "FROM users" in sql:
            looks[me] += 1
        elif looks.total() >= 2 and looks[me] and not held.is_set():
            held.set()
            until.wait(WAIT_S)

    database = world.server.context.db
    database._hook = hook  # type: ignore[attr-defined]  # a request cannot be held through HTTP
