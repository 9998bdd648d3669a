"""Every page of the portal and of the server, in every state that looks different."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import states_encryption, states_settings
from tests.browser.visiting import Visit

State = Callable[[Visit], Page]
WEAK = "password123"
GOOD = "quiet harbour lantern"
LOCK_LINK = re.compile(r"https?://\S+/_holdfast/not-me/[\w-]+")


def sign_in(visit: Visit) -> Page:
    page = visit.page("/signin")
    expect(visit.button(page, "signin.submit")).to_be_visible()
    return page


def sign_in_refused(visit: Visit) -> Page:
    page = sign_in(visit)
    visit.field(page, "identifier.user").fill("alice")
    visit.field(page, "password.account").fill("not the password")
    visit.button(page, "signin.submit").click()
    visit.told(page, "signin.wrong")
    return page


def sign_in_by_phone(visit: Visit) -> Page:
    page = sign_in(visit)
    page.get_by_role("combobox", name=visit.say("identifier.kind")).select_option("phone")
    expect(visit.field(page, "identifier.phone")).to_be_visible()
    return page


def sign_in_too_often(visit: Visit) -> Page:
    page = visit.page(f"{visit.strict_server.url}/signin")
    page.get_by_role("combobox").last.select_option(visit.say.language)
    for _ in range(3):
        visit.field(page, "identifier.user").fill("somebody-else")
        visit.field(page, "password.account").fill("not the password")
        visit.button(page, "signin.submit").click()
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("timer")).to_be_visible()
    return page


def sign_in_unreachable(visit: Visit) -> Page:
    page = visit.page("/not-there")
    page.route("**/_matrix/client/versions", lambda route: route.abort())
    page.goto("/signin")
    visit.told(page, "server.unreachable")
    return page


def choose_server(visit: Visit) -> Page:
    page = sign_in(visit)
    visit.button(page, "server.change_label").click()
    visit.field(page, "server.field").fill("no such name")
    visit.button(page, "server.use").click()
    visit.told(page, "server.none", server="no such name")
    return page


def create_account(visit: Visit) -> Page:
    page = visit.page("/register")
    expect(visit.button(page, "register.submit")).to_be_visible()
    return page


def create_account_refused(visit: Visit) -> Page:
    page = create_account(visit)
    visit.field(page, "identifier.user").fill("dora müller")
    visit.field(page, "password.account").fill("short")
    visit.field(page, "password.again").fill("other")
    visit.field(page, "register.email_optional").fill("nowhere")
    visit.button(page, "register.submit").click()
    visit.told(page, "problem.invalid_email")
    return page


def create_account_filled_in(visit: Visit) -> Page:
    page = create_account(visit)
    name = visit.server.fresh_name("dora")
    visit.field(page, "identifier.user").fill(name)
    visit.field(page, "password.account").fill("kitchen tree")
    visit.field(page, "password.again").fill("kitchen tree")
    visit.field(page, "register.email_optional").fill(f"{name}@mail.example")
    visit.told(page, "username.free", name=name)
    visit.told(page, "strength.longer", count=15)
    return page


def create_account_mail(visit: Visit) -> Page:
    page = create_account_filled_in(visit)
    visit.button(page, "register.submit").click()
    expect(visit.heading(page, "mail.title")).to_be_visible()
    return page


def create_account_closed(visit: Visit) -> Page:
    page = visit.page(f"{visit.closed_server.url}/register")
    page.get_by_role("combobox").select_option(visit.say.language)
    visit.told(page, "register.closed")
    return page


def create_account_token(visit: Visit) -> Page:
    page = visit.page(f"{visit.strict_server.url}/register")
    page.get_by_role("combobox").select_option(visit.say.language)
    expect(visit.field(page, "register.token")).to_be_visible()
    return page


def forgotten(visit: Visit) -> Page:
    page = visit.page("/forgot")
    expect(visit.button(page, "forgot.submit")).to_be_visible()
    return page


def forgotten_mail(visit: Visit) -> Page:
    page = forgotten(visit)
    visit.field(page, "identifier.email").fill("alice@mail.example")
    visit.button(page, "forgot.submit").click()
    visit.button(page, "mail.send_again").click()
    visit.told(page, "mail.sent_again")
    return page


def reset(visit: Visit) -> Page:
    alice = visit.somebody()
    page = visit.page(visit.server.reset_link(str(alice.email)))
    visit.field(page, "password.new").fill(GOOD)
    visit.field(page, "password.again").fill(GOOD)
    visit.told(page, "strength.label", strength=visit.say("strength.4"))
    return page


def reset_done(visit: Visit) -> Page:
    page = reset(visit)
    visit.button(page, "reset.submit").click()
    expect(visit.heading(page, "reset.done_title")).to_be_visible()
    return page


def reset_useless(visit: Visit) -> Page:
    page = visit.page("/reset#garbage")
    visit.told(page, "reset.unknown")
    return page


def not_found(visit: Visit) -> Page:
    page = visit.page("/no/such/page")
    expect(visit.heading(page, "not_found.title")).to_be_visible()
    return page


def app_link(visit: Visit) -> Page:
    alice = visit.server.person(mail=True)
    asked = {"email": alice.email, "client_secret": "s3cret", "send_attempt": 1}
    visit.server.call("POST", "account/password/email/requestToken", asked)
    return visit.page(visit.server.letter(str(alice.email)).link)


def app_link_confirmed(visit: Visit) -> Page:
    page = app_link(visit)
    page.get_by_role("button").click()
    expect(page.get_by_role("button")).to_have_count(0)
    return page


def app_link_broken(visit: Visit) -> Page:
    return visit.page("/_holdfast/confirm?sid=a&token=b")


def not_me(visit: Visit) -> Page:
    alice = visit.server.person(mail=True)
    alice.another_session("Phone")
    found = LOCK_LINK.search(visit.server.letter(str(alice.email)).text)
    assert found
    return visit.page(found[0])


def not_me_done(visit: Visit) -> Page:
    page = not_me(visit)
    page.get_by_role("button").click()
    expect(page.get_by_role("button")).to_have_count(0)
    return page


def paused_session(visit: Visit) -> Page:
    """A session that can be let in again, and the question before that."""
    alice = visit.server.person()
    alice.lock(alice.another_session("Cinny Web"))
    page = visit.settings("/settings/sessions", alice)
    visit.button(page, "sessions.let_in_named", session="Cinny Web").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    return page


def stage_page(visit: Visit) -> Page:
    answer = visit.strict_server.ask("POST", "register", {"username": "erik"}).json()
    stage = "/_matrix/client/v3/auth/m.login.registration_token/fallback/web"
    page = visit.page(f"{visit.strict_server.url}{stage}?session={answer['session']}")
    expect(page.get_by_role("textbox")).to_be_visible()
    return page


def mailbox(visit: Visit) -> Page:
    visit.server.person(mail=True)
    return visit.page("/_holdfast/mailbox")


def mailbox_mail(visit: Visit) -> Page:
    alice = visit.server.person(mail=True)
    visit.server.reset_link(str(alice.email))
    return visit.page(visit.server.letter(str(alice.email)).page)


STATES: dict[str, State] = {
    state.__name__: state
    for state in (
        sign_in,
        sign_in_refused,
        sign_in_by_phone,
        sign_in_too_often,
        sign_in_unreachable,
        choose_server,
        create_account_refused,
        create_account_filled_in,
        create_account_mail,
        create_account_closed,
        create_account_token,
        forgotten,
        forgotten_mail,
        reset,
        reset_done,
        reset_useless,
        not_me,
        not_me_done,
        paused_session,
        not_found,
        app_link,
        app_link_confirmed,
        app_link_broken,
        stage_page,
        mailbox,
        mailbox_mail,
        *states_settings.STATES,
        *states_encryption.STATES,
    )
}
"""By name; the name is also that of the pictures taken of it."""
