"""Ending an account."""

from playwright.sync_api import expect

from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf, fill_in, prove


def test_it_asks_twice_and_then_it_is_gone(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    page = page_of(alice)
    page.get_by_role("button", name="Deactivate my account").click()
    asking = page.get_by_role("alertdialog", name="Deactivate your account for good?")
    expect(asking).to_contain_text(f"Nobody can use {alice.user_id} again, not even you.")
    asking.get_by_role("button", name="Continue").click()
    assert alice.status() == (200, False)
    prove(page, alice.password, "Deactivate for good")
    expect(page.get_by_role("status").filter(has_text="was deactivated.")).to_be_visible()
    assert alice.status()[0] == 401
    fill_in(page, alice.name, alice.password)
    expect(page.get_by_role("alert")).to_contain_text("This account was deactivated.")


def test_it_can_be_called_off_at_either_question(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    page = page_of(alice)
    start = page.get_by_role("button", name="Deactivate my account")
    start.click()
    asking = page.get_by_role("alertdialog", name="Deactivate your account for good?")
    asking.get_by_role("button", name="Cancel").click()
    expect(asking).to_be_hidden()
    start.click()
    asking.get_by_role("button", name="Continue").click()
    page.get_by_role("dialog", name="Is it you?").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert alice.status() == (200, False)
