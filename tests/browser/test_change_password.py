"""Changing the account password in one session, and what becomes of the others."""

import re

from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf, choose_password, sign_in

NEW = "quiet harbour lantern"
AGAIN = "Sign in again to continue"
NO_PUSH = "Locked sessions get no push notifications until you sign in again there."


def change(page: Page, old: str, new: str = NEW) -> None:
    """Fill in the form and send it."""
    page.get_by_role("textbox", name="Current account password").fill(old)
    choose_password(page, new)
    page.get_by_role("button", name="Continue").click()


def device_of(page: Page) -> str:
    """The session that this browser signs in as."""
    return str(page.evaluate("JSON.parse(localStorage['holdfast.session']).deviceId"))


def test_the_other_session_is_locked_and_comes_back_as_itself(
    page: Page, second_page: Page, server: LiveServer
) -> None:
    """The core of Holdfast: nothing that signing in again would not bring back is lost."""
    alice = server.person(mail=True)
    sign_in(page, alice)
    sign_in(second_page, alice, to="/settings/sessions")
    before = set(alice.states())
    second = device_of(second_page)

    page.reload()
    expect(page.get_by_role("radio", name="Lock")).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="Kept: 0")).to_have_text(
        "Kept: 0 · locked: 2 · removed: 0"
    )
    change(page, alice.password)
    expect(page.get_by_text("Your account password was changed.")).to_be_focused()
    expect(page.get_by_text(NO_PUSH)).to_be_visible()
    assert alice.status() == (401, True)

    second_page.get_by_role("button", name="Rename Holdfast portal").first.click()
    second_page.get_by_role("textbox", name="Session name").fill("My other browser")
    second_page.get_by_role("button", name="Save").click()
    expect(second_page.get_by_role("heading", name=AGAIN)).to_be_visible()
    expect(second_page.get_by_text("Your account password was changed, or")).to_be_visible()
    expect(second_page.get_by_text(f"You were signed in as {alice.user_id}.")).to_be_visible()
    field = second_page.get_by_role("textbox", name="Account password")
    field.fill(alice.password)
    field.press("Enter")
    expect(second_page.get_by_role("alert")).to_contain_text("That is not right")
    field.fill(NEW)
    second_page.get_by_role("button", name="Sign in again").click()
    expect(second_page).to_have_url("/settings/sessions")
    this = second_page.get_by_role("region", name="This session")
    expect(this).to_contain_text("Holdfast portal")

    assert device_of(second_page) == second
    alice.password = NEW
    states = alice.another_session("Looking").states()
    assert before < set(states)
    assert (states[second], states[alice.device_id]) == ("signed_in", "locked")


def test_each_session_can_have_a_fate_of_its_own(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    phone = alice.another_session("Phone")
    tablet = alice.another_session("Tablet")
    lost = alice.another_session("Lost laptop")
    page = page_of(alice)
    expect(page.get_by_text("What should happen to your 3 other sessions?")).to_be_visible()
    page.get_by_role("combobox", name="What should happen to Phone?").select_option("Keep")
    page.get_by_role("combobox", name="What should happen to Lost laptop?").select_option("Remove")
    expect(page.get_by_text("Kept: 1 · locked: 1 · removed: 1")).to_be_visible()
    expect(page.get_by_text("You have no encrypted messages, so nothing")).to_be_visible()
    change(page, alice.password)
    expect(page.get_by_role("heading", name="What happened to your sessions")).to_be_visible()
    result = page.get_by_role("region", name="Account password")
    assert result.get_by_role("listitem").all_inner_texts() == [
        "Phone\nStays signed in",
        "Tablet\nLocked until you sign in again there",
        "Lost laptop\nRemoved",
    ]
    assert [one.status() for one in (alice, phone, tablet, lost)] == [
        (200, False),
        (200, False),
        (401, True),
        (401, False),
    ]


def test_everything_can_be_removed(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    phone = alice.another_session("Phone")
    page = page_of(alice)
    page.get_by_text("Is signed out for good and must discard").click()
    expect(page.get_by_text("Kept: 0 · locked: 0 · removed: 1")).to_be_visible()
    change(page, alice.password)
    expect(page.get_by_text("Your account password was changed.")).to_be_visible()
    expect(page.get_by_text(NO_PUSH)).to_be_hidden()
    assert phone.status() == (401, False)
    page.get_by_role("button", name="Change it again").click()
    expect(page.get_by_text("There is no other session to decide about.")).to_be_visible()


def test_without_a_report_it_can_still_be_changed(page_of: PageOf, server: LiveServer) -> None:
    """Whoever has to change it at once must not be kept from it."""
    alice = server.person()
    phone = alice.another_session("Phone")
    page = page_of(alice)
    page.route("**/dev.holdfast/custody", lambda route: route.fulfill(status=500, json={}))
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox", name="Current account password").fill(alice.password)
    choose_password(page, NEW)
    page.get_by_role("button", name="Change the account password").click()
    expect(page.get_by_text("Your account password was changed.")).to_be_focused()
    assert phone.status() == (401, True)


def test_a_wrong_current_password(page_of: PageOf, server: LiveServer) -> None:
    page = page_of(server.person())
    change(page, "not the password")
    expect(page.get_by_role("alert")).to_have_text("The current account password is not right.")


def test_what_is_wrong_with_the_new_one_is_told_at_its_field(
    page_of: PageOf, server: LiveServer
) -> None:
    alice = server.person()
    page = page_of(alice)
    change(page, alice.password, "short")
    field = page.get_by_role("textbox", name="New account password")
    expect(field).to_have_accessible_description(re.compile("At least 8 characters are needed."))
    expect(field).to_be_focused()
    change(page, alice.password, "password123")
    expect(page.get_by_role("alert")).to_contain_text("lists that attackers try first")


def test_who_forgot_the_current_one_gets_to_set_a_new_one(
    page_of: PageOf, server: LiveServer
) -> None:
    page = page_of(server.person(mail=True))
    page.get_by_role("link", name="Not sure of your password? Set a new one").click()
    expect(page.get_by_role("heading", name="Set a new account password")).to_be_visible()


def test_password_managers_find_what_they_need(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    page = page_of(alice)
    expect(page.get_by_role("textbox", name="Current account password")).to_have_attribute(
        "autocomplete", "current-password"
    )
    for label in ("New account password", "Type it again"):
        expect(page.get_by_role("textbox", name=label)).to_have_attribute(
            "autocomplete", "new-password"
        )
    form = page.locator("form").filter(has=page.get_by_label("Current account password"))
    name = form.locator("input[autocomplete=username]")
    expect(name).to_have_count(1)
    expect(name).to_be_hidden()
    expect(name).to_have_value(alice.user_id)
