"""The custody report before a new account password, and that it tells the truth afterwards.

Real encryption: an old session that wrote something and is not backing up, a new one that is, and
a peer.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.encryption import (
    SLOW,
    backed_up,
    dialog,
    open_encryption,
    set_up,
    verify_by_key,
)
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import PageOf, choose_password, prove
from tests.browser.test_messages import make_room, open_room, reads, room, say, to_messages

NEW = "quiet harbour lantern"
EARLY = ("one", "two")
"""Written while the old laptop was the only session: their key never left it."""
LATE = ("three from Bob", "four")


@dataclass
class Conversation:
    """Alice's old laptop, which is not backing up, and her new session."""

    alice: Person
    page: Page
    laptop: Person
    old: Page
    key: str


def alone(page_of: PageOf, server: LiveServer) -> tuple[Person, Page, Page, str]:
    """Alice's only session that is left has said a few things to Bob; there is a key backup."""
    laptop, bob = server.person(), server.person("bob")
    tablet = laptop.another_session("My tablet")
    key = set_up(open_encryption(page_of, tablet))
    server.call("POST", "logout", {}, token=tablet.token)
    old = open_encryption(page_of, laptop)
    bobs = open_encryption(page_of, bob)
    make_room(old, bob)
    to_messages(bobs)
    bobs.get_by_role("button", name="Accept Garden").click()
    bobs.get_by_role("link", name="Garden").click()
    expect(room(old).get_by_text("Nobody has said anything here yet.")).to_be_visible()
    for text in EARLY:
        say(old, text)
        reads(bobs, text)
    return laptop, old, bobs, key


@pytest.fixture
def conversation(page_of: PageOf, server: LiveServer) -> Conversation:
    laptop, old, bobs, key = alone(page_of, server)
    alice = laptop.another_session("My new phone")
    page = open_encryption(page_of, alice)
    verify_by_key(page, key)
    open_room(page)
    say(bobs, LATE[0])
    reads(page, LATE[0])
    reads(old, LATE[0])
    say(page, LATE[1])
    reads(old, LATE[1])
    page.get_by_role("link", name="Encryption").click()
    backed_up(page, 2)
    server.minutes_pass()
    return Conversation(alice, page, laptop, old, key)


def account(page: Page) -> Locator:
    """Settings › Account, the section about the account password."""
    page.goto("/settings/account")
    region = page.get_by_role("region", name="Account password")
    expect(region.get_by_role("heading", name="Before you change it")).to_be_visible()
    return region


def change(page: Page, old: str) -> None:
    page.get_by_role("textbox", name="Current account password").fill(old)
    choose_password(page, NEW)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Your account password was changed.")).to_be_focused()


def decide(page: Page, fate: str) -> None:
    page.get_by_role("combobox", name="What should happen to First app?").select_option(fate)


def unreadable(page: Page) -> Locator:
    return room(page).locator(".unreadable")


def test_the_report_names_the_session_and_counts_right(conversation: Conversation) -> None:
    region = account(conversation.page)
    expect(region).to_contain_text("First app does not store its keys in the backup.")
    expect(region).to_contain_text("2 of 4 encrypted messages are not covered by the key backup")
    expect(region).to_contain_text("Your recovery key was tested on")
    expect(region).to_contain_text("1 session is not verified.")
    expect(region).to_contain_text("not backing up · locking it may lose 2 messages")
    expect(region).to_contain_text("2 messages may become unreadable")
    decide(conversation.page, "Remove")
    expect(region).to_contain_text("2 messages lost")
    expect(region).to_contain_text("Warning: 2 messages can't be read any more afterwards.")
    decide(conversation.page, "Keep")
    expect(region).to_contain_text("No message is lost by this.")
    expect(region).to_contain_text("removing it would lose 2 messages")
    told = conversation.alice.get("../unstable/dev.holdfast/custody")
    laptop = next(
        one for one in told["sessions"] if one["device_id"] == conversation.laptop.device_id
    )
    assert (laptop["backing_up"], laptop["at_risk_if_removed"]) == ("no", len(EARLY))
    assert told["choices"]["remove"]["at_risk"] == len(EARLY)


def test_a_locked_session_signs_in_again_and_reads_everything(conversation: Conversation) -> None:
    account(conversation.page)
    decide(conversation.page, "Lock")
    change(conversation.page, conversation.alice.password)
    old = conversation.old
    expect(old.get_by_text("your keys are still here")).to_be_visible(timeout=SLOW)
    old.get_by_role("textbox", name="Account password").fill(NEW)
    old.get_by_role("button", name="Sign in again").click()
    expect(old.get_by_role("region", name="Rooms")).to_be_visible(timeout=SLOW)
    old.get_by_role("link", name="Garden").click()
    for text in EARLY + LATE:
        reads(old, text)
    expect(unreadable(old)).to_have_count(0)


def test_removing_loses_exactly_what_the_report_said(
    conversation: Conversation, page_of: PageOf
) -> None:
    """Not one message more or less."""
    region = account(conversation.page)
    decide(conversation.page, "Remove")
    expect(region).to_contain_text("First app: 2 messages")
    change(conversation.page, conversation.alice.password)
    conversation.alice.password = NEW
    new = open_encryption(page_of, conversation.alice.another_session("After it"))
    verify_by_key(new, conversation.key)
    open_room(new)
    for text in LATE:
        reads(new, text)
    expect(unreadable(new)).to_have_count(len(EARLY))
    for text in EARLY:
        expect(room(new).get_by_text(text, exact=True)).to_have_count(0)


def test_somebody_else_has_the_password(conversation: Conversation) -> None:
    """What was never verified goes, and the page says what that costs."""
    region = account(conversation.page)
    region.get_by_text("I think somebody else has my password").click()
    choice = region.get_by_role("combobox", name="What should happen to First app?")
    expect(choice).to_have_value("remove")
    expect(region).to_contain_text("Warning: 2 messages can't be read any more afterwards.")
    region.get_by_text("I think somebody else has my password").click()
    expect(choice).to_have_value("default")
    region.get_by_role("button", name="Cancel").click()
    assert conversation.laptop.status() == (200, False)


def test_the_session_that_was_not_backing_up_is_verified(conversation: Conversation) -> None:
    """It stores its keys then, and nothing is at risk any more."""
    old, page = conversation.old, conversation.page
    old.get_by_role("link", name="Encryption").click()
    verify_by_key(old, conversation.key)
    backed_up(old, 3)
    region = account(page)
    expect(region).to_contain_text("All 4 encrypted messages are covered by the key backup.")
    decide(page, "Remove")
    expect(region).to_contain_text("No message is lost by this.")


def test_a_key_that_was_deleted_from_the_backup_comes_back(conversation: Conversation) -> None:
    page, alice = conversation.page, conversation.alice
    version = alice.get("room_keys/version")["version"]
    answer = alice.server.ask("DELETE", f"room_keys/keys?version={version}", token=alice.token)
    assert answer.status_code == 200
    region = account(page)
    expect(region).to_contain_text("4 of 4 encrypted messages are not covered")
    region.get_by_role("link", name="Fix it").click()
    dialog(page).get_by_role("button", name="Fix it").click(timeout=SLOW)
    prove(page, alice.password, "Fix it")
    expect(dialog(page)).to_contain_text("4 before, 2 now", timeout=SLOW * 3)
