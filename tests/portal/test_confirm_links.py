"""Following the links of mails that apps ask for."""

from typing import Any

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, PUBLIC_URL, Answer, World

NEW = "another fine lighthouse"
MAIL = "alice@example.org"


async def reset_link(world: World) -> tuple[str, dict[str, str]]:
    """Alice's app asks for a new account password; the link she gets, and the app's proof."""
    await world.register("alice", email=MAIL)
    creds = await world.request_token("account/password/email", MAIL)
    return (await world.letter(MAIL, number=2)).link, creds


async def reset(world: World, creds: dict[str, str]) -> Answer:
    stage = {"type": "m.login.email.identity", "threepid_creds": creds}
    return await world.post("account/password", {"auth": stage, "new_password": NEW})


def is_page(answer: Answer) -> bool:
    return answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_an_address_for_a_new_account_is_proven_by_opening_the_link(world: World) -> None:
    creds = await world.request_token("register/email", MAIL)
    answer = await world.follow((await world.letter(MAIL)).link)
    assert answer.status_code == 200
    assert is_page(answer)
    assert "Your address is confirmed" in answer.text
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    body = {"username": "alice", "password": PASSWORD, "auth": auth}
    assert (await world.post("register", body)).status_code == 200


async def test_an_address_to_add_is_proven_by_opening_the_link_twice(world: World) -> None:
    alice = await world.register("alice")
    creds = await world.request_token("account/3pid/email", MAIL, token=alice.token)
    link = (await world.letter(MAIL)).link
    for _ in range(2):
        assert (await world.follow(link)).status_code == 200
    added = await alice.post("account/3pid/add", {"auth": alice.auth(), **creds})
    assert added.status_code == 200
    gone = await world.follow(link)
    assert gone.status_code == 410
    assert "has been used" in gone.text


async def test_opening_the_link_for_a_new_password_changes_nothing(world: World) -> None:
    link, creds = await reset_link(world)
    for _ in range(3):
        page = await world.follow(link)
        assert page.status_code == 200
        assert "@alice:hold.example" in page.text
        assert "Confirm changing my password" in page.text
    assert (await reset(world, creds)).status_code == 401
    assert (await world.login("alice")).status_code == 200


async def test_the_button_lets_the_app_set_the_new_password(world: World) -> None:
    link, creds = await reset_link(world)
    answer = await world.press(link)
    assert answer.status_code == 200
    assert "Go back to your app" in answer.text
    again = await world.follow(link)
    assert "Go back to your app" in again.text
    assert (await reset(world, creds)).status_code == 200
    assert (await world.login("alice", NEW)).status_code == 200
    assert (await world.press(link)).status_code == 410


async def test_asking_with_head_proves_nothing(world: World) -> None:
    creds = await world.request_token("register/email", MAIL)
    link = (await world.letter(MAIL)).link
    assert (await world.follow(link, "HEAD")).status_code == 200
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    body = {"username": "alice", "password": PASSWORD, "auth": auth}
    assert (await world.post("register", body)).status_code == 401


async def test_the_reader_goes_on_to_where_the_app_wanted(world: World) -> None:
    body = {"client_secret": "s", "email": MAIL, "send_attempt": 1}
    body["next_link"] = f"{PUBLIC_URL}/signin?from=mail"
    await world.post("register/email/requestToken", body)
    answer = await world.follow((await world.letter(MAIL)).link)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PUBLIC_URL}/signin?from=mail"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", f"{PUBLIC_URL}.evil.example/", "javascript:alert(1)"]
)
async def test_but_never_to_another_server(world: World, elsewhere: str) -> None:
    body = {"client_secret": "s", "email": MAIL, "send_attempt": 1, "next_link": elsewhere}
    await world.post("register/email/requestToken", body)
    assert (await world.follow((await world.letter(MAIL)).link)).status_code == 200


async def test_a_link_for_a_new_password_expires(world: World) -> None:
    link, creds = await reset_link(world)
    world.clock.turn(minutes=61)
    for answer in (await world.follow(link), await world.press(link)):
        assert answer.status_code == 410
        assert "has expired" in answer.text
    assert (await reset(world, creds)).status_code == 401


async def test_a_confirmed_password_change_has_ten_minutes(world: World) -> None:
    link, creds = await reset_link(world)
    await world.press(link)
    world.clock.turn(minutes=11)
    assert (await reset(world, creds)).status_code == 401


async def test_after_five_wrong_links_the_right_one_is_dead_too(world: World) -> None:
    link, creds = await reset_link(world)
    for number in range(5):
        wrong = await world.press(link.replace("token=", f"token=x{number}"))
        assert wrong.status_code == 404
        assert is_page(wrong)
    assert (await world.press(link)).status_code == 404
    assert (await reset(world, creds)).status_code == 401


async def test_only_the_newest_of_two_mails_works(world: World) -> None:
    await world.request_token("register/email", MAIL, attempt=1)
    old = (await world.letter(MAIL, number=1)).link
    await world.request_token("register/email", MAIL, attempt=2)
    new = (await world.letter(MAIL, number=2)).link
    answer = await world.follow(old)
    assert answer.status_code == 404
    assert "newest mail" in answer.text
    assert (await world.follow(new)).status_code == 200


async def test_the_portals_own_reset_link_is_no_link_of_an_app(world: World) -> None:
    await world.register("alice", email=MAIL)
    await world.post(
        "/_matrix/client/unstable/dev.holdfast/password_reset/request", {"email": MAIL}
    )
    token = (await world.letter(MAIL, number=2)).link.partition("#")[2]
    sid, _, secret = token.partition(".")
    answer = await world.get(f"/_holdfast/confirm?sid={sid}&token={secret}")
    assert answer.status_code == 404


@pytest.mark.parametrize("query", ["", "?sid=x", "?token=x", "?sid=&token="])
async def test_half_a_link_says_so(world: World, query: str) -> None:
    for method in ("GET", "POST"):
        answer = await world.call(method, f"/_holdfast/confirm{query}")
        assert answer.status_code == 400
        assert is_page(answer)
        assert "not complete" in answer.text


async def test_a_form_with_a_flood_of_fields_is_refused(world: World) -> None:
    answer = await world.call("POST", "/_holdfast/confirm", content=b"a=1&" * 100)
    assert answer.status_code == 400
    assert is_page(answer)


async def test_guessing_links_is_limited(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_RATE_LIMITS="on", HOLDFAST_UIA_LIMIT="9 per 60s") as world:
        answers = [await world.get("/_holdfast/confirm?sid=a&token=b") for _ in range(30)]
        assert {answer.status_code for answer in answers} == {404, 429}
        assert is_page(answers[-1])
        assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("fate", "words"), [("lock", "keep their encryption keys"), ("remove", "are removed")]
)
async def test_the_page_says_what_happens_to_the_other_sessions(
    make_world: MakeWorld, fate: str, words: str
) -> None:
    made: Any = make_world(HOLDFAST_ON_PASSWORD_CHANGE=fate)
    async with made as world:
        link, _creds = await reset_link(world)
        assert words in (await world.follow(link)).text
