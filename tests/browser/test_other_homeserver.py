"""The portal with accounts on another homeserver, found through its `.well-known` file."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import choose_password, fill_in, follow_mail
from tests.browser.watching import Watch

NEW = "quiet harbour lantern"


@pytest.fixture
def plain(page: Page, server: LiveServer) -> Page:
    """A page to which the server seems to be some other homeserver: it tells of no extras."""
    path = "/_matrix/client/versions"
    told = {**server.call("GET", path), "unstable_features": {}}
    page.route(f"**{path}", lambda route: route.fulfill(json=told))
    return page


def choose_server(page: Page, name: str) -> None:
    page.get_by_role("button", name="Change server").click()
    dialog = page.get_by_role("dialog", name="Choose your server")
    field = dialog.get_by_role("textbox", name="Server name")
    expect(field).to_be_focused()
    field.fill(name)
    dialog.get_by_role("button", name="Use this server").click()


def test_signing_in_on_another_server(
    page: Page, server: LiveServer, other_server: LiveServer, watch: Watch
) -> None:
    watch.allow(other_server.url)
    alice = other_server.person("otheralice")
    page.goto("/signin")
    choose_server(page, f"127.0.0.1:{other_server.port}")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("Sign in to your Matrix account on other.example")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Sign in to your Matrix account on other.example")).to_be_visible()
    fill_in(page, alice.name, alice.password)
    expect(page.get_by_text(f"@{alice.name}:other.example", exact=True)).to_be_visible()
    assert page.url.startswith(server.url)
    page.get_by_role("link", name="Sessions").click()
    expect(page.get_by_role("region", name="Other sessions")).to_contain_text("First app")


def test_a_user_id_names_its_server(page: Page, other_server: LiveServer, watch: Watch) -> None:
    watch.allow(other_server.url)
    page.goto("/signin")
    choose_server(page, f"@alice:127.0.0.1:{other_server.port}")
    expect(page.get_by_text("Sign in to your Matrix account on other.example")).to_be_visible()


@pytest.mark.parametrize("name", ["127.0.0.1:9", "not a name", "https://"])
def test_where_no_server_is(page: Page, watch: Watch, name: str) -> None:
    watch.allow("http://127.0.0.1:9")
    page.goto("/signin")
    choose_server(page, name)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_have_text(
        f"No Matrix server was found at “{name}”. Check the name for a slip."
    )
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Sign in to your Matrix account on example.org")).to_be_visible()


def test_another_kind_of_server_offers_what_the_standard_has(
    plain: Page, server: LiveServer
) -> None:
    alice = server.person()
    phone = alice.another_session("Phone")
    plain.goto("/signin")
    fill_in(plain, alice.name, alice.password)
    tick = plain.get_by_role("checkbox", name="Sign out my other sessions")
    expect(tick).not_to_be_checked()
    expect(plain.get_by_text("Your other sessions stay signed in.")).to_be_visible()
    expect(plain.get_by_role("radio")).to_have_count(0)
    plain.get_by_role("textbox", name="Current account password").fill(alice.password)
    choose_password(plain, NEW)
    plain.get_by_role("button", name="Change the account password").click()
    expect(plain.get_by_text("Your account password was changed.")).to_be_visible()
    assert phone.status() == (200, False)
    plain.get_by_role("link", name="Sessions").click()
    expect(plain.get_by_role("button", name="Remove Phone")).to_be_visible()
    expect(plain.get_by_role("button", name="Lock Phone")).to_have_count(0)


def test_there_a_forgotten_password_is_replaced_on_the_page_that_asked(
    plain: Page, server: LiveServer, second_page: Page
) -> None:
    alice = server.person(mail=True)
    assert alice.email
    plain.goto("/forgot")
    plain.get_by_role("textbox", name="E-mail address").fill(alice.email)
    plain.get_by_role("button", name="Send the link").click()
    expect(plain.get_by_text("Then come back to this page")).to_be_visible()
    plain.get_by_role("button", name="I have opened the link").click()
    choose_password(plain, NEW)
    plain.get_by_role("button", name="Set the new password").click()
    expect(plain.get_by_role("alert")).to_contain_text("The link in the mail has not been opened")
    mail = follow_mail(second_page.context, alice.email)
    mail.get_by_role("button", name="Confirm changing my password").click()
    expect(mail.get_by_text("Go back to your app")).to_be_visible()
    plain.get_by_role("button", name="Set the new password").click()
    expect(plain.get_by_text("Sign in with the new one.")).to_be_visible()
    fill_in(plain, alice.name, NEW)
    expect(plain.get_by_text(alice.user_id, exact=True)).to_be_visible()
