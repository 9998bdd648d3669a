"""Nobody finds out whether an account or an address exists: the same answer after the same work.

Two kinds of proof. What the server does is counted: hashes and statements, which must be the same
to the last one. And the time is measured with the hashing parameters the server ships with; there
the medians may differ by a third, or by 3 ms where that is more, in one of four measurements: what
else the machine does makes times differ, never alike. Leaving the hash out for an unknown name
makes one median many times the other, each time it is measured.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from statistics import median
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher

from holdfast.config import load_settings
from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, Answer, World

ROUNDS = 15
MEASUREMENTS = 4
TOLERANCE = 1 / 3
TOLERANCE_S = 0.003
KNOWN, UNKNOWN = "alice@example.org", "nobody@example.org"
Ask = Callable[[World, str], Awaitable[Answer]]


async def by_name(world: World, email: str) -> Answer:
    return await world.login(email.split("@", maxsplit=1)[0], "not the account password")


async def by_address(world: World, email: str) -> Answer:
    who = {"type": "m.id.thirdparty", "medium": "email", "address": email}
    body = {"type": "m.login.password", "identifier": who, "password": "not the account password"}
    return await world.post("login", body)


def link_for(path: str) -> Ask:
    """Asking for a mailed link, each time anew."""

    async def ask(world: World, email: str) -> Answer:
        secret = f"secret{len(world.statements)}{time.monotonic_ns()}"
        body = {"email": email, "client_secret": secret, "send_attempt": 1}
        return await world.post(f"{path}/requestToken", body)

    return ask


async def in_portal(world: World, email: str) -> Answer:
    return await world.post(f"{EXTRAS}/password_reset/request", {"email": email})


WAYS: dict[str, Ask] = {
    "sign in by name": by_name,
    "sign in by address": by_address,
    "reset by client": link_for("account/password/email"),
    "register": link_for("register/email"),
    "add an address": link_for("account/3pid/email"),
    "reset in the portal": in_portal,
}
HASHING = {"sign in by name", "sign in by address"}


@pytest.fixture
async def shipped(make_world: MakeWorld) -> AsyncIterator[World]:
    """A world that hashes as the server does when nobody sets anything."""
    defaults = load_settings(environ={})
    async with make_world(
        HOLDFAST_ARGON2_MEMORY_KIB=str(defaults.argon2_memory_kib),
        HOLDFAST_ARGON2_TIME_COST=str(defaults.argon2_time_cost),
    ) as world:
        yield world


class Counting(PasswordHasher):
    """Counts the hashes it verifies."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name for it
        self.verified += 1
        return super().verify(hash, password)


def counting(world: World) -> Counting:
    """Have the world's hashes counted."""
    settings = world.server.context.settings
    counts = Counting(settings.argon2_time_cost, settings.argon2_memory_kib, 1)
    world.server.context.hasher._argon2 = counts
    return counts


def without_ids(answer: Answer) -> dict[str, Any]:
    """An answer's JSON without what differs from one request to the next."""
    body: dict[str, Any] = answer.json()
    body.pop("dev.holdfast.request_id", None)
    return {name: len(value) if name == "sid" else value for name, value in body.items()}


@pytest.mark.parametrize("way", WAYS)
async def test_the_same_answer_after_the_same_work(world: World, way: str) -> None:
    await world.register("alice", email=KNOWN)
    hashes = counting(world)
    seen = []
    for email in (KNOWN, UNKNOWN):
        await world.letters(KNOWN)
        world.statements.clear()
        hashes.verified = 0
        answer = await WAYS[way](world, email)
        work = world.asked_for()
        seen.append((answer.status_code, without_ids(answer), hashes.verified, work))
    assert seen[0] == seen[1]
    assert seen[0][2] == (1 if way in HASHING else 0)


@pytest.mark.parametrize("way", WAYS)
async def test_in_the_same_time(shipped: World, way: str) -> None:
    await shipped.register("alice", email=KNOWN)
    assert await ever_alike(shipped, WAYS[way])


async def test_the_tolerance_would_find_a_missing_hash(shipped: World) -> None:
    """An account without a password hash, were it not for the hash of nobody, answers at once."""
    await shipped.register("alice", email=KNOWN)

    async def no_hash(world: World, email: str) -> Answer:
        return await (by_name(world, email) if email == KNOWN else world.get("login"))

    assert not await ever_alike(shipped, no_hash)


async def ever_alike(world: World, ask: Ask) -> bool:
    """Whether one of a few measurements tells nobody anything."""
    for _ in range(MEASUREMENTS):
        if alike(*await medians(world, ask)):
            return True
    return False


def alike(known: float, unknown: float) -> bool:
    """Whether two medians, in seconds, tell nobody anything."""
    return abs(known - unknown) <= max(TOLERANCE * max(known, unknown), TOLERANCE_S)


async def medians(world: World, ask: Ask) -> tuple[float, float]:
    """How long the answers take, for a known and an unknown one, asked in turns."""
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for turn in range(ROUNDS + 1):
        for email in (KNOWN, UNKNOWN) if turn % 2 else (UNKNOWN, KNOWN):
            while not await world.all_mail_sent():
                await world.letters(KNOWN)
            started = time.perf_counter()
            await ask(world, email)
            if turn:  # the first warms up
                took[email].append(time.perf_counter() - started)
    return median(took[KNOWN]), median(took[UNKNOWN])
