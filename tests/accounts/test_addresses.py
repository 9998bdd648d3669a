"""The e-mail addresses of an account: adding and removing them."""

from typing import Any

import pytest

from tests.world import PASSWORD, Answer, Person, World, refused

MAIL = "alice@example.org"
WORK = "alice@work.example"
ADDING = ["account/3pid/add", "account/3pid", "/_matrix/client/r0/account/3pid"]


def adding(path: str, creds: dict[str, str]) -> dict[str, Any]:
    """The request's body, in the form that `path` takes."""
    return creds if path.endswith("/add") else {"three_pid_creds": creds}


async def proven(person: Person, email: str = WORK) -> dict[str, str]:
    """A proof of `email` that the person's client has asked for and the mail has given."""
    stage = await person.world.prove_address("account/3pid/email", email, token=person.token)
    creds: dict[str, str] = stage["threepid_creds"]
    return creds


async def listed(person: Person) -> list[str]:
    return [each["address"] for each in (await person.get("account/3pid")).json()["threepids"]]


async def sign_in(world: World, email: str) -> Answer:
    who = {"type": "m.id.thirdparty", "medium": "email", "address": email}
    body = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
    return await world.post("login", body)


@pytest.mark.parametrize("path", ADDING)
async def test_an_address_is_added_with_the_account_password(world: World, path: str) -> None:
    alice = await world.register("alice", email=MAIL)
    creds = await proven(alice)
    first = await alice.post(path, adding(path, creds))
    assert first.status_code == 401
    assert await listed(alice) == [MAIL]
    auth = {**alice.auth(), "session": first.json()["session"]}
    done = await alice.post(path, {"auth": auth})
    assert done.status_code == 200, done.text
    told = (await alice.get("account/3pid")).json()["threepids"][1]
    assert told == {
        "medium": "email",
        "address": WORK,
        "validated_at": world.clock.now,
        "added_at": world.clock.now,
    }
    assert (await sign_in(world, WORK)).json()["user_id"] == alice.user_id


@pytest.mark.parametrize("path", [*ADDING, "account/3pid/delete"])
async def test_a_stolen_access_token_alone_changes_no_address(world: World, path: str) -> None:
    """On Synapse it can add an address and then reset the account password."""
    alice = await world.register("alice", email=MAIL)
    creds = await proven(alice, "thief@evil.example")
    removing = {"medium": "email", "address": MAIL}
    body = removing if path.endswith("delete") else adding(path, creds)
    for auth in (None, {}, {"type": "m.login.dummy"}, alice.auth("guess")):
        answer = await alice.post(path, body if auth is None else {**body, "auth": auth})
        assert answer.status_code == 401, answer.text
    by_mail = {"type": "m.login.email.identity", "threepid_creds": creds}
    assert (await alice.post(path, {**body, "auth": by_mail})).status_code == 401
    assert await listed(alice) == [MAIL]


async def test_a_link_that_was_not_followed_adds_nothing(world: World) -> None:
    alice = await world.register("alice")
    creds = await world.request_token("account/3pid/email", WORK, token=alice.token)
    answer = await alice.post("account/3pid/add", {**creds, "auth": alice.auth()})
    refused(answer, 400, "M_THREEPID_AUTH_FAILED")
    await world.press((await world.letter(WORK)).link)
    answer = await alice.post("account/3pid/add", {**creds, "auth": alice.auth()})
    assert answer.status_code == 200
    again = await alice.post("account/3pid/add", {**creds, "auth": alice.auth()})
    refused(again, 400, "M_THREEPID_AUTH_FAILED")


async def test_somebody_elses_proof_adds_nothing(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    creds = await proven(alice)
    answer = await bob.post("account/3pid/add", {**creds, "auth": bob.auth()})
    refused(answer, 400, "M_THREEPID_AUTH_FAILED")
    wrong = {**creds, "client_secret": "guessed", "auth": alice.auth()}
    refused(await alice.post("account/3pid/add", wrong), 400, "M_THREEPID_AUTH_FAILED")


async def test_a_proof_for_something_else_adds_nothing(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    for path in ("register/email", "account/password/email"):
        stage = await world.prove_address(path, WORK if "register" in path else MAIL)
        body = {**stage["threepid_creds"], "auth": alice.auth()}
        refused(await alice.post("account/3pid/add", body), 400, "M_THREEPID_AUTH_FAILED")


async def test_an_address_that_belongs_to_another_account(world: World) -> None:
    alice = await world.register("alice")
    creds = await proven(alice)
    bob = await world.register("bob", email=WORK)
    answer = await alice.post("account/3pid/add", {**creds, "auth": alice.auth()})
    refused(answer, 400, "M_THREEPID_IN_USE")
    assert await listed(bob) == [WORK]
    assert await listed(alice) == []


async def test_asking_for_a_taken_address_says_nothing_to_who_asks(world: World) -> None:
    alice = await world.register("alice")
    await world.register("bob", email=WORK)
    before = len(await world.letters(WORK))
    await world.request_token("account/3pid/email", WORK, token=alice.token)
    letters = (await world.letters(WORK))[before:]
    assert len(letters) == 1
    assert "/_holdfast/confirm" not in letters[0].text


async def test_removing_an_address(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    await alice.add_address(WORK)
    body = {"medium": "email", "address": MAIL.upper()}
    first = await alice.post("account/3pid/delete", body)
    assert first.status_code == 401
    auth = {**alice.auth(), "session": first.json()["session"]}
    done = await alice.post("account/3pid/delete", {"auth": auth})
    assert done.json() == {"id_server_unbind_result": "no-support"}
    assert await listed(alice) == [WORK]
    refused(await sign_in(world, MAIL), 403, "M_FORBIDDEN")
    bob = await world.register("bob", email=MAIL)
    assert await listed(bob) == [MAIL]


async def test_nobody_removes_anothers_address(world: World) -> None:
    alice, bob = await world.register("alice", email=MAIL), await world.register("bob")
    body = {"medium": "email", "address": MAIL, "auth": bob.auth()}
    assert (await bob.post("account/3pid/delete", body)).status_code == 200
    assert await listed(alice) == [MAIL]


async def test_one_attempt_is_one_mail(world: World) -> None:
    alice = await world.register("alice")
    for _ in range(3):
        await world.request_token("account/3pid/email", WORK, token=alice.token)
    assert len(await world.letters(WORK)) == 1


async def test_a_link_for_adding_lives_for_an_hour(world: World) -> None:
    alice = await world.register("alice")
    creds = await world.request_token("account/3pid/email", WORK, token=alice.token)
    link = (await world.letter(WORK)).link
    world.clock.turn(minutes=60)
    assert (await world.press(link)).status_code == 410
    answer = await alice.post("account/3pid/add", {**creds, "auth": alice.auth()})
    refused(answer, 400, "M_THREEPID_AUTH_FAILED")
