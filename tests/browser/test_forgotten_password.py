"""A forgotten account password: one mail, one link, one page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer, Person
from tests.browser.steps import NewContext, choose_password, fill_in, follow_mail

NEW = "quiet harbour lantern"


def ask_for_link(page: Page, email: str) -> None:
    """From the sign-in page to "Check your mail"."""
    page.goto("/signin")
    page.get_by_role("link", name="Not sure of your password? Set a new one").click()
    page.get_by_role("textbox", name="E-mail address").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()


def address(person: Person) -> str:
    assert person.email
    return person.email


def test_from_forgetting_to_signing_in(new_context: NewContext, server: LiveServer) -> None:
    alice = server.person(mail=True)
    phone = alice.another_session("Phone")
    asking = new_context()
    ask_for_link(asking.new_page(), address(alice))
    asking.close()  # no tab has to stay open

    page = follow_mail(new_context(), address(alice))
    expect(page.get_by_role("heading", name="Choose a new account password")).to_be_visible()
    expect(page.get_by_text(f"This is for {alice.user_id}.")).to_be_visible()
    expect(page.get_by_text("What should happen to your 2 sessions?")).to_be_visible()
    expect(page.get_by_role("radio", name="Lock")).to_be_checked()
    page.get_by_role("combobox", name="What should happen to Phone?").select_option("Keep")
    choose_password(page, NEW)
    page.get_by_role("button", name="Set the new password").click()

    expect(page.get_by_role("heading", name="Your account password is set")).to_be_focused()
    expect(page).to_have_url("/reset")
    assert page.get_by_role("listitem").all_inner_texts() == [
        "Phone\nStays signed in",
        "First app\nLocked until you sign in again there",
    ]
    expect(page.get_by_text("Locked sessions get no push notifications")).to_be_visible()
    assert (alice.status(), phone.status()) == ((401, True), (200, False))
    page.get_by_role("link", name="Sign in").click()
    fill_in(page, alice.name, NEW)
    expect(page.get_by_text(alice.user_id, exact=True)).to_be_visible()
    assert server.letter(address(alice)).subject == "New sign-in to your account on example.org"


def test_an_unknown_address_is_told_nothing_else(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    shown = []
    for email in (address(alice), "nobody@mail.example"):
        ask_for_link(page, email)
        expect(page.get_by_text(f"A mail is on its way to {email}.")).to_be_visible()
        shown.append(page.get_by_role("main").inner_text().replace(email, "…"))
    assert shown[0] == shown[1]
    assert server.letters("nobody@mail.example") == []


def test_it_can_be_sent_again_and_the_address_mended(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    ask_for_link(page, "slip@mail.example")
    page.get_by_role("button", name="Wrong address").click()
    field = page.get_by_role("textbox", name="E-mail address")
    expect(field).to_have_value("slip@mail.example")
    field.fill(address(alice))
    field.press("Enter")
    page.get_by_role("button", name="Send it again").click()
    expect(
        page.get_by_role("status").filter(has_text="Another mail is on its way.")
    ).to_be_visible()
    assert len(server.letters(address(alice))) == 3  # one of them is from creating the account


def test_something_else_than_an_address(page: Page) -> None:
    page.goto("/forgot")
    page.get_by_role("textbox", name="E-mail address").fill("alice")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("alert")).to_contain_text("This does not look like an e-mail address.")


def test_a_used_link_says_so_and_offers_a_new_one(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    link = server.reset_link(address(alice))
    page.goto(link)
    choose_password(page, NEW)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("heading", name="Your account password is set")).to_be_visible()
    page.goto("/signin")
    page.goto(link)
    expect(page.get_by_text("This link was used already")).to_be_visible()
    page.get_by_role("link", name="Send a new link").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()


@pytest.mark.parametrize("token", ["", "#garbage", "#some.thing", "#%00%ff"])
def test_a_link_that_is_none(page: Page, token: str) -> None:
    page.goto(f"/reset{token}")
    expect(page.get_by_text("This link is not valid.")).to_be_visible()
    expect(page.get_by_role("link", name="Send a new link")).to_be_visible()


def test_an_expired_link_says_so(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    link = server.reset_link(address(alice))
    server.expire(link)
    page.goto(link)
    expect(page.get_by_text("This link has expired")).to_be_visible()
    expect(page.get_by_role("link", name="Send a new link")).to_be_visible()


def test_a_link_that_ends_while_its_page_is_open(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    link = server.reset_link(address(alice))
    page.goto(link)
    choose_password(page, NEW)
    server.expire(link)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("status").filter(has_text="This link has expired")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("link", name="Send a new link")).to_be_visible()


def test_a_mail_scanner_that_follows_the_link_changes_nothing(
    page: Page, server: LiveServer
) -> None:
    alice = server.person(mail=True)
    link = server.reset_link(address(alice))
    for _ in range(3):
        assert server.http.get(link).status_code == 200
        page.goto("/signin")
        page.goto(link)
        expect(page.get_by_text(f"This is for {alice.user_id}.")).to_be_visible()
    assert alice.status() == (200, False)
    choose_password(page, NEW)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("heading", name="Your account password is set")).to_be_visible()


def test_a_weak_new_password_leaves_the_link_working(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    page.goto(server.reset_link(address(alice)))
    choose_password(page, "password123")
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("alert")).to_contain_text("lists that attackers try first")
    choose_password(page, NEW)
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("heading", name="Your account password is set")).to_be_visible()


def test_the_page_for_a_link_that_an_app_asked_for_needs_no_javascript(
    new_context: NewContext, server: LiveServer
) -> None:
    alice = server.person(mail=True)
    asked = {"email": address(alice), "client_secret": "s3cret", "send_attempt": 1}
    sid = server.call("POST", "account/password/email/requestToken", asked)["sid"]
    creds = {"sid": sid, "client_secret": "s3cret"}
    auth = {"type": "m.login.email.identity", "threepid_creds": creds}
    body = {"auth": auth, "new_password": NEW}
    page = new_context(java_script_enabled=False).new_page()
    page.goto(server.letter(address(alice)).link)
    expect(page.get_by_text(alice.user_id)).to_be_visible()
    assert server.ask("POST", "account/password", body).status_code == 401
    page.get_by_role("button", name="Confirm changing my password").click()
    expect(page.get_by_text("Go back to your app within 10 minutes")).to_be_visible()
    assert server.ask("POST", "account/password", body).status_code == 200
    server.login(alice.name, NEW)
