"""English, German, French and Spanish."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf

SIGN_IN = {"en": "Sign in", "de": "Anmelden", "fr": "Se connecter", "es": "Iniciar sesión"}
NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}


def speaking(language: str) -> pytest.MarkDecorator:
    """For a test whose browser prefers `language`."""
    return pytest.mark.browser_context_args(locale=language)


@pytest.mark.parametrize(
    "language", [pytest.param(language, marks=speaking(language)) for language in SIGN_IN]
)
def test_the_browsers_language_is_spoken(page: Page, language: str) -> None:
    page.goto("/signin")
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGN_IN[language])
    expect(page).to_have_title(f"{SIGN_IN[language]} · Holdfast")
    expect(page.locator("html")).to_have_attribute("lang", language)


@speaking("ja")
def test_a_language_that_the_portal_does_not_speak(page: Page) -> None:
    page.goto("/signin")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_choosing_one_changes_everything_at_once_and_is_remembered(page: Page) -> None:
    page.goto("/signin")
    chooser = page.locator("footer").get_by_role("combobox")
    for language, heading in reversed(SIGN_IN.items()):
        chooser.select_option(NAMES[language])
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_title(f"{heading} · Holdfast")
    chooser.select_option("Français")
    expect(page).to_have_title("Se connecter · Holdfast")
    page.reload()
    expect(page).to_have_title("Se connecter · Holdfast")


def test_the_accounts_language_is_that_of_its_mails(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person(mail=True)
    page = page_of(alice)
    page.get_by_role("region", name="Language").get_by_role("combobox").select_option("Deutsch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Konto")
    alice.another_session("Telefon")
    assert alice.email
    assert server.letter(alice.email).subject.startswith("Neue Anmeldung")


@speaking("fr")
def test_the_page_behind_an_apps_link_speaks_it_too(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    asked = {"email": alice.email, "client_secret": "s3cret", "send_attempt": 1}
    server.call("POST", "account/password/email/requestToken", asked)
    assert alice.email
    page.goto(server.letter(alice.email).link)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
