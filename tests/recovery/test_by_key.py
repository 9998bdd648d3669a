"""A new account password by recovery key: the browser's secret, and who gets in with it."""

import asyncio
import secrets
from functools import partial
from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.recovery.test_not_me import lock_path, press
from tests.recovery.test_reset_in_portal import complete, opened, requested
from tests.world import EXTRAS, PASSWORD, Answer, Person, World, refused

MAIL = "alice@example.org"
NEW = "nimbus orchard vagrant"
SET_UP = f"{EXTRAS}/recovery_key_reset"
BEGIN = f"{EXTRAS}/password_reset/recovery_key"


def secret() -> str:
    """What a browser derives from some recovery key."""
    return secrets.token_urlsafe(32)


async def has_key(person: Person, key_id: str) -> None:
    path = f"user/{person.user_id}/account_data/m.secret_storage.default_key"
    assert (await person.put(path, {"key": key_id})).status_code == 200


async def set_up(person: Person, value: str, key_id: str = "KEY") -> Answer:
    body = {"key_id": key_id, "secret": value, "auth": person.auth()}
    return await person.put(SET_UP, body)


async def alice_with_it(world: World) -> tuple[Person, str]:
    alice, value = await world.register("alice", email=MAIL), secret()
    await has_key(alice, "KEY")
    assert (await set_up(alice, value)).status_code == 200
    return alice, value


async def begin(world: World, user: str, value: str) -> Answer:
    return await world.post(BEGIN, {"user": user, "secret": value})


async def is_set_up(person: Person) -> bool:
    report: dict[str, Any] = (await person.get(f"{EXTRAS}/custody")).json()
    return bool(report["recovery"]["recovery_key_reset"])


async def test_the_whole_way(world: World) -> None:
    alice, value = await alice_with_it(world)
    assert await is_set_up(alice)
    begun = (await begin(world, alice.user_id, value)).json()
    assert begun["expires_in_ms"] == 600_000
    told = (await opened(world, begun["token"])).json()
    assert told["user_id"] == alice.user_id
    assert told["custody"]["recovery"]["recovery_key_reset"] is True
    assert (await complete(world, begun["token"])).status_code == 200
    assert (await world.login("alice", NEW)).status_code == 200
    letter = next(
        each for each in await world.letters(MAIL) if "with the recovery key" in each.text
    )
    assert "Somebody else has your recovery key." in letter.text


async def test_the_user_name_alone_is_enough(world: World) -> None:
    _alice, value = await alice_with_it(world)
    assert (await begin(world, "alice", value)).status_code == 200


async def test_setting_it_up_takes_the_account_password(world: World) -> None:
    alice = await world.register("alice")
    await has_key(alice, "KEY")
    body = {"key_id": "KEY", "secret": secret()}
    assert "flows" in (await alice.put(SET_UP, body)).json()
    wrong = {**alice.auth(), "password": "not the one"}
    refused(await alice.put(SET_UP, {**body, "auth": wrong}), 401, "M_FORBIDDEN")
    assert not await is_set_up(alice)


async def test_it_is_told_by_mail_and_in_the_journal(world: World) -> None:
    alice, _value = await alice_with_it(world)
    assert "can now reset your account password" in (await world.letter(MAIL)).subject
    assert (await alice.delete(SET_UP)).status_code == 200
    assert "can no longer reset" in (await world.letter(MAIL)).subject
    told = (await alice.get(f"{EXTRAS}/journal")).json()["entries"]
    whats = [each["what"] for each in told][:2]
    assert whats == ["recovery_reset_revoked", "recovery_reset_set_up"]


async def test_wrong_keys_unknown_accounts_and_those_without_it_are_answered_alike(
    world: World,
) -> None:
    await alice_with_it(world)
    await world.register("bob")
    answers = [
        await begin(world, user, secret())
        for user in ("alice", "bob", "nobody", "@alice:elsewhere.example", "", "é")
    ]
    for answer in answers:
        refused(answer, 403, "M_FORBIDDEN")
    assert len({answer.json()["error"] for answer in answers}) == 1


async def test_they_take_the_same_statements(world: World) -> None:
    await alice_with_it(world)
    counts = {
        await world.count_statements(partial(begin, world, user, secret()))
        for user in ("alice", "nobody")
    }
    assert len(counts) == 1


async def test_another_users_key(world: World) -> None:
    """Each secret has its user's ID bound in; the server keeps them apart as well."""
    _alice, value = await alice_with_it(world)
    bob = await world.register("bob")
    await has_key(bob, "KEY")
    await set_up(bob, secret())
    refused(await begin(world, "bob", value), 403, "M_FORBIDDEN")


async def test_a_recovery_key_that_was_replaced(world: World) -> None:
    alice, value = await alice_with_it(world)
    await has_key(alice, "NEWER")
    assert not await is_set_up(alice)
    refused(await begin(world, "alice", value), 403, "M_FORBIDDEN")
    refused(await set_up(alice, secret()), 400, "M_INVALID_PARAM")
    newer = secret()
    assert (await set_up(alice, newer, "NEWER")).status_code == 200
    refused(await begin(world, "alice", value), 403, "M_FORBIDDEN")
    assert (await begin(world, "alice", newer)).status_code == 200


async def test_revoked(world: World) -> None:
    alice, value = await alice_with_it(world)
    for _ in range(2):
        assert (await alice.delete(SET_UP)).json() == {}
    refused(await begin(world, "alice", value), 403, "M_FORBIDDEN")
    assert not await is_set_up(alice)


async def test_a_token_begun_before_works_once(world: World) -> None:
    """A replayed request gets a link of its own; the former one is dead with the first reset."""
    _alice, value = await alice_with_it(world)
    first, second = [(await begin(world, "alice", value)).json()["token"] for _ in range(2)]
    assert (await complete(world, first)).status_code == 200
    refused(await complete(world, first), 404, "M_NOT_FOUND")
    refused(await complete(world, second), 404, "M_NOT_FOUND")


async def test_raced(world: World) -> None:
    _alice, value = await alice_with_it(world)
    token = (await begin(world, "alice", value)).json()["token"]
    answers = await asyncio.gather(*[complete(world, token) for _ in range(4)])
    assert sorted(each.status_code for each in answers) == [200, 404, 404, 404]


async def test_it_expires_after_ten_minutes(world: World) -> None:
    _alice, value = await alice_with_it(world)
    token = (await begin(world, "alice", value)).json()["token"]
    world.clock.turn(minutes=11)
    refused(await complete(world, token), 404, "M_NOT_FOUND")


async def test_guessing_is_limited(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_RATE_LIMITS="on") as world:
        statuses = [(await begin(world, "alice", secret())).status_code for _ in range(100)]
        assert 429 in statuses


async def test_not_after_somebody_said_that_it_was_not_them(world: World) -> None:
    """Who had the account may have set it up, so the way out is by mail or an administrator."""
    _alice, value = await alice_with_it(world)
    await press(world, await lock_path(world))
    refused(await begin(world, "alice", value), 403, "M_FORBIDDEN")
    assert (await complete(world, await requested(world))).status_code == 200


async def test_nobody_gets_into_a_closed_account(world: World) -> None:
    alice, value = await alice_with_it(world)
    await alice.post("account/deactivate", {"auth": alice.auth()})
    refused(await begin(world, "alice", value), 403, "M_FORBIDDEN")


@pytest.mark.parametrize("value", ["", "short", "a" * 44, "é" * 43, " " + "a" * 42])
async def test_a_secret_that_is_none(world: World, value: str) -> None:
    alice = await world.register("alice")
    await has_key(alice, "KEY")
    refused(await set_up(alice, value), 400, "M_INVALID_PARAM")
    refused(await begin(world, "alice", value), 403, "M_FORBIDDEN")


async def test_only_a_digest_is_stored(world: World) -> None:
    _alice, value = await alice_with_it(world)
    stored = await world.server.context.db.read(
        lambda tx: tx.all(bytes, "SELECT digest FROM recovery_resets")
    )
    assert len(stored) == 1
    assert value.encode() not in bytes(stored[0])
    assert (await world.login("alice", PASSWORD)).status_code == 200
