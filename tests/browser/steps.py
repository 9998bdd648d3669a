"""What people do again and again in the portal."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.serving import MAILBOX, LiveServer, Person

NewContext = Callable[..., BrowserContext]
PageOf = Callable[..., Page]


def sign_in(page: Page, person: Person, *, password: str | None = None, to: str = "") -> None:
    """Sign in with the user name; `to` is a settings page to end up on."""
    page.goto(to or "/signin")
    fill_in(page, person.name, person.password if password is None else password)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def fill_in(page: Page, name: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_role("textbox", name="User name").fill(name)
    page.get_by_role("textbox", name="Account password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def as_before(person: Person | None, *, server: LiveServer, language: str = "en") -> dict[str, Any]:
    """The storage of a browser that was here before, signed in as `person` if one is named."""
    stored: dict[str, Any] = {"holdfast.language": language}
    if person is not None:
        stored["holdfast.session"] = {
            "baseUrl": server.url,
            "serverName": server.name,
            "userId": person.user_id,
            "deviceId": person.device_id,
            "accessToken": person.token,
            "refreshToken": None,
            "expiresAt": None,
        }
    entries = [{"name": name, "value": json.dumps(value)} for name, value in stored.items()]
    return {"cookies": [], "origins": [{"origin": server.url, "localStorage": entries}]}


def choose_password(page: Page, password: str, *, label: str = "New account password") -> None:
    """Type a new account password twice."""
    page.get_by_role("textbox", name=label, exact=True).fill(password)
    page.get_by_role("textbox", name="Type it again").fill(password)


def prove(page: Page, password: str, button: str) -> None:
    """Answer the question "Is it you?"."""
    dialog = page.get_by_role("dialog", name="Is it you?")
    dialog.get_by_role("textbox", name="Account password").fill(password)
    dialog.get_by_role("button", name=button).click()


def open_mail(context: BrowserContext, email: str) -> Page:
    """Open the newest mail to an address in a tab with the development mailbox."""
    tab = context.new_page()
    tab.goto(MAILBOX)
    tab.get_by_role("link").filter(has_text=f"To {email} ").first.click()
    expect(tab.get_by_role("heading", name="Text")).to_be_visible()
    return tab


def follow_mail(context: BrowserContext, email: str) -> Page:
    """Open the newest mail to an address and the first link in it."""
    tab = open_mail(context, email)
    tab.locator("pre").get_by_role("link").first.click()
    return tab
