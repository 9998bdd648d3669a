"""A forgotten account password and a recovery key: set up, used, revoked; and "this wasn't me"."""

import re

from playwright.sync_api import Page, expect

from tests.browser.encryption import (
    SLOW,
    dialog,
    open_encryption,
    recovery_field,
    set_up,
    type_back,
)
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import NewContext, PageOf, choose_password, fill_in, open_mail, prove
from tests.browser.test_how_to import NEW

LOCK = re.compile("not-me")


def switch_on(page: Page, person: Person, key: str) -> None:
    page.get_by_role("button", name="Reset the password by recovery key").click()
    recovery_field(page).fill(key)
    dialog(page).get_by_role("button", name="Switch it on").click()
    prove(page, person.password, "Switch it on")
    expect(dialog(page)).to_contain_text("Your recovery key can set a new account password.")


def forgot(page: Page, name: str, key: str) -> None:
    page.goto("/forgot")
    page.get_by_role("textbox", name="User name").fill(name)
    recovery_field(page).fill(key)
    page.get_by_role("button", name="Use my recovery key").click()


def test_from_forgetting_to_reading(
    page_of: PageOf, new_context: NewContext, server: LiveServer
) -> None:
    """One key for both: the new account password, and the history right after it."""
    alice = server.person(mail=True)
    page = open_encryption(page_of, alice)
    key = set_up(page)
    switch_on(page, alice, key)
    new = new_context().new_page()
    requests: list[str] = []
    new.on("request", lambda request: requests.append(request.post_data or ""))
    forgot(new, alice.name, key)
    expect(new.get_by_role("heading", name="Choose a new account password")).to_be_visible()
    choose_password(new, NEW)
    new.get_by_role("button", name="Set the new password").click()
    expect(dialog(new)).to_contain_text("This session is verified.", timeout=SLOW)
    assert alice.status() == (401, True)
    bare = key.replace(" ", "")
    assert not [body for body in requests if bare in body.replace(" ", "")], "it leaves no browser"
    new.get_by_role("button", name="Close").click()
    new.get_by_role("button", name="Reset the password by recovery key").click()
    dialog(new).get_by_role("button", name="Switch it off").click()
    expect(recovery_field(new)).to_be_visible()
    late = new_context().new_page()
    forgot(late, alice.name, key)
    expect(late.get_by_role("alert")).to_contain_text("does not fit that account")


def test_a_new_recovery_key_takes_over(
    page_of: PageOf, new_context: NewContext, server: LiveServer
) -> None:
    """The former one sets no password any more; the new one does, once the owner has agreed."""
    alice = server.person()
    page = open_encryption(page_of, alice)
    old = set_up(page)
    switch_on(page, alice, old)
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Change recovery key").click()
    key = type_back(page)
    prove(page, alice.password, "Go on")
    expect(dialog(page)).to_be_hidden(timeout=SLOW)
    other = new_context().new_page()
    forgot(other, alice.name, old)
    expect(other.get_by_role("alert")).to_contain_text("does not fit that account")
    forgot(other, alice.name, key)
    expect(other.get_by_role("heading", name="Choose a new account password")).to_be_visible()


def test_wrong_keys(page_of: PageOf, new_context: NewContext, server: LiveServer) -> None:
    alice, bob = server.person(), server.person("bob")
    pages = [open_encryption(page_of, person) for person in (alice, bob)]
    keys = [set_up(page) for page in pages]
    switch_on(pages[0], alice, keys[0])
    switch_on(pages[1], bob, keys[1])
    page = new_context().new_page()
    told = []
    for name, key in ((alice.name, keys[1]), ("nobody", keys[0])):
        forgot(page, name, key)
        told.append(page.get_by_role("alert").inner_text())
    assert told[0] == told[1]
    forgot(page, alice.name, keys[0][:-3])
    expect(page.get_by_role("alert")).to_contain_text("not a complete recovery key")


def test_this_was_not_me(page_of: PageOf, new_context: NewContext, server: LiveServer) -> None:
    alice = server.person(mail=True)
    assert alice.email
    page = open_encryption(page_of, alice)
    set_up(page)
    thief = alice.another_session("Somebody else")
    mail = open_mail(new_context(), alice.email)
    mail.locator("pre").get_by_role("link", name=LOCK).click()
    expect(mail.get_by_role("heading", name="Was it not you? Lock your account")).to_be_visible()
    expect(mail.get_by_text("Sessions that are locked by this: 2.")).to_be_visible()
    assert thief.status() == (200, False), "nothing has happened yet"
    mail.get_by_role("button", name="Lock my account").click()
    expect(mail.get_by_role("heading", name="Your account is locked")).to_be_visible()
    assert (alice.status(), thief.status()) == ((401, True), (401, True))
    mail.goto("/signin")
    fill_in(mail, alice.name, alice.password)
    expect(mail.get_by_role("alert")).to_contain_text("That is not right")
    mail.goto(server.reset_link(alice.email))
    choose_password(mail, NEW)
    mail.get_by_role("button", name="Set the new password").click()
    expect(mail.get_by_role("heading", name="Your account password is set")).to_be_focused()
    page.reload()
    page.get_by_role("textbox", name="Account password").fill(NEW)
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("region", name="At a glance")).to_contain_text(
        "All is well", timeout=SLOW
    )
