"""A forgotten account password, reset by a client that waits for the mailed link."""

from typing import Any

import pytest

from tests.world import EXTRAS, PASSWORD, PUBLIC_URL, Answer, Person, World, refused

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"
PATH = "account/password/email"


def stage(creds: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"type": "m.login.email.identity", "threepid_creds": creds, **more}


async def reset(world: World, creds: dict[str, str], **body: Any) -> Answer:
    """What the client sends every two seconds, without a session."""
    return await world.post("account/password", {"auth": stage(creds), "new_password": NEW, **body})


async def asked(world: World, **kwargs: Any) -> tuple[Person, dict[str, str], str]:
    """Alice, her client's proof, and the link it waits for."""
    alice = await world.register("alice", email=MAIL)
    number = len(await world.letters(MAIL)) + 1
    creds = await world.request_token(PATH, MAIL, **kwargs)
    return alice, creds, (await world.letter(MAIL, number=number)).link


async def test_polling_until_the_button_is_pressed(world: World) -> None:
    alice, creds, link = await asked(world)
    for _ in range(3):
        waiting = await reset(world, creds)
        assert waiting.status_code == 401
        assert {"stages": ["m.login.email.identity"]} in waiting.json()["flows"]
        world.clock.turn(ms=2000)
    assert (await world.follow(link)).status_code == 200
    assert (await reset(world, creds)).status_code == 401, "looking at the page changes nothing"
    assert (await world.press(link)).status_code == 200
    done = await reset(world, creds)
    assert done.status_code == 200, done.text
    assert (await reset(world, creds)).status_code == 401
    refused(await world.login("alice", PASSWORD), 403, "M_FORBIDDEN")
    assert (await world.login("alice", NEW)).status_code == 200
    assert not await alice.is_signed_in()
    assert (await alice.get("account/whoami")).json()["soft_logout"] is True


async def test_logout_devices_false_keeps_the_sessions(world: World) -> None:
    alice, creds, link = await asked(world)
    await world.press(link)
    assert (await reset(world, creds, logout_devices=False)).status_code == 200
    assert await alice.is_signed_in()


async def test_one_fate_for_each_session(world: World) -> None:
    alice, creds, link = await asked(world)
    phone = await alice.another_session()
    await world.press(link)
    fates = {alice.device_id: "keep", phone.device_id: "remove"}
    done = await reset(world, creds, **{"dev.holdfast.sessions": fates})
    assert done.json()["dev.holdfast.sessions"] == {
        "kept": [alice.device_id],
        "locked": [],
        "removed": [phone.device_id],
    }


async def test_cinny_sends_both_spellings_once_after_asking(world: World) -> None:
    _alice, creds, link = await asked(world)
    first = await world.post("account/password", {"new_password": NEW})
    await world.press(link)
    auth = stage(creds, threepidCreds=creds, session=first.json()["session"])
    body = {"auth": auth, "new_password": NEW, "logout_devices": False}
    assert (await world.post("account/password", body)).status_code == 200


async def test_the_old_spelling_alone(world: World) -> None:
    _alice, creds, link = await asked(world)
    await world.press(link)
    auth = {"type": "m.login.email.identity", "threepidCreds": creds}
    answer = await world.post("account/password", {"auth": auth, "new_password": NEW})
    assert answer.status_code == 200


async def test_who_is_signed_in_and_forgot_it_stays_signed_in(world: World) -> None:
    alice, creds, link = await asked(world)
    phone = await alice.another_session()
    await world.press(link)
    answer = await alice.post("account/password", {"auth": stage(creds), "new_password": NEW})
    assert answer.status_code == 200, answer.text
    assert await alice.is_signed_in()
    assert not await phone.is_signed_in()


async def test_a_proof_of_anothers_address_changes_nobodys_password(world: World) -> None:
    _alice, creds, link = await asked(world)
    bob = await world.register("bob", email="bob@example.org")
    await world.press(link)
    answer = await bob.post("account/password", {"auth": stage(creds), "new_password": NEW})
    assert answer.status_code == 401
    for name in ("alice", "bob"):
        assert (await world.login(name, PASSWORD)).status_code == 200


async def test_sixty_minutes_to_click(world: World) -> None:
    _alice, creds, link = await asked(world)
    world.clock.turn(minutes=60)
    assert (await world.press(link)).status_code == 410
    assert (await reset(world, creds)).status_code == 401


async def test_then_ten_minutes_to_use(world: World) -> None:
    _alice, creds, link = await asked(world)
    world.clock.turn(minutes=59)
    await world.press(link)
    world.clock.turn(minutes=9)
    await world.press(link)  # pressing again gives no more time
    world.clock.turn(minutes=1)
    assert (await reset(world, creds)).status_code == 401


async def test_the_tenth_minute_still_counts(world: World) -> None:
    _alice, creds, link = await asked(world)
    world.clock.turn(minutes=59)
    await world.press(link)
    world.clock.turn(minutes=9)
    assert (await reset(world, creds)).status_code == 200


async def test_five_wrong_tries_kill_the_link(world: World) -> None:
    _alice, creds, link = await asked(world)
    for number in range(5):
        await world.press(link.replace("token=", f"token=x{number}"))
    assert (await world.press(link)).status_code == 404
    assert (await reset(world, creds)).status_code == 401


async def test_four_wrong_tries_do_not(world: World) -> None:
    _alice, creds, link = await asked(world)
    for number in range(4):
        await world.press(link.replace("token=", f"token=x{number}"))
    await world.press(link)
    assert (await reset(world, creds)).status_code == 200


@pytest.mark.parametrize("path", ["register/email", "account/3pid/email"])
async def test_a_link_for_something_else_resets_nothing(world: World, path: str) -> None:
    await world.register("alice", email=MAIL)
    creds = await world.request_token(path, "new@example.org")
    await world.press((await world.letter("new@example.org")).link)
    assert (await reset(world, creds)).status_code == 401


async def test_the_client_secret_is_needed(world: World) -> None:
    _alice, creds, link = await asked(world)
    await world.press(link)
    assert (await reset(world, {**creds, "client_secret": "guessed"})).status_code == 401
    assert (await reset(world, creds)).status_code == 200


async def test_one_attempt_is_one_mail(world: World) -> None:
    _alice, creds, link = await asked(world)
    before = len(await world.letters(MAIL))
    assert await world.request_token(PATH, MAIL) == creds
    assert len(await world.letters(MAIL)) == before
    assert await world.request_token(PATH, MAIL, attempt=2) == creds
    letters = await world.letters(MAIL)
    assert len(letters) == before + 1
    assert letters[-1].link != link
    assert (await world.press(link)).status_code == 404, "the newest link is the one that works"
    await world.press(letters[-1].link)
    assert (await reset(world, creds)).status_code == 200


async def test_links_lead_to_the_public_url_whatever_the_request_says(world: World) -> None:
    await world.register("alice", email=MAIL)
    evil = {
        "host": "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        "forwarded": "host=evil.example",
        "origin": "https://evil.example",
        "referer": "https://evil.example/",
    }
    before = len(await world.letters(MAIL))
    await world.request_token(PATH, MAIL, headers=evil)
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL}, headers=evil)
    letters = (await world.letters(MAIL))[before:]
    assert len(letters) == 2
    for letter in letters:
        assert letter.link.startswith(PUBLIC_URL + "/")
        assert "evil.example" not in letter.message.as_string()


async def test_the_page_behind_the_link_leaks_nothing(world: World) -> None:
    _alice, _creds, link = await asked(world)
    page = await world.follow(link)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"


async def test_the_notice_says_that_it_was_reset(world: World) -> None:
    _alice, creds, link = await asked(world)
    before = len(await world.letters(MAIL))
    await world.press(link)
    await reset(world, creds)
    notices = (await world.letters(MAIL))[before:]
    assert len(notices) == 1
    assert "password" in notices[0].subject
    assert "@alice:hold.example" in notices[0].text


async def test_a_weak_password_is_refused_and_the_proof_stays_good(world: World) -> None:
    _alice, creds, link = await asked(world)
    refused(await reset(world, creds, new_password="password1"), 400, "M_WEAK_PASSWORD")
    await world.press(link)
    refused(await reset(world, creds, new_password="alice loves ember"), 400, "M_WEAK_PASSWORD")
    assert (await reset(world, creds)).status_code == 200


async def test_a_removed_address_resets_nothing(world: World) -> None:
    alice, creds, link = await asked(world)
    await world.press(link)
    body = {"medium": "email", "address": MAIL, "auth": alice.auth()}
    assert (await alice.post("account/3pid/delete", body)).status_code == 200
    assert (await reset(world, creds)).status_code == 401


async def test_a_deactivated_account_cannot_be_reset(world: World) -> None:
    alice, creds, link = await asked(world)
    await world.press(link)
    await alice.post("account/deactivate", {"auth": alice.auth()})
    assert (await reset(world, creds)).status_code in (401, 403)
    refused(await world.login("alice", NEW), 403, "M_FORBIDDEN")


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(world: World) -> None:
    await world.register("alice", email=MAIL)
    ask = {"client_secret": "s3cret", "send_attempt": 1}
    known = await world.post(f"{PATH}/requestToken", {"email": MAIL, **ask})
    unknown = await world.post(f"{PATH}/requestToken", {"email": "bob@example.org", **ask})
    assert known.status_code == unknown.status_code == 200
    assert known.json().keys() == unknown.json().keys()
    assert len(known.json()["sid"]) == len(unknown.json()["sid"])
    assert await world.letters("bob@example.org") == []
    creds = {"sid": unknown.json()["sid"], "client_secret": "s3cret"}
    assert (await reset(world, creds)).json().keys() == (
        await reset(world, {"sid": known.json()["sid"], "client_secret": "s3cret"})
    ).json().keys()
