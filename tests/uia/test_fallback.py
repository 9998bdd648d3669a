"""The pages on which a stage can be completed by apps that do not know it."""

import re
from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, PUBLIC_URL, Answer, Person, World

NEW = "another fine lighthouse"
MAIL = "alice@example.org"


def page(stage: str, session: str, version: str = "v3") -> str:
    return f"/_matrix/client/{version}/auth/{stage}/fallback/web?session={session}"


async def submit(world: World, stage: str, session: str, **fields: str) -> Answer:
    """Send the page's form, as a browser does."""
    headers = {"sec-fetch-site": "same-origin", "origin": PUBLIC_URL}
    data = {"session": session, **fields}
    return await world.call("POST", page(stage, session), data=data, headers=headers)


async def open_session(world: World, path: str, body: dict[str, Any], **kwargs: Any) -> str:
    answer = await world.post(path, body, **kwargs)
    assert answer.status_code == 401, answer.text
    return str(answer.json()["session"])


async def asked_to_change(alice: Person) -> str:
    """Alice's app asks to change the account password and knows no stage."""
    return await open_session(
        alice.world, "account/password", {"new_password": NEW}, token=alice.token
    )


def hidden(answer: Answer, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', answer.text)
    assert found, answer.text
    return found[1]


def is_done(answer: Answer) -> bool:
    return answer.status_code == 200 and "This step is done" in answer.text


@pytest.mark.parametrize("version", ["v3", "r0"])
async def test_the_account_password(world: World, version: str) -> None:
    alice = await world.register("alice")
    session = await asked_to_change(alice)
    shown = await world.get(page("m.login.password", session, version))
    assert shown.status_code == 200
    assert "@alice:hold.example" in shown.text
    assert "Set a new account password" in shown.text
    wrong = await submit(world, "m.login.password", session, password="wrong")
    assert wrong.status_code == 403
    assert 'role="alert"' in wrong.text
    early = await alice.post("account/password", {"auth": {"session": session}})
    assert early.status_code == 401
    done = await submit(world, "m.login.password", session, password=PASSWORD)
    assert is_done(done)
    assert 'src="/_holdfast/assets/fallback.js?' in done.text
    answer = await alice.post("account/password", {"auth": {"session": session}})
    assert answer.status_code == 200, answer.text
    assert (await world.login("alice", NEW)).status_code == 200


async def test_a_done_stage_says_so_at_once(world: World) -> None:
    session = await open_session(world, "register", {"username": "alice", "password": PASSWORD})
    assert is_done(await submit(world, "m.login.dummy", session))
    assert is_done(await world.get(page("m.login.dummy", session)))
    answer = await world.post("register", {"auth": {"session": session}})
    assert answer.status_code == 200
    assert answer.json()["user_id"] == "@alice:hold.example"
    gone = await world.get(page("m.login.dummy", session))
    assert gone.status_code == 404


async def test_a_registration_token(make_world: MakeWorld) -> None:
    made: Any = make_world(HOLDFAST_REGISTRATION="token")
    async with made as world:
        token = await world.invite(uses=1)
        session = await open_session(world, "register", {"username": "al", "password": PASSWORD})
        stage = "m.login.registration_token"
        wrong = await submit(world, stage, session, token="guessed")
        assert wrong.status_code == 401
        assert is_done(await submit(world, stage, session, token=f" {token} "))
        answer = await world.post(
            "register", {"auth": {"type": "m.login.dummy", "session": session}}
        )
        assert answer.status_code == 200, answer.text


async def test_an_address_for_a_new_account(world: World) -> None:
    session = await open_session(world, "register", {"username": "alice", "password": PASSWORD})
    stage = "m.login.email.identity"
    assert (await submit(world, stage, session, email="nobody")).status_code == 400
    mailed = await submit(world, stage, session, email=MAIL)
    creds = {name: hidden(mailed, name) for name in ("sid", "client_secret")}
    early = await submit(world, stage, session, **creds)
    assert early.status_code == 401
    assert "not been followed" in early.text
    assert hidden(early, "sid") == creds["sid"]
    await world.follow((await world.letter(MAIL)).link)
    assert is_done(await submit(world, stage, session, **creds))
    answer = await world.post("register", {"auth": {"session": session}})
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    listed = (await world.get("account/3pid", token=token)).json()["threepids"]
    assert [one["address"] for one in listed] == [MAIL]


async def test_an_unknown_address_resets_nothing_and_looks_the_same(world: World) -> None:
    await world.register("alice", email=MAIL)
    session = await open_session(world, "account/password", {"new_password": NEW})
    stage = "m.login.email.identity"
    known = await submit(world, stage, session, email=MAIL)
    unknown = await submit(world, stage, session, email="mallory@example.org")
    plain = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (known, unknown)]
    assert plain[0] == plain[1]
    assert known.status_code == unknown.status_code == 200


async def test_a_proof_for_something_else_is_no_proof(world: World) -> None:
    """A link that was sent for a new account must not change the password of another."""
    await world.register("bob")
    creds = (await world.prove_address("register/email", MAIL))["threepid_creds"]
    session = await open_session(world, "account/password", {"new_password": NEW})
    answer = await submit(world, "m.login.email.identity", session, **creds)
    assert answer.status_code == 401


@pytest.mark.parametrize("stage", ["m.login.recaptcha", "m.login.sso", "x"])
async def test_an_unknown_stage(world: World, stage: str) -> None:
    session = await open_session(world, "register", {})
    for answer in (await world.get(page(stage, session)), await submit(world, stage, session)):
        assert answer.status_code == 404
        assert "no such step" in answer.text


async def test_stages_that_the_request_has_no_use_for(world: World) -> None:
    """Nobody is signed in who could have an account password; mail proves nothing to delete."""
    session = await open_session(world, "register", {})
    assert (await world.get(page("m.login.password", session))).status_code == 404
    alice = await world.register("alice", email=MAIL)
    session = await open_session(world, "account/deactivate", {}, token=alice.token)
    assert (await world.get(page("m.login.email.identity", session))).status_code == 404


@pytest.mark.parametrize("session", ["", "unknown"])
async def test_an_unknown_session(world: World, session: str) -> None:
    for answer in (
        await world.get(page("m.login.dummy", session)),
        await submit(world, "m.login.dummy", session),
    ):
        assert answer.status_code == 404
        assert "has expired" in answer.text


async def test_a_session_expires(world: World) -> None:
    session = await open_session(world, "register", {})
    world.clock.turn(minutes=31)
    assert (await world.get(page("m.login.dummy", session))).status_code == 404
    assert (await submit(world, "m.login.dummy", session)).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": PUBLIC_URL},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_other_sites_cannot_send_the_form(world: World, headers: dict[str, str]) -> None:
    session = await open_session(world, "register", {"username": "alice", "password": PASSWORD})
    answer = await world.call(
        "POST", page("m.login.dummy", session), data={"session": session}, headers=headers
    )
    assert answer.status_code == 403
    assert (await world.post("register", {"auth": {"session": session}})).status_code == 401


async def test_the_page_cannot_be_framed(world: World) -> None:
    session = await open_session(world, "register", {})
    headers = (await world.get(page("m.login.dummy", session))).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"


async def test_guessing_the_account_password_is_limited(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_RATE_LIMITS="on") as world:
        alice = await world.register("alice")
        session = await asked_to_change(alice)
        answers = [
            await submit(world, "m.login.password", session, password=f"wrong {number}")
            for number in range(15)
        ]
        assert {answer.status_code for answer in answers} == {403, 429}
        assert "Too many tries" in answers[-1].text
        right = await submit(world, "m.login.password", session, password=PASSWORD)
        assert right.status_code == 429
        assert await alice.is_signed_in()
