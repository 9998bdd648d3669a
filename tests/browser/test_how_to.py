"""The old how-to "Change Account Password", line by line, as it goes here.

It told people to make sure of three things by hand, then to change the password and sign in again
everywhere; and who did not know the password, to sign out, reset it by mail, and hope.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.encryption import SLOW, backed_up, open_encryption, set_up, verify_by_key
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import NewContext, PageOf, choose_password, fill_in, follow_mail
from tests.browser.test_custody import account
from tests.browser.test_messages import make_room, open_room, reads, room, say, to_messages

NEW = "quiet harbour lantern"
SAID = ("hello Alice", "hello Bob")


@dataclass
class Two:
    """Alice's two sessions, each with its page."""

    alice: Person
    page: Page
    other: Page
    key: str


@pytest.fixture
def two(page_of: PageOf, server: LiveServer) -> Two:
    """Two verified sessions that are backing up, and an encrypted conversation with Bob."""
    alice, bob = server.person(mail=True), server.person("bob")
    page = open_encryption(page_of, alice)
    key = set_up(page)
    other = open_encryption(page_of, alice.another_session("Other portal"))
    verify_by_key(other, key)
    bobs = open_encryption(page_of, bob)
    make_room(page, bob)
    to_messages(bobs)
    bobs.get_by_role("button", name="Accept Garden").click()
    bobs.get_by_role("link", name="Garden").click()
    say(bobs, SAID[0])
    reads(page, SAID[0])
    say(page, SAID[1])
    open_room(other)
    for text in SAID:
        reads(other, text)
    other.get_by_role("link", name="Encryption").click()
    backed_up(other, 2)
    return Two(alice, page, other, key)


def read_everything(page: Page) -> None:
    open_room(page)
    for text in SAID:
        reads(page, text)
    expect(room(page).locator(".unreadable")).to_have_count(0)


def sign_in_again(page: Page) -> None:
    """What a locked session shows."""
    expect(page.get_by_role("heading", name="Sign in again to continue")).to_be_visible(
        timeout=SLOW
    )
    page.get_by_role("textbox", name="Account password").fill(NEW)
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_before_doing_this_make_sure_that(two: Two) -> None:
    region = account(two.page)
    # "all your sessions are connected to key backup,"
    expect(region).to_contain_text("Your key backup is on.")
    # "all sessions have backed up all their keys,"
    expect(region).to_contain_text("All your sessions store their keys in the backup")
    expect(region).to_contain_text("All 2 encrypted messages are covered by the key backup.")
    # "and you have your correct key backup passphrase available."
    expect(region).to_contain_text("Your recovery key opens everything.")
    expect(region).to_contain_text("Your recovery key was tested on")
    region.get_by_role("link", name="Test my recovery key").click()
    expect(two.page.get_by_role("dialog", name="Test my recovery key")).to_be_visible(timeout=SLOW)


def test_if_you_know_your_current_password(two: Two) -> None:
    page = two.page
    # "Go to Element All settings. Enter your current password and your new password."
    region = account(page)
    page.get_by_role("textbox", name="Current account password").fill(two.alice.password)
    choose_password(page, NEW)
    # "You might want to export your E2E room keys. Just to be on the safe side."
    page.get_by_role("button", name="Export E2E room keys").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Passphrase of the file").fill("a harbour of lanterns")
    dialog.get_by_role("textbox", name="Type it again").fill("a harbour of lanterns")
    with page.expect_download(timeout=SLOW) as download:
        dialog.get_by_role("button", name="Export").click()
    assert download.value.path().read_text().startswith("-----BEGIN MEGOLM SESSION DATA-----")
    page.get_by_role("button", name="Close").click()
    # "Warning!": this one is never outdated.
    expect(region).to_contain_text("No message is lost by this.")
    # "Cancel, Export E2E room keys, Continue"
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    # "Your password was successfully changed. You will not receive push notifications on other
    # sessions until you log back in to them."
    expect(page.get_by_text("Your account password was changed.")).to_be_focused()
    expect(region).to_contain_text("Locked sessions get no push notifications until you sign in")
    # "You now need to sign in again on all your other devices."
    sign_in_again(two.other)
    read_everything(two.other)
    read_everything(page)


def test_if_you_do_not_know_your_current_password(
    two: Two, new_context: NewContext, server: LiveServer
) -> None:
    page, alice = two.page, two.alice
    assert alice.email
    # "Sign out of Element" is not needed any more: the session and its keys stay.
    # "Not sure of your password? Set a new one": the same words, in the settings, too.
    account(page)
    page.get_by_role("link", name="Not sure of your password? Set a new one").click()
    # "Enter your email address … Then click Send Reset Email"
    page.get_by_role("textbox", name="E-mail address").fill(alice.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    # "Click the link in the email. Make sure it opens in new browser tab, leaving your Element
    # client open": it may open anywhere, and shows what would be lost first.
    phone = follow_mail(new_context(), alice.email)
    expect(phone.get_by_text("All 2 encrypted messages are covered")).to_be_visible()
    expect(phone.get_by_text("No message is lost by this.")).to_be_visible()
    choose_password(phone, NEW)
    phone.get_by_role("button", name="Set the new password").click()
    expect(phone.get_by_role("heading", name="Your account password is set")).to_be_focused()
    # "Sign in like normal with your new password."
    phone.get_by_role("link", name="Sign in").click()
    fill_in(phone, alice.name, NEW)
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    # "Note that all your other sessions have been signed out and you need to sign in again."
    two.other.reload()
    sign_in_again(two.other)
    read_everything(two.other)
    assert server.letter(alice.email).subject == "New sign-in to your account on example.org"


def test_who_is_signed_in_and_forgot_stays_signed_in(two: Two) -> None:
    """In the same browser, the link leaves this session signed in."""
    alice = two.alice
    assert alice.email
    page = two.page
    account(page)
    page.get_by_role("link", name="Not sure of your password? Set a new one").click()
    page.get_by_role("textbox", name="E-mail address").fill(alice.email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    tab = follow_mail(page.context, alice.email)
    expect(tab.get_by_text("Kept: 1 · locked: 1 · removed: 0")).to_be_visible()
    choose_password(tab, NEW)
    tab.get_by_role("button", name="Set the new password").click()
    tab.get_by_role("link", name="Go on to your settings").click()
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    assert alice.status() == (200, False)
