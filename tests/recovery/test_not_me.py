"""This wasn't me: the link in every notice, and what it locks."""

import asyncio
import re

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.recovery.test_reset_in_portal import complete, requested
from tests.world import EXTRAS, PASSWORD, PUBLIC_URL, Answer, Person, World, refused

MAIL = "alice@example.org"
EVIL = "mallory@example.org"
STOLEN = "granite lantern mosaic"
NEW = "nimbus orchard vagrant"
LINK = re.compile(re.escape(PUBLIC_URL) + r"(/_holdfast/not-me/[\w-]+)")
DAY_MS = 86_400_000


async def lock_path(world: World, email: str = MAIL) -> str:
    """The path of the link in the newest notice to an address."""
    found = LINK.search((await world.letter(email)).text)
    assert found, "the notice has no link"
    return found[1]


async def alice_of_long_ago(world: World) -> Person:
    """An account with an address that it has had for longer than anything can be undone."""
    alice = await world.register("alice", email=MAIL)
    world.clock.turn(days=10)
    return alice


async def add_address(person: Person, email: str) -> None:
    stage = await person.world.prove_address("account/3pid/email", email)
    body = {**stage["threepid_creds"], "auth": person.auth()}
    assert (await person.post("account/3pid/add", body)).status_code == 200


async def remove_address(person: Person, email: str) -> None:
    body = {"medium": "email", "address": email, "auth": person.auth()}
    assert (await person.post("account/3pid/delete", body)).status_code == 200


async def press(world: World, path: str) -> Answer:
    return await world.http.post(path)


async def test_opening_it_changes_nothing(world: World) -> None:
    alice = await alice_of_long_ago(world)
    await world.login("alice")
    path = await lock_path(world)
    for method in ("GET", "HEAD", "GET"):
        page = await world.http.request(method, path)
        assert page.status_code == 200
        assert page.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "no-referrer"
    assert "Sessions that are locked by this: 2." in (await world.http.get(path)).text
    assert await alice.is_signed_in()
    assert (await world.login("alice")).status_code == 200


async def test_it_locks_every_session_and_the_password(world: World) -> None:
    alice = await alice_of_long_ago(world)
    thief = await alice.another_session()
    token = await alice.login_token()
    reset = await requested(world)
    await thief.post("pushers/set", {"kind": None, "app_id": "x", "pushkey": "x"})
    await world.login("alice")
    done = await press(world, await lock_path(world))
    assert done.status_code == 200
    assert "Your account is locked" in done.text
    for session in (alice, thief):
        answer = await session.get("account/whoami")
        refused(answer, 401, "M_UNKNOWN_TOKEN")
        assert answer.json()["soft_logout"] is True, "its keys stay"
    refused(await world.login("alice", PASSWORD), 403, "M_FORBIDDEN")
    refused(
        await world.post("login", {"type": "m.login.token", "token": token}), 403, "M_FORBIDDEN"
    )
    refused(await complete(world, reset), 404, "M_NOT_FOUND")
    assert (await world.letter(MAIL)).subject == "Your account was locked"


async def test_the_way_out_is_a_reset_and_nothing_is_lost(world: World) -> None:
    alice = await alice_of_long_ago(world)
    await world.login("alice")
    await press(world, await lock_path(world))
    assert (await complete(world, await requested(world))).status_code == 200
    back = await world.login("alice", NEW, device_id=alice.device_id)
    assert back.json()["device_id"] == alice.device_id
    entries = (
        await world.call("GET", f"{EXTRAS}/journal", token=back.json()["access_token"])
    ).json()
    assert "locked_by_owner" in [each["what"] for each in entries["entries"]]


async def test_who_changes_the_address_first_does_not_win(world: World) -> None:
    """The notice and the link go to the old address too, which is in force again afterwards."""
    alice = await alice_of_long_ago(world)
    thief = await alice.another_session()
    await add_address(thief, EVIL)
    await remove_address(thief, MAIL)
    world.clock.turn(days=1)
    assert (await thief.change_password(STOLEN)).status_code == 200
    assert (await world.letter(MAIL)).subject == "Your account password was changed"
    await press(world, await lock_path(world))
    assert (await world.letter(MAIL)).subject == "Your account was locked"
    before = len(await world.letters(EVIL))
    await world.post(f"{EXTRAS}/password_reset/request", {"email": EVIL})
    assert len(await world.letters(EVIL)) == before, "their address leads nowhere any more"
    assert (await complete(world, await requested(world))).status_code == 200
    assert len(await world.letters(EVIL)) == before, "and is told nothing any more"
    refused(await world.login("alice", STOLEN), 403, "M_FORBIDDEN")
    assert (await world.login("alice", NEW)).status_code == 200


async def test_an_address_that_came_and_went_is_told_nothing_more(world: World) -> None:
    """Or an intruder, once found and removed, could lock its owner out for three days."""
    alice = await alice_of_long_ago(world)
    await add_address(alice, EVIL)
    await remove_address(alice, EVIL)
    told = len(await world.letters(EVIL))
    await alice.change_password(NEW)
    assert (await world.letter(MAIL)).subject == "Your account password was changed"
    assert len(await world.letters(EVIL)) == told


async def test_an_attacker_in_the_new_mailbox_gains_nothing_by_the_link(world: World) -> None:
    alice = await alice_of_long_ago(world)
    await add_address(alice, EVIL)
    await press(world, await lock_path(world, EVIL))
    refused(await world.login("alice", PASSWORD), 403, "M_FORBIDDEN")
    before = len(await world.letters(EVIL))
    await world.post(f"{EXTRAS}/password_reset/request", {"email": EVIL})
    assert len(await world.letters(EVIL)) == before
    assert (await complete(world, await requested(world))).status_code == 200


async def test_a_former_address_is_told_for_three_days_only(world: World) -> None:
    alice = await alice_of_long_ago(world)
    await add_address(alice, "new@example.org")
    await remove_address(alice, MAIL)
    world.clock.turn(ms=3 * DAY_MS)
    told = len(await world.letters(MAIL))
    await alice.change_password(NEW)
    assert (await world.letter("new@example.org")).subject == "Your account password was changed"
    assert len(await world.letters(MAIL)) == told
    await press(world, await lock_path(world, "new@example.org"))
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    assert len(await world.letters(MAIL)) == told, "it is not in force again"


async def test_the_only_address_stays_however_new_it_is(world: World) -> None:
    alice = await world.register("alice")
    world.clock.turn(days=10)
    await add_address(alice, MAIL)
    await press(world, await lock_path(world))
    assert (await complete(world, await requested(world))).status_code == 200


async def test_an_address_that_somebody_else_has_by_now_stays_theirs(world: World) -> None:
    alice = await alice_of_long_ago(world)
    await add_address(alice, "new@example.org")
    await remove_address(alice, MAIL)
    bob = await world.register("bob", email=MAIL)
    await press(world, await lock_path(world, "new@example.org"))
    told = (await bob.get("account/3pid")).json()["threepids"]
    assert [each["address"] for each in told] == [MAIL]
    assert (await complete(world, await requested(world, "new@example.org"))).status_code == 200


async def test_it_works_once_and_for_72_hours(world: World) -> None:
    await alice_of_long_ago(world)
    await world.login("alice")
    path = await lock_path(world)
    world.clock.turn(ms=3 * DAY_MS)
    for method in ("GET", "POST"):
        assert (await world.http.request(method, path)).status_code == 410
    await world.login("alice")
    path = await lock_path(world)
    assert (await press(world, path)).status_code == 200
    for method in ("GET", "POST"):
        answer = await world.http.request(method, path)
        assert answer.status_code == 410
        assert "has been used" in answer.text
    world.clock.turn(days=5)
    await world.housekeeping()
    assert (await world.http.get(path)).status_code == 404


async def test_pressed_twice_at_once(world: World) -> None:
    await alice_of_long_ago(world)
    await world.login("alice")
    path = await lock_path(world)
    answers = await asyncio.gather(*[press(world, path) for _ in range(4)])
    assert sorted(each.status_code for each in answers) == [200, 410, 410, 410]
    subjects = [letter.subject for letter in await world.letters(MAIL)]
    assert subjects.count("Your account was locked") == 1


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "é", "a" * 5000])
async def test_a_made_up_link(world: World, token: str) -> None:
    for method in ("GET", "POST"):
        assert (await world.http.request(method, f"/_holdfast/not-me/{token}")).status_code == 404


async def test_guessing_is_limited(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_RATE_LIMITS="on") as world:
        statuses = [(await press(world, f"/_holdfast/not-me/{n}")).status_code for n in range(100)]
        assert 429 in statuses


async def test_a_closed_account_has_nothing_to_lock(world: World) -> None:
    alice = await alice_of_long_ago(world)
    await world.login("alice")
    path = await lock_path(world)
    await alice.post("account/deactivate", {"auth": alice.auth()})
    assert (await press(world, path)).status_code == 404
    assert "not-me" not in (await world.letter(MAIL)).text


async def test_no_token_is_stored_in_the_clear(world: World) -> None:
    await alice_of_long_ago(world)
    await world.login("alice")
    token = (await lock_path(world)).rpartition("/")[2]
    rows = await world.server.context.db.read(
        lambda tx: tx.all(bytes, "SELECT digest FROM lock_links")
    )
    assert rows
    assert all(token.encode() not in bytes(row) for row in rows)
