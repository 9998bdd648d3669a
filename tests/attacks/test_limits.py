"""Rate limits: guessing is hopeless, and nobody is locked out by somebody else's guessing."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, PASSWORD, Answer, Person, World, person, refused

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"
MANY = 80


@pytest.fixture
async def limited(make_world: MakeWorld) -> AsyncIterator[World]:
    async with make_world(HOLDFAST_RATE_LIMITS="on") as world:
        yield world


def says_wait(answer: Answer) -> int:
    """The time to wait, in milliseconds."""
    refused(answer, 429, "M_LIMIT_EXCEEDED")
    wait: int = answer.json()["retry_after_ms"]
    assert wait > 0
    assert int(answer.headers["retry-after"]) == -(-wait // 1000)
    assert answer.headers["access-control-allow-origin"] == "*"
    return wait


def elsewhere(world: World, address: str) -> World:
    """The same world, asked from another network address."""
    transport = httpx.ASGITransport(world.server, client=(address, 1))
    http = httpx.AsyncClient(transport=transport, base_url=world.http.base_url)
    return World(world.server, http, world.clock, world.mail, world.statements)


async def until_limited(act: Any) -> Answer:
    """Do it until it is too often."""
    for _ in range(MANY):
        answer: Answer = await act()
        if answer.status_code == 429:
            return answer
    raise AssertionError(f"{MANY} tries were all answered")


async def test_signing_in_from_one_address(limited: World) -> None:
    await limited.register("alice")
    wait = says_wait(await until_limited(lambda: limited.login("alice")))
    limited.clock.turn(ms=wait)
    assert (await limited.login("alice")).status_code == 200


async def test_signing_in_to_one_account_from_many_addresses(limited: World) -> None:
    """A thief who knows the password opens no flood of sessions from a hundred machines."""
    await limited.register("alice")
    numbers = iter(range(MANY))
    tries = await until_limited(
        lambda: elsewhere(limited, f"198.51.100.{next(numbers)}").login("alice")
    )
    says_wait(tries)


async def test_guessing_one_accounts_password_from_many_addresses(limited: World) -> None:
    await limited.register("alice")
    answers = []
    for number in range(30):
        attacker = elsewhere(limited, f"198.51.100.{number}")
        answers.append(await attacker.login("alice", f"guess {number}"))
    assert 429 in {answer.status_code for answer in answers}
    says_wait(answers[-1])


async def test_guessing_unknown_accounts_is_limited_alike(limited: World) -> None:
    await limited.register("alice")
    counts = []
    for name in ("alice", "nobody"):
        codes = [
            (await elsewhere(limited, f"198.51.100.{number}").login(name, "guess")).status_code
            for number in range(30)
        ]
        counts.append(codes.count(403))
    assert counts[0] == counts[1]


async def attacked(limited: World) -> tuple[Person, World]:
    """Alice, signed in, while somebody elsewhere guesses her password until they are stopped."""
    alice = await limited.register("alice", email=MAIL)
    for number in range(30):
        await elsewhere(limited, f"198.51.100.{number}").login("alice", f"guess {number}")
    says_wait(await elsewhere(limited, "198.51.100.99").login("alice", PASSWORD))
    return alice, limited


async def test_a_limited_account_is_still_used_by_its_sessions(limited: World) -> None:
    alice, _world = await attacked(limited)
    for _ in range(MANY):
        assert (await alice.get("account/whoami")).status_code == 200
    assert (await alice.get("devices")).status_code == 200
    assert (await alice.post(f"{EXTRAS}/lock_devices", {"devices": []})).status_code == 200


async def test_and_its_owner_still_changes_the_password(limited: World) -> None:
    alice, world = await attacked(limited)
    answer = await alice.change_password(NEW)
    assert answer.status_code == 200, answer.text
    world.clock.turn(minutes=30)
    assert (await world.login("alice", NEW)).status_code == 200


async def test_and_still_removes_a_session(limited: World) -> None:
    alice, _world = await attacked(limited)
    answer = await alice.post("delete_devices", {"devices": ["X"], "auth": alice.auth()})
    assert answer.status_code == 200


async def test_a_thief_with_a_token_cannot_keep_the_owner_from_changing_it(
    limited: World,
) -> None:
    alice = await limited.register("alice")
    phone = person(limited, PASSWORD, await limited.login("alice"))
    thief = Person(elsewhere(limited, "198.51.100.1"), phone.user_id, "", phone.token, "")
    for _ in range(2 * MANY):
        await thief.post("account/password", {"auth": thief.auth("guess")})
    answer = await alice.change_password(NEW)
    assert answer.status_code == 200, answer.text


async def test_guessing_the_password_with_a_stolen_token(limited: World) -> None:
    alice = await limited.register("alice")
    body = {"auth": alice.auth("guess")}
    says_wait(await until_limited(lambda: alice.post("account/deactivate", body)))
    assert await alice.is_signed_in()


async def test_guessing_it_from_many_addresses(limited: World) -> None:
    alice = await limited.register("alice")
    numbers = iter(range(MANY))

    async def guess() -> Answer:
        world = elsewhere(limited, f"198.51.100.{next(numbers)}")
        body = {"auth": alice.auth("guess")}
        return await world.post("account/deactivate", body, token=alice.token)

    says_wait(await until_limited(guess))


async def test_registering(limited: World) -> None:
    numbers = iter(range(MANY))

    async def register() -> Answer:
        body = {"username": f"user{next(numbers)}", "password": PASSWORD}
        return await limited.post("register", {**body, "auth": {"type": "m.login.dummy"}})

    says_wait(await until_limited(register))
    await elsewhere(limited, "198.51.100.1").register("elsewhere")


@pytest.mark.parametrize("path", ["register/email", "account/password/email", "account/3pid/email"])
@pytest.mark.parametrize("whose", ["of one address", "of many addresses"])
async def test_asking_for_mails(limited: World, path: str, whose: str) -> None:
    numbers = iter(range(MANY))

    async def ask() -> Answer:
        number = next(numbers)
        email = MAIL if whose == "of one address" else f"a{number}@example.org"
        body = {"email": email, "client_secret": f"s{number}", "send_attempt": 1}
        asks = elsewhere(limited, f"198.51.100.{number}") if email == MAIL else limited
        return await asks.post(f"{path}/requestToken", body)

    says_wait(await until_limited(ask))
    assert len(await limited.letters(MAIL)) < 20


async def test_asking_for_reset_links(limited: World) -> None:
    await limited.register("alice", email=MAIL)
    path = f"{EXTRAS}/password_reset/request"
    says_wait(await until_limited(lambda: limited.post(path, {"email": MAIL})))


async def test_guessing_reset_links_and_registration_tokens(limited: World) -> None:
    complete = f"{EXTRAS}/password_reset/complete"
    body = {"token": "a.guess", "new_password": NEW}
    says_wait(await until_limited(lambda: limited.post(complete, body)))
    opened = f"{EXTRAS}/password_reset/open"
    says_wait(await until_limited(lambda: limited.post(opened, {"token": "a.guess"})))
    validity = "/_matrix/client/v1/register/m.login.registration_token/validity?token=guess"
    says_wait(await until_limited(lambda: limited.get(validity)))


async def test_the_switch_turns_all_of_them_off(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_RATE_LIMITS="off") as world:
        alice = await world.register("alice", email=MAIL)
        for number in range(MANY):
            assert (await world.login("alice", "guess")).status_code == 403
            answer = await alice.post("account/password", {"auth": alice.auth("guess")})
            assert answer.status_code == 401
            ask = {"email": MAIL, "client_secret": f"s{number}", "send_attempt": 1}
            answer = await world.post("account/password/email/requestToken", ask)
            assert answer.status_code == 200


async def test_they_are_set_one_by_one(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_RATE_LIMITS="on", HOLDFAST_LOGIN_LIMIT="2 per 60s") as world:
        await world.register("alice")
        codes = [(await world.login("alice")).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        world.clock.turn(ms=30_000)
        assert (await world.login("alice")).status_code == 200


async def test_a_whole_ipv6_network_is_one_address(limited: World) -> None:
    """Whoever rents a server gets 2**64 addresses with it."""
    await limited.register("alice")
    codes = [
        (await elsewhere(limited, f"2001:db8::{number:x}").login(f"name{number}")).status_code
        for number in range(MANY)
    ]
    assert 429 in codes
