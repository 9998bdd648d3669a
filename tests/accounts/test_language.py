"""The language in which an account gets its mails."""

import pytest

from tests.world import EXTRAS, PASSWORD, World, refused

MAIL = "alice@example.org"
NEW = "nimbus orchard vagrant"
WORDS = {"en": "password", "de": "passwort", "fr": "mot de passe", "es": "contraseña"}


@pytest.mark.parametrize("language", WORDS)
async def test_it_is_chosen(world: World, language: str) -> None:
    alice = await world.register("alice", email=MAIL)
    assert (await alice.put(f"{EXTRAS}/language", {"language": language})).json() == {}
    before = len(await world.letters(MAIL))
    await alice.change_password(NEW)
    assert WORDS[language] in (await world.letters(MAIL))[before].subject.lower()


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("xx, fr;q=0.3, es;q=0.7", "es"),
        ("de;q=0", "en"),
        ("nonsense;q=x", "en"),
        ("", "en"),
    ],
)
async def test_a_new_account_has_that_of_the_browser(
    world: World, accept: str, language: str
) -> None:
    auth = await world.prove_address("register/email", MAIL)
    body = {"username": "alice", "password": PASSWORD, "auth": auth}
    await world.post("register", body, headers={"accept-language": accept})
    before = len(await world.letters(MAIL))
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    assert WORDS[language] in (await world.letters(MAIL))[before].subject.lower()


async def test_another_one_is_refused(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.put(f"{EXTRAS}/language", {"language": "tlh"})
    refused(answer, 400, "M_INVALID_PARAM")
    refused(await world.call("PUT", f"{EXTRAS}/language", json={}), 401, "M_MISSING_TOKEN")
