"""Creating an account with an e-mail address, proven by a mailed link."""

from typing import Any

from tests.world import PASSWORD, Answer, World, person, refused

MAIL = "alice@example.org"


async def register(world: World, auth: dict[str, Any], **body: object) -> Answer:
    return await world.post(
        "register", {"username": "alice", "password": PASSWORD, "auth": auth, **body}
    )


async def test_the_address_belongs_to_the_account(world: World) -> None:
    alice = await world.register("alice", email=MAIL)
    listed = (await alice.get("account/3pid")).json()["threepids"]
    assert [(each["medium"], each["address"]) for each in listed] == [("email", MAIL)]
    identifier = {"type": "m.id.thirdparty", "medium": "email", "address": MAIL}
    answer = await world.post(
        "login", {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
    )
    assert answer.json()["user_id"] == alice.user_id


async def test_polling_until_the_link_is_followed(world: World) -> None:
    creds = await world.request_token("register/email", MAIL)
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    for _ in range(3):
        assert (await register(world, auth)).status_code == 401
    await world.follow((await world.letter(MAIL)).link)
    assert (await register(world, auth)).status_code == 200
    assert (await world.login("alice")).status_code == 200


async def test_a_proof_makes_one_account(world: World) -> None:
    auth = await world.prove_address("register/email", MAIL)
    assert (await register(world, auth)).status_code == 200
    assert (await register(world, auth, username="alicia")).status_code == 401


async def test_a_proof_for_something_else_does_not_do(world: World) -> None:
    creds = await world.request_token("account/3pid/email", MAIL)
    await world.follow((await world.letter(MAIL)).link)
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    assert (await register(world, auth)).status_code == 401


async def test_somebody_elses_client_secret_does_not_do(world: World) -> None:
    auth = await world.prove_address("register/email", MAIL)
    auth["threepid_creds"]["client_secret"] = "guessed"
    assert (await register(world, auth)).status_code == 401


async def test_the_proof_expires(world: World) -> None:
    auth = await world.prove_address("register/email", MAIL)
    world.clock.turn(minutes=61)
    assert (await register(world, auth)).status_code == 401


async def test_an_address_that_is_taken_gets_another_mail_and_the_same_answer(
    world: World,
) -> None:
    await world.register("alice", email=MAIL)
    ask = {"client_secret": "s3cret", "send_attempt": 1}
    taken = await world.post("register/email/requestToken", {"email": MAIL, **ask})
    free = await world.post("register/email/requestToken", {"email": "bob@example.org", **ask})
    assert taken.status_code == free.status_code == 200
    assert taken.json().keys() == free.json().keys()
    assert "/_holdfast/confirm" in (await world.letter("bob@example.org")).text
    assert "/_holdfast/confirm" not in (await world.letter(MAIL, number=2)).text


async def test_a_password_made_of_the_address_is_refused(world: World) -> None:
    auth = await world.prove_address("register/email", "wintergreen@example.org")
    answer = await register(world, auth, password="my wintergreen pillow")
    refused(answer, 400, "M_WEAK_PASSWORD")
    assert answer.json()["dev.holdfast.reason"] == "contains_address"
    answer = await register(world, auth)
    assert answer.status_code == 200, "the proof must not be used up by a refusal"
    assert person(world, PASSWORD, answer).user_id == "@alice:hold.example"


async def test_a_malformed_address_or_secret_is_refused(world: World) -> None:
    for change in (
        {"email": "nobody"},
        {"email": "a b@example.org"},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"client_secret": ""},
        {"client_secret": "with space"},
        {"client_secret": "x" * 256},
    ):
        ask = {"email": MAIL, "client_secret": "s3cret", "send_attempt": 1, **change}
        answer = await world.post("register/email/requestToken", ask)
        refused(answer, 400, "M_INVALID_PARAM")
