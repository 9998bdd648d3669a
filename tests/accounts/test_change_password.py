"""Changing the account password while signed in, as Element does it: one POST with `auth`."""

import asyncio
from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, PASSWORD, Person, World, refused

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"
Outcome = dict[str, list[str]]


async def is_locked(session: Person) -> bool:
    """Whether the session is told to sign in again and keep its keys; False: told to drop them."""
    answer = await session.get("account/whoami")
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    locked: bool = answer.json()["soft_logout"]
    return locked


async def set_pusher(session: Person, key: str) -> None:
    pusher = {
        "app_id": "app",
        "pushkey": key,
        "kind": "http",
        "app_display_name": "App",
        "device_display_name": "Phone",
        "lang": "en",
        "data": {"url": "https://push.example/_matrix/push/v1/notify"},
        "append": True,
    }
    answer = await session.post("pushers/set", pusher)
    assert answer.status_code == 200, answer.text


async def pushkeys(session: Person) -> set[str]:
    return {each["pushkey"] for each in (await session.get("pushers")).json()["pushers"]}


async def test_elements_single_post(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.post(
        "account/password",
        {
            "auth": {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": alice.user_id},
                "password": PASSWORD,
            },
            "new_password": NEW,
            "logout_devices": False,
        },
    )
    assert answer.status_code == 200, answer.text
    refused(await world.login("alice", PASSWORD), 403, "M_FORBIDDEN")
    assert (await world.login("alice", NEW)).status_code == 200
    assert await alice.is_signed_in()


@pytest.mark.parametrize("path", ["account/password", "/_matrix/client/r0/account/password"])
async def test_asked_first_and_proven_then(world: World, path: str) -> None:
    alice = await world.register("alice")
    first = await alice.post(path, {"new_password": NEW})
    assert first.status_code == 401
    assert {"stages": ["m.login.password"]} in first.json()["flows"]
    session = first.json()["session"]
    wrong = await alice.post(path, {"auth": {**alice.auth("wrong"), "session": session}})
    refused(wrong, 401, "M_FORBIDDEN")
    assert wrong.json()["session"] == session
    # The new account password was in the first request.
    done = await alice.post(path, {"auth": {**alice.auth(), "session": session}})
    assert done.status_code == 200, done.text
    assert (await world.login("alice", NEW)).status_code == 200


async def test_the_older_spelling_of_the_stage(world: World) -> None:
    alice = await world.register("alice")
    auth = {"type": "m.login.password", "user": "alice", "password": PASSWORD}
    answer = await alice.post("account/password", {"auth": auth, "new_password": NEW})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("choice", [{}, {"logout_devices": True}])
async def test_the_others_are_locked_by_default(world: World, choice: dict[str, Any]) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    answer = await alice.change_password(NEW, **choice)
    assert answer.json()["dev.holdfast.sessions"] == {
        "kept": [],
        "locked": [phone.device_id],
        "removed": [],
    }
    assert await is_locked(phone)
    devices = await alice.devices()
    assert devices[phone.device_id]["dev.holdfast.state"] == "locked"
    assert devices[alice.device_id]["dev.holdfast.state"] == "signed_in"


async def test_logout_devices_false_keeps_them(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    answer = await alice.change_password(NEW, logout_devices=False)
    assert answer.json()["dev.holdfast.sessions"]["kept"] == [phone.device_id]
    assert await phone.is_signed_in()


async def test_an_operator_may_have_them_removed(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_ON_PASSWORD_CHANGE="remove") as world:
        alice = await world.register("alice")
        phone = await alice.another_session()
        answer = await alice.change_password(NEW)
        assert answer.json()["dev.holdfast.sessions"]["removed"] == [phone.device_id]
        assert not await is_locked(phone)
        assert list(await alice.devices()) == [alice.device_id]


async def test_one_fate_for_each_session(world: World) -> None:
    alice = await world.register("alice", device_id="OWN")
    kept = await alice.another_session(device_id="KEPT")
    locked = await alice.another_session(device_id="LOCKED")
    removed = await alice.another_session(device_id="REMOVED")
    rest = await alice.another_session(device_id="REST")
    choice = {"KEPT": "keep", "LOCKED": "lock", "REMOVED": "remove", "default": "remove"}
    answer = await alice.change_password(
        NEW, **{"dev.holdfast.sessions": {**choice, "OWN": "remove", "NONE": "lock"}}
    )
    assert answer.json()["dev.holdfast.sessions"] == {
        "kept": ["KEPT"],
        "locked": ["LOCKED"],
        "removed": ["REMOVED", "REST"],
    }
    assert await alice.is_signed_in()
    assert await kept.is_signed_in()
    assert await is_locked(locked)
    assert not await is_locked(removed)
    assert not await is_locked(rest)


async def test_the_choice_goes_before_logout_devices(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    chosen = {"dev.holdfast.sessions": {phone.device_id: "keep"}}
    await alice.change_password(NEW, logout_devices=True, **chosen)
    assert await phone.is_signed_in()


async def test_an_unknown_fate_changes_nothing(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.change_password(NEW, **{"dev.holdfast.sessions": {"A": "burn"}})
    refused(answer, 400, "M_BAD_JSON")
    assert (await world.login("alice", PASSWORD)).status_code == 200


async def test_keeping_a_locked_session_does_not_let_it_in(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    await alice.post(f"{EXTRAS}/lock_devices", {"devices": [phone.device_id]})
    answer = await alice.change_password(NEW, logout_devices=False)
    assert answer.json()["dev.holdfast.sessions"]["locked"] == [phone.device_id]
    assert await is_locked(phone)


async def test_pushers_go_with_their_sessions(world: World) -> None:
    alice = await world.register("alice")
    kept = await alice.another_session(device_id="KEPT")
    locked = await alice.another_session(device_id="LOCKED")
    removed = await alice.another_session(device_id="REMOVED")
    for session in (alice, kept, locked, removed):
        await set_pusher(session, session.device_id)
    fates = {"KEPT": "keep", "LOCKED": "lock", "REMOVED": "remove"}
    await alice.change_password(NEW, **{"dev.holdfast.sessions": fates})
    assert await pushkeys(alice) == {alice.device_id, "KEPT"}


async def test_login_tokens_end(world: World) -> None:
    alice = await world.register("alice")
    token = await alice.login_token()
    await alice.change_password(NEW, logout_devices=False)
    answer = await world.post("login", {"type": "m.login.token", "token": token})
    refused(answer, 403, "M_FORBIDDEN")


async def test_open_reset_links_end(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    creds = await world.request_token("account/password/email", MAIL)
    link = (await world.letter(MAIL, number=2)).link
    await world.press(link)
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    token = (await world.letter(MAIL, number=3)).link.split("#")[1]
    await alice.change_password(NEW)
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    answer = await world.post("account/password", {"auth": auth, "new_password": "other ember 77"})
    assert answer.status_code == 401
    opened = await world.post(f"{EXTRAS}/password_reset/open", {"token": token})
    refused(opened, 404, "M_NOT_FOUND")
    assert opened.json()["dev.holdfast.reason"] == "used"


async def test_half_finished_proofs_end(world: World) -> None:
    """A thief who proved the old account password somewhere must not finish with it afterwards."""
    alice = await world.register("alice")
    thief = await alice.another_session()
    first = await thief.post("account/deactivate", {})
    session = first.json()["session"]
    await alice.change_password(NEW, logout_devices=False)
    answer = await thief.post("account/deactivate", {"auth": {"session": session}})
    assert answer.status_code == 401
    assert answer.json()["session"] != session


async def test_the_notice_is_in_the_accounts_language(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await alice.put(f"{EXTRAS}/language", {"language": "de"})
    phone = await alice.another_session()
    before = len(await world.letters(MAIL))
    await alice.change_password(NEW)
    letter = await world.letter(MAIL, number=before + 1)
    assert "passwort" in letter.subject.lower()
    assert alice.user_id in letter.text
    assert phone.device_id not in letter.subject


async def test_all_addresses_are_told(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await alice.add_address("alice@work.example")
    before = len(await world.letters("alice@work.example"))
    await alice.change_password(NEW)
    assert "password" in (await world.letter("alice@work.example", number=before + 1)).subject


async def test_a_wrong_password_changes_nothing(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    phone = await alice.another_session()
    answer = await alice.post(
        "account/password", {"auth": alice.auth("wrong"), "new_password": NEW}
    )
    refused(answer, 401, "M_FORBIDDEN")
    assert await phone.is_signed_in()
    refused(await world.login("alice", NEW), 403, "M_FORBIDDEN")


async def test_somebody_elses_password_proves_nothing(world: World) -> None:
    alice = await world.register("alice")
    bob = await world.register("bob", password="quite another ember")
    answer = await alice.post("account/password", {"auth": bob.auth(), "new_password": NEW})
    refused(answer, 401, "M_FORBIDDEN")


async def test_with_raised_hashing_parameters(make_world: MakeWorld) -> None:
    async with make_world() as world:
        alice = await world.register("alice")
    async with make_world(HOLDFAST_ARGON2_TIME_COST="2") as world:
        alice.world = world
        answer = await alice.change_password(NEW)
        assert answer.status_code == 200, answer.text
        assert (await world.login("alice", NEW)).status_code == 200


async def test_two_changes_at_the_same_moment(world: World) -> None:
    """Both knew the old one; the second to arrive must not undo what it has not seen."""
    alice = await world.register("alice")
    answers = await asyncio.gather(
        *[alice.change_password(f"{NEW} {number}", logout_devices=False) for number in range(4)]
    )
    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1, codes
    winner = codes.index(200)
    assert (await world.login("alice", f"{NEW} {winner}")).status_code == 200


async def test_a_thousand_sessions_take_no_more_statements_than_one(world: World) -> None:
    alice = await world.register("alice")
    await alice.another_session()
    few = await world.count_statements(lambda: alice.change_password(NEW))
    bob = await world.register("bob")
    await world.many_sessions(bob, 1000)
    many = await world.count_statements(lambda: bob.change_password(NEW))
    assert many == few
    states = [each["dev.holdfast.state"] for each in (await bob.devices()).values()]
    assert (states.count("locked"), states.count("signed_in")) == (1000, 1)
