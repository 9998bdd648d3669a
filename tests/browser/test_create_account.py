"""Creating an account."""

import re

from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import choose_password, follow_mail
from tests.browser.watching import Watch
from tests.world import PASSWORD

LABEL = "Account password"


def test_with_an_address_that_is_confirmed_in_another_tab(page: Page, server: LiveServer) -> None:
    name = server.fresh_name("dora")
    email = f"{name}@mail.example"
    page.goto("/signin")
    page.get_by_role("link", name="Create account").click()
    expect(page.get_by_role("heading", name="Create an account")).to_be_focused()
    page.get_by_role("textbox", name="User name").fill(name)
    expect(page.get_by_text(f"Your user ID will be @{name}:example.org")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=f"“{name}” is free.")).to_be_visible()
    choose_password(page, PASSWORD, label=LABEL)
    expect(page.get_by_text("Strength: very good")).to_be_visible()
    page.get_by_role("textbox", name="E-mail").fill(email)
    expect(page.get_by_text("nobody can help you")).to_be_hidden()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    expect(page.get_by_text(f"A mail is on its way to {email}.")).to_be_visible()

    link = follow_mail(page.context, email)
    expect(link.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    link.close()

    expect(page).to_have_url("/settings/account")
    expect(page.get_by_role("status").filter(has_text="Welcome!")).to_be_visible()
    expect(page.get_by_role("region", name="E-mail addresses")).to_contain_text(email)


def test_the_link_may_be_opened_on_another_machine(
    page: Page, second_page: Page, server: LiveServer
) -> None:
    name = server.fresh_name("dora")
    describe(page, name, email=f"{name}@mail.example")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    follow_mail(second_page.context, f"{name}@mail.example")
    expect(page.get_by_text("Welcome!")).to_be_visible()


def test_a_slip_in_the_address_can_be_mended(page: Page, server: LiveServer) -> None:
    name = server.fresh_name("dora")
    describe(page, name, email=f"{name}@mail.exmaple")
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("button", name="Send it again").click()
    expect(
        page.get_by_role("status").filter(has_text="Another mail is on its way.")
    ).to_be_visible()
    assert len(server.letters(f"{name}@mail.exmaple")) == 2
    page.get_by_role("button", name="Wrong address").click()
    expect(page.get_by_role("textbox", name="User name")).to_have_value(name)
    page.get_by_role("textbox", name="E-mail").fill(f"{name}@mail.example")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text(f"A mail is on its way to {name}@mail.example.")).to_be_visible()


def test_without_an_address_it_says_what_that_means(page: Page, server: LiveServer) -> None:
    name = server.fresh_name("dora")
    describe(page, name)
    warning = "Without an e-mail address nobody can help you if you forget your account password"
    expect(page.get_by_text(warning)).to_be_visible()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Welcome!")).to_be_visible()
    expect(page.get_by_text("Your account has no e-mail address.")).to_be_visible()


def test_a_name_that_is_taken_is_told_while_typing(page: Page, server: LiveServer) -> None:
    alice = server.person()
    page.goto("/register")
    field = page.get_by_role("textbox", name="User name")
    field.fill(alice.name.upper())
    expect(field).to_have_accessible_description(
        re.compile("This user name is taken. Choose another one.")
    )
    expect(field).to_have_attribute("aria-invalid", "true")


def test_a_name_with_signs_that_names_cannot_have(page: Page) -> None:
    page.goto("/register")
    field = page.get_by_role("textbox", name="User name")
    field.fill("dora müller")
    expect(field).to_have_accessible_description(
        re.compile("A user name consists of small letters")
    )


def test_a_weak_password_is_explained_before_anything_is_sent(
    page: Page, server: LiveServer
) -> None:
    name = server.fresh_name("dora")
    describe(page, name, password="short")
    page.get_by_role("button", name="Create account").click()
    field = page.get_by_role("textbox", name=LABEL)
    expect(field).to_have_accessible_description(re.compile("At least 8 characters are needed."))
    expect(field).to_be_focused()
    choose_password(page, f"my {name} is safe", label=LABEL)
    expect(field).to_have_accessible_description(
        re.compile("The password must not contain your user name.")
    )
    page.get_by_role("textbox", name=LABEL).fill("one of two passwords")
    again = page.get_by_role("textbox", name="Type it again")
    expect(again).to_have_accessible_description(re.compile("The two are not the same."))


def test_a_password_that_everybody_tries_is_refused_by_the_server(
    page: Page, server: LiveServer
) -> None:
    describe(page, server.fresh_name("dora"), password="password123")
    expect(page.get_by_text("Strength: guessed at once")).to_be_visible()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("lists that attackers try first")


def test_a_server_that_takes_no_new_accounts(
    page: Page, closed_server: LiveServer, watch: Watch
) -> None:
    watch.allow(closed_server.url)
    page.goto(f"{closed_server.url}/signin")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("link", name="Create account")).to_be_hidden()
    page.goto(f"{closed_server.url}/register")
    expect(page.get_by_text("This server does not take new accounts.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_server_that_wants_a_registration_token(
    page: Page, strict_server: LiveServer, watch: Watch
) -> None:
    watch.allow(strict_server.url)
    token = strict_server.invite()
    describe(page, strict_server.fresh_name("dora"), at=strict_server.url)
    field = page.get_by_role("textbox", name="Registration token")
    expect(field).to_have_accessible_description(
        re.compile("You get it from whoever runs this server.")
    )
    field.fill("guessed")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("This registration token is not valid")
    field.fill(token)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("Welcome!")).to_be_visible()


def describe(
    page: Page, name: str, *, password: str = PASSWORD, email: str = "", at: str = ""
) -> None:
    """Fill in the form for a new account."""
    page.goto(f"{at}/register")
    page.get_by_role("textbox", name="User name").fill(name)
    choose_password(page, password, label=LABEL)
    if email:
        page.get_by_role("textbox", name="E-mail").fill(email)
