"""The keyboard alone is enough, and the focus is always where people expect it."""

from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf

NEW = "quiet harbour lantern"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until the control has the focus; it must be reached within one round."""
    target = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # any of ARIA's
    for _ in range(60):
        if target.evaluate("(it) => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches the {role} “{name}”")


def test_signing_in(page: Page, server: LiveServer) -> None:
    alice = server.person()
    page.goto("/signin")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    press(page, "Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tab_to(page, "textbox", "User name")
    page.keyboard.type(alice.name)
    press(page, "Tab")
    page.keyboard.type(alice.password)
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_focused()


def test_changing_the_password(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    phone = alice.another_session("Phone")
    tablet = alice.another_session("Tablet")
    page = page_of(alice)
    expect(page.get_by_role("radiogroup")).to_be_visible()
    tab_to(page, "textbox", "Current account password")
    page.keyboard.type(alice.password)
    tab_to(page, "textbox", "New account password")
    page.keyboard.type(NEW)
    tab_to(page, "textbox", "Type it again")
    page.keyboard.type(NEW)
    lock, keep = (page.get_by_role("radio", name=name) for name in ("Lock", "Keep"))
    press(page, "Tab", "Tab", "Tab")
    expect(lock).to_be_focused()
    press(page, "ArrowDown")
    expect(keep).to_be_checked()
    press(page, "Tab", "Tab")
    select = page.get_by_role("combobox", name="What should happen to Tablet?")
    expect(select).to_be_focused()
    press(page, "L")
    expect(select).to_have_value("lock")
    tab_to(page, "button", "Continue")
    press(page, "Enter")
    expect(page.get_by_text("Your account password was changed.")).to_be_focused()
    assert (phone.status(), tablet.status()) == ((200, False), (401, True))


def test_a_dialog_takes_the_focus_keeps_it_and_gives_it_back(
    page_of: PageOf, server: LiveServer
) -> None:
    alice = server.person()
    alice.another_session("Phone")
    page = page_of(alice, "/settings/sessions")
    tab_to(page, "button", "Rename Phone")
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Rename session")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    for _ in range(5):
        press(page, "Tab")
        assert dialog.evaluate("(it) => it.contains(document.activeElement)")
    press(page, "Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Rename Phone")).to_be_focused()


def test_after_an_action_the_focus_is_not_lost(page_of: PageOf, server: LiveServer) -> None:
    """What was acted on may be gone; whoever goes on with Tab must not start from the top."""
    alice = server.person()
    alice.another_session("Phone")
    page = page_of(alice, "/settings/sessions")
    tab_to(page, "button", "Lock Phone")
    press(page, "Enter")
    expect(page.get_by_text("1 session was locked.")).to_be_focused()
    tab_to(page, "button", "Remove Phone")
    press(page, "Enter")
    tab_to(page, "button", "Remove 1 session")
    press(page, "Enter")
    expect(page.get_by_role("textbox", name="Account password")).to_be_focused()
    page.keyboard.type(alice.password)
    press(page, "Enter")
    expect(page.get_by_text("1 session was removed.")).to_be_focused()


def test_a_form_that_gives_way_to_another_page_part_hands_the_focus_on(page: Page) -> None:
    page.goto("/forgot")
    tab_to(page, "textbox", "E-mail address")
    page.keyboard.type("alice@mail.example")
    press(page, "Enter")
    expect(page.get_by_text("A mail is on its way to alice@mail.example.")).to_be_focused()


def test_each_page_begins_at_its_heading(page: Page) -> None:
    page.goto("/signin")
    for link, heading in (
        ("Create account", "Create an account"),
        ("Sign in", "Sign in"),
        ("Not sure of your password? Set a new one", "Set a new account password"),
    ):
        page.get_by_role("link", name=link).press("Enter")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_focused()
