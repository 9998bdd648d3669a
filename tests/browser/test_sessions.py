"""Settings › Sessions."""

import re

from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer, Person
from tests.browser.steps import PageOf, prove

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


def open_sessions(page_of: PageOf, person: Person) -> Page:
    page = page_of(person, "/settings/sessions")
    expect(page.get_by_role("region", name="Other sessions")).to_be_visible()
    return page


def test_what_is_shown_of_each_session(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    alice.another_session("Work laptop", client=FIREFOX)
    page = open_sessions(page_of, alice)
    this = page.get_by_role("region", name="This session")
    expect(this).to_contain_text("First app")
    expect(this.get_by_role("button", name="Remove")).to_have_count(0)
    other = page.get_by_role("region", name="Other sessions").get_by_role("listitem")
    expect(other).to_have_count(1)
    for fact in ("Work laptop", "Firefox · Linux", "127.0.0.1", "Last seen this minute"):
        expect(other).to_contain_text(fact)
    expect(page.get_by_role("link", name="Sessions")).to_have_attribute("aria-current", "page")


def test_renaming(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    alice.another_session("Work laptop")
    page = open_sessions(page_of, alice)
    page.get_by_role("button", name="Rename Work laptop").click()
    field = page.get_by_role("dialog", name="Rename session").get_by_role("textbox")
    expect(field).to_be_focused()
    expect(field).to_have_value("Work laptop")
    field.fill("Kitchen tablet")
    field.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The name was changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Rename Kitchen tablet")).to_be_visible()
    assert set(alice.devices()) == {"First app", "Kitchen tablet"}


def test_locking_one(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    laptop = alice.another_session("Work laptop")
    page = open_sessions(page_of, alice)
    page.get_by_role("button", name="Lock Work laptop").click()
    expect(page.get_by_role("status").filter(has_text="1 session was locked.")).to_be_visible()
    other = page.get_by_role("region", name="Other sessions").get_by_role("listitem")
    expect(other).to_contain_text("Locked")
    expect(other).to_contain_text("Will be removed in 30 days")
    expect(page.get_by_role("button", name=re.compile("^Lock"))).to_have_count(0)
    assert laptop.status() == (401, True)


def test_removing_one_asks_first_and_for_the_password(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    laptop = alice.another_session("Work laptop")
    page = open_sessions(page_of, alice)
    page.get_by_role("button", name="Remove Work laptop").click()
    asking = page.get_by_role("alertdialog", name="Remove 1 session?")
    expect(asking).to_contain_text("Work laptop")
    expect(asking).to_contain_text("must discard its encryption keys")
    asking.get_by_role("button", name="Remove 1 session").click()
    prove(page, "not the password", "Remove")
    expect(page.get_by_role("alert")).to_have_text("That is not the account password. Try again.")
    prove(page, alice.password, "Remove")
    expect(page.get_by_role("status").filter(has_text="1 session was removed.")).to_be_visible()
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    assert laptop.status() == (401, False)


def test_removing_can_be_called_off_at_either_question(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    laptop = alice.another_session("Work laptop")
    page = open_sessions(page_of, alice)
    button = page.get_by_role("button", name="Remove Work laptop")
    button.click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    button.click()
    page.get_by_role("button", name="Remove 1 session").click()
    expect(page.get_by_role("dialog", name="Is it you?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert laptop.status() == (200, False)


def test_several_and_all_others(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    sessions = [alice.another_session(f"Session {letter}") for letter in "ABCD"]
    page = open_sessions(page_of, alice)
    page.get_by_role("checkbox", name="Select Session A").check(force=True)
    page.get_by_role("checkbox", name="Select Session C").check(force=True)
    page.get_by_role("button", name="Lock 2 selected sessions").click()
    expect(page.get_by_role("status").filter(has_text="2 sessions were locked.")).to_be_visible()
    assert [one.status()[0] for one in sessions] == [401, 200, 401, 200]
    page.get_by_role("button", name="Remove 2 selected sessions").click()
    page.get_by_role("button", name="Remove 2 sessions", exact=True).click()
    prove(page, alice.password, "Remove")
    expect(page.get_by_role("status").filter(has_text="2 sessions were removed.")).to_be_visible()
    page.get_by_role("button", name="Remove all 2 other sessions").click()
    asking = page.get_by_role("alertdialog", name="Remove 2 sessions?")
    assert asking.get_by_role("listitem").all_inner_texts() == ["Session D", "Session B"]
    asking.get_by_role("button", name="Remove 2 sessions").click()
    prove(page, alice.password, "Remove")
    expect(page.get_by_text("You are signed in nowhere else.")).to_be_visible()
    assert set(alice.devices()) == {"First app"}


def test_a_session_that_was_removed_elsewhere_says_that_it_has_ended(
    page_of: PageOf, server: LiveServer
) -> None:
    alice = server.person()
    page = open_sessions(page_of, alice.another_session("Work laptop"))
    server.call("POST", "logout/all", token=alice.token)
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    expect(page.get_by_text("This session has ended. Sign in to continue.")).to_be_visible()


def test_letting_a_paused_session_in_again(page_of: PageOf, server: LiveServer) -> None:
    """Cinny would discard its keys if it were locked; the page says who comes in with it."""
    alice = server.person()
    cinny = alice.another_session("Cinny Web")
    page = open_sessions(page_of, alice)
    page.get_by_role("button", name="Lock Cinny Web").click()
    other = page.get_by_role("region", name="Other sessions").get_by_role("listitem")
    expect(other).to_contain_text("Paused")
    assert cinny.status() == (401, True)
    page.get_by_role("button", name="Let Cinny Web in again").click()
    dialog = page.get_by_role("alertdialog", name="Let Cinny Web in again?")
    expect(dialog).to_contain_text("Whoever uses this session comes in with it.")
    dialog.get_by_role("button", name="Let it in again").click()
    prove(page, alice.password, "Let it in again")
    expect(page.get_by_role("status").filter(has_text="was let in again")).to_be_visible()
    expect(other).not_to_contain_text("Paused")
    assert alice.states()[cinny.device_id] == "signed_in"


def test_a_locked_session_says_so_in_every_tab(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    laptop = alice.another_session("Work laptop")
    first = open_sessions(page_of, laptop)
    second = first.context.new_page()
    second.goto("/settings/account", wait_until="networkidle")  # asks nothing any more by itself
    alice.lock(laptop)
    first.get_by_role("button", name="Sign out").click()
    for page in (first, second):
        expect(page.get_by_role("heading", name="Sign in again to continue")).to_be_visible()
    assert alice.states()[laptop.device_id] == "locked"
