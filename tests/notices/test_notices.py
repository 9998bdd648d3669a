"""People are told by mail what happened to their account."""

import asyncio

import pytest

from holdfast.notices.apps import app_name
from tests.world import PASSWORD, Person, World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


async def alice(world: World) -> Person:
    return await world.register("alice", email="alice@example.com")


async def subjects(world: World, email: str) -> list[str]:
    """The subjects of all mails that an address has got by now."""
    for _ in range(500):
        if await world.all_mail_sent():
            break
        await asyncio.sleep(0.01)
    return [str(message["subject"]) for message in world.mail.inboxes[email]]


async def add_address(person: Person, email: str) -> None:
    stage = await person.world.prove_address("account/3pid/email", email)
    answer = await person.post(
        "account/3pid/add", {**stage["threepid_creds"], "auth": person.auth()}
    )
    assert answer.status_code == 200, answer.text


async def test_a_new_password_is_told_with_when_where_and_what_became_of_the_sessions(
    world: World,
) -> None:
    person = await alice(world)
    await person.another_session()
    await person.another_session()
    answer = await person.post(
        "account/password",
        {"auth": person.auth(), "new_password": "a calm harbour at dusk"},
        headers={"user-agent": FIREFOX},
    )
    assert answer.status_code == 200, answer.text
    letter = await world.letter("alice@example.com")
    assert letter.subject == "Your account password was changed"
    assert "@alice:hold.example" in letter.text
    assert "Friday, 15 January 2027, 08:00 UTC (2027-01-15T08:00:00Z)" in letter.text
    assert "Network address: 127.0.0.1" in letter.text
    assert "App: Firefox (Linux)" in letter.text
    assert "2 other sessions were locked" in letter.text
    assert letter.link == "https://hold.example/settings/account"
    assert "https://hold.example/_holdfast/not-me/" in letter.text


async def test_a_new_session_is_told(world: World) -> None:
    await alice(world)
    await world.login("alice", initial_device_display_name="Go to evil.example\nnow")
    letter = await world.letter("alice@example.com")
    assert letter.subject == "New sign-in to your account on hold.example"
    assert "Session: Go to evil[.]example now" in letter.text


async def test_a_new_address_is_told_to_all_addresses(world: World) -> None:
    person = await alice(world)
    await add_address(person, "second@example.com")
    for email in ("alice@example.com", "second@example.com"):
        assert (await subjects(world, email))[-1] == "An e-mail address was added to your account"
    assert "second@example.com" in (await world.letter("alice@example.com")).text


async def test_a_removed_address_is_told_too(world: World) -> None:
    person = await alice(world)
    await add_address(person, "second@example.com")
    answer = await person.post(
        "account/3pid/delete",
        {"medium": "email", "address": "alice@example.com", "auth": person.auth()},
    )
    assert answer.status_code == 200, answer.text
    for email in ("alice@example.com", "second@example.com"):
        assert (await subjects(world, email))[-1] == (
            "An e-mail address was removed from your account"
        )


async def test_a_closed_account_is_told(world: World) -> None:
    person = await alice(world)
    answer = await person.post("account/deactivate", {"auth": person.auth()})
    assert answer.status_code == 200, answer.text
    assert (await world.letter("alice@example.com")).subject == "Your account was deactivated"


async def test_nothing_is_told_of_what_was_refused(world: World) -> None:
    person = await alice(world)
    before = await subjects(world, "alice@example.com")
    auth = person.auth("not the password")
    await person.post("account/password", {"auth": auth, "new_password": "a calm harbour at dusk"})
    await world.login("alice", "not the password")
    assert await subjects(world, "alice@example.com") == before


async def test_notices_are_written_in_the_accounts_language(world: World) -> None:
    person = await alice(world)
    path = "/_matrix/client/unstable/dev.holdfast/language"
    answer = await person.put(path, {"language": "fr"})
    assert answer.status_code == 200, answer.text
    await person.change_password("a calm harbour at dusk")
    letter = await world.letter("alice@example.com")
    assert letter.subject == "Le mot de passe de votre compte a été modifié"


async def test_more_addresses_take_no_more_statements(world: World) -> None:
    person = await alice(world)
    one = await world.count_statements(lambda: world.login("alice", PASSWORD))
    for number in range(3):
        await add_address(person, f"more{number}@example.com")
    await subjects(world, "alice@example.com")
    world.statements.clear()
    await world.login("alice", PASSWORD)
    inserts = [line for line in world.statements if line.startswith("INSERT INTO outbox")]
    assert len(inserts) == 1
    assert one > 0


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox (Linux)"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like"
            " Gecko) Version/18.1 Safari/605.1.15",
            "Safari (macOS)",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge (Windows)",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Element/1.12.3 Chrome/140.0.0.0 Electron/38.2.0 Safari/537.36",
            "Element (Linux)",
        ),
        ("Element X/25.10.0 (iPhone 15; iOS 18.1; Scale/3.00)", "Element X (iPhone)"),
        ("Element X/25.10.0 (Google Pixel 9; Android 16)", "Element X (Android)"),
        ("matrix-nio/0.26", "matrix-nio"),
        ("curl/8.5.0", "curl"),
        ("", ""),
    ],
)
def test_apps_are_named_as_people_know_them(user_agent: str, name: str) -> None:
    assert app_name(user_agent) == name
