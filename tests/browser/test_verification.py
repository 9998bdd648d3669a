"""Verifying sessions in the portal: by comparing emoji, in either direction."""

from playwright.sync_api import Page, expect

from tests.browser.encryption import dialog, fact, glance, open_encryption, set_up
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import PageOf


def two_sessions(page_of: PageOf, server: LiveServer) -> tuple[Person, Page, Page]:
    """Somebody whose first session has set encryption up, and whose second is new."""
    alice = server.person()
    first = open_encryption(page_of, alice)
    set_up(first)
    second = open_encryption(page_of, alice.another_session("Laptop"))
    expect(glance(second)).to_contain_text("This session is not verified")
    return alice, first, second


def compare(asking: Page, accepting: Page) -> None:
    """One session has asked: the other accepts, and both show the same emoji."""
    accepting.get_by_role("button", name="Accept").click()
    asking.get_by_role("button", name="Show the emoji").click()
    seen = []
    for page in (asking, accepting):
        expect(page.get_by_role("button", name="They are the same")).to_be_visible()
        seen.append(page.locator(".emoji-row").inner_text())
    assert seen[0] == seen[1]
    assert len(seen[0].split("\n")) >= 7


def agree(*pages: Page) -> None:
    for page in pages:
        page.get_by_role("button", name="They are the same").click()
    for page in pages:
        expect(dialog(page)).to_contain_text("Verified. Both sessions trust each other.")
        page.get_by_role("button", name="Close").click()
        expect(dialog(page)).to_be_hidden()


def test_a_new_session_asks(page_of: PageOf, server: LiveServer) -> None:
    """And is given the secrets by the other one: it stores its keys in the backup by itself."""
    _alice, first, second = two_sessions(page_of, server)
    glance(second).get_by_role("button", name="Verify this session").click()
    second.get_by_role("button", name="By comparing emoji with another session").click()
    compare(second, first)
    agree(second, first)
    expect(fact(second, "This session")).to_have_text("verified")
    expect(fact(second, "This session stores its keys there")).to_have_text("yes")
    others = first.get_by_role("region", name="Other sessions")
    expect(others.get_by_role("listitem")).to_contain_text("verified")
    expect(others.get_by_role("button", name="Verify Laptop")).to_have_count(0)


def test_a_verified_session_asks_the_new_one(page_of: PageOf, server: LiveServer) -> None:
    _alice, first, second = two_sessions(page_of, server)
    expect(glance(first)).to_contain_text("1 other session is not verified.")
    first.get_by_role("button", name="Verify Laptop").click()
    compare(first, second)
    agree(first, second)
    expect(fact(second, "This session")).to_have_text("verified")


def test_emoji_that_differ_verify_nothing(page_of: PageOf, server: LiveServer) -> None:
    _alice, first, second = two_sessions(page_of, server)
    first.get_by_role("button", name="Verify Laptop").click()
    compare(first, second)
    second.get_by_role("button", name="They differ").click()
    for page in (first, second):
        expect(page.get_by_role("alert")).to_contain_text("Nothing was verified.")
        page.get_by_role("button", name="Close").click()
    expect(fact(second, "This session")).to_have_text("not verified")


def test_calling_it_off_ends_it_on_both_sides(page_of: PageOf, server: LiveServer) -> None:
    _alice, first, second = two_sessions(page_of, server)
    first.get_by_role("button", name="Verify Laptop").click()
    expect(second.get_by_role("button", name="Accept")).to_be_visible()
    first.get_by_role("button", name="Cancel").click()
    expect(second.get_by_role("alert")).to_contain_text("called off")
