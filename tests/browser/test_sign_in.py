"""Signing in, and what people are told when they cannot."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import fill_in, sign_in
from tests.browser.watching import Watch

WRONG = "That is not right: check the name and the account password."


def test_the_start_page_asks_people_to_sign_in(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url("/signin")
    expect(page).to_have_title("Sign in · Holdfast")
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    expect(page.get_by_text("Sign in to your Matrix account on example.org · ")).to_be_visible()
    expect(page.get_by_role("button", name="Change server")).to_have_text("Change")
    expect(page.get_by_role("link", name="Create account")).to_be_visible()
    expect(page.get_by_role("combobox", name="Language")).to_be_visible()
    expect(
        page.get_by_role("link", name="Not sure of your password? Set a new one")
    ).to_be_visible()


def test_with_the_user_name_in_any_case(page: Page, server: LiveServer) -> None:
    alice = server.person()
    page.goto("/signin")
    fill_in(page, alice.name.upper(), alice.password)
    expect(page).to_have_url("/settings/account")
    expect(page.get_by_text(alice.user_id, exact=True)).to_be_visible()


def test_with_the_whole_user_id(page: Page, server: LiveServer) -> None:
    alice = server.person()
    page.goto("/signin")
    fill_in(page, f" {alice.user_id} ", alice.password)
    expect(page.get_by_text(alice.user_id, exact=True)).to_be_visible()


def test_with_the_e_mail_address(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    assert alice.email
    page.goto("/signin")
    page.get_by_role("combobox", name="Sign in with").select_option("E-mail address")
    page.get_by_role("textbox", name="E-mail address").fill(alice.email.title())
    page.get_by_role("textbox", name="Account password").fill(alice.password)
    page.get_by_role("textbox", name="Account password").press("Enter")
    expect(page.get_by_text(alice.user_id, exact=True)).to_be_visible()


def test_a_phone_number_is_asked_for_with_its_country(page: Page) -> None:
    page.goto("/signin")
    page.get_by_role("combobox", name="Sign in with").select_option("Phone number")
    expect(page.get_by_role("combobox", name="Country")).to_have_value("GB")
    page.get_by_role("textbox", name="Phone number").fill("020 7946 0018")
    page.get_by_role("textbox", name="Account password").fill("whatever it is")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(WRONG)


def test_a_wrong_password_and_an_unknown_name_look_the_same(page: Page, server: LiveServer) -> None:
    alice = server.person()
    told = []
    for name in (alice.name, "nobody-at-all"):
        page.goto("/signin")
        fill_in(page, name, "not the password")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(WRONG)
        told.append(page.get_by_role("main").inner_text())
    assert told[0] == told[1]


def test_an_empty_form_says_what_is_missing(page: Page) -> None:
    page.goto("/signin")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter both")


def test_the_password_can_be_looked_at(page: Page) -> None:
    page.goto("/signin")
    field = page.get_by_role("textbox", name="Account password")
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(field).to_have_attribute("type", "password")


def test_after_too_many_tries_it_says_how_long_to_wait(
    page: Page, strict_server: LiveServer, watch: Watch
) -> None:
    watch.allow(strict_server.url)
    page.goto(f"{strict_server.url}/signin")
    for _ in range(3):
        fill_in(page, "somebody", "not the password")
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Too many tries in a short time")
    wait = page.get_by_role("timer")
    expect(wait).to_contain_text("You can try again in 0:")
    shown = wait.inner_text()
    expect(wait).not_to_have_text(shown)


def test_a_server_that_does_not_answer(page: Page) -> None:
    page.goto("/signin")
    expect(page.get_by_role("textbox", name="User name")).to_be_visible()
    page.context.set_offline(True)
    fill_in(page, "alice", "some password")
    expect(page.get_by_role("alert")).to_have_text(
        "The server does not answer. Check your connection and try again."
    )
    page.context.set_offline(False)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(WRONG)


def test_a_server_that_is_down_from_the_start(page: Page) -> None:
    page.route("**/_matrix/client/versions", lambda route: route.abort())
    page.goto("/signin")
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("textbox", name="User name")).to_be_visible()


@pytest.mark.parametrize("knows_the_password", [True, False])
def test_only_who_knows_its_password_hears_that_an_account_was_deactivated(
    page: Page, server: LiveServer, knows_the_password: bool
) -> None:
    alice = server.person()
    auth = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": alice.user_id},
        "password": alice.password,
    }
    server.call("POST", "account/deactivate", {"auth": auth}, token=alice.token)
    page.goto("/signin")
    fill_in(page, alice.name, alice.password if knows_the_password else "not the password")
    told = "This account was deactivated." if knows_the_password else WRONG
    expect(page.get_by_role("alert")).to_contain_text(told)


def test_signing_out_ends_the_session_on_the_server(page: Page, server: LiveServer) -> None:
    alice = server.person()
    sign_in(page, alice)
    assert len(alice.devices()) == 2
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status").filter(has_text="You are signed out.")).to_be_visible()
    assert len(alice.devices()) == 1
    page.goto("/settings/sessions")
    expect(page).to_have_url("/signin?next=%2Fsettings%2Fsessions")


def test_one_comes_back_to_the_page_that_was_wanted(page: Page, server: LiveServer) -> None:
    sign_in(page, server.person(), to="/settings/sessions")
    expect(page).to_have_url("/settings/sessions")
    page.goto("/signin?next=https://evil.example/")
    expect(page).to_have_url("/settings/account")
