"""The settings pages in every state that looks different."""

from playwright.sync_api import Page, expect

from tests.browser.serving import Person
from tests.browser.visiting import Visit

GOOD = "quiet harbour lantern"


def fill_in_change(visit: Visit, page: Page, person: Person) -> None:
    visit.field(page, "password.current").fill(person.password)
    visit.field(page, "password.new").fill(GOOD)
    visit.field(page, "password.again").fill(GOOD)
    visit.told(page, "strength.label", strength=visit.say("strength.4"))


def decide(visit: Visit, page: Page) -> None:
    """Keep one of the sessions, remove another, and leave the rest locked."""
    for session, fate in (("Phone", "keep"), ("Old laptop", "remove")):
        name = visit.say("fate.for_session", session=session)
        page.get_by_role("combobox", name=name).select_option(fate)
    visit.told(page, "cost.no_messages")


def account_alone(visit: Visit) -> Page:
    page = visit.settings("/settings/account", visit.server.person())
    visit.told(page, "fate.no_others")
    return page


def change_password(visit: Visit) -> Page:
    alice = visit.somebody()
    page = visit.settings("/settings/account", alice)
    fill_in_change(visit, page, alice)
    decide(visit, page)
    return page


def change_password_refused(visit: Visit) -> Page:
    page = visit.settings("/settings/account", visit.somebody())
    visit.field(page, "password.current").fill("not the password")
    visit.field(page, "password.new").fill("short")
    visit.field(page, "password.again").fill("other")
    visit.button(page, "change.continue").click()
    visit.told(page, "password.differs")
    visit.field(page, "password.new").fill(GOOD)
    visit.field(page, "password.again").fill(GOOD)
    visit.button(page, "change.continue").click()
    visit.told(page, "change.wrong_current")
    return page


def changed_password(visit: Visit) -> Page:
    page = change_password(visit)
    visit.button(page, "change.continue").click()
    visit.told(page, "outcome.no_push")
    return page


def signed_in_elsewhere(visit: Visit) -> Page:
    """The page of a session that was locked."""
    alice = visit.server.person()
    laptop = alice.another_session("Old laptop")
    alice.lock(laptop)
    page = visit.page("/settings/sessions", laptop)
    expect(visit.heading(page, "again.title")).to_be_visible()
    return page


def address_mail(visit: Visit) -> Page:
    alice = visit.somebody()
    page = visit.settings("/settings/account", alice)
    visit.field(page, "addresses.new").fill(f"{alice.name}@new.example")
    visit.button(page, "addresses.add").click()
    expect(visit.heading(page, "mail.title")).to_be_visible()
    return page


def is_it_you(visit: Visit) -> Page:
    alice = visit.somebody()
    page = visit.settings("/settings/account", alice)
    visit.button(page, "addresses.remove_named", address=str(alice.email)).click()
    dialog = page.get_by_role("dialog")
    visit.field(dialog, "prove.password").fill("not the password")
    visit.button(dialog, "addresses.remove").click()
    visit.told(page, "prove.wrong")
    return page


def deactivate(visit: Visit) -> Page:
    page = visit.settings("/settings/account", visit.somebody())
    visit.button(page, "deactivate.start").click()
    expect(visit.heading(page, "deactivate.sure")).to_be_visible()
    return page


def sessions(visit: Visit) -> Page:
    return visit.settings("/settings/sessions", visit.somebody())


def sessions_chosen(visit: Visit) -> Page:
    page = sessions(visit)
    name = visit.say("sessions.select", session="Phone")
    page.get_by_role("checkbox", name=name).check(force=True)
    expect(visit.button(page, "sessions.remove_selected", count=1)).to_be_visible()
    return page


def sessions_done(visit: Visit) -> Page:
    page = sessions(visit)
    visit.button(page, "sessions.lock_named", session="Phone").click()
    visit.told(page, "sessions.locked", count=1)
    return page


def sessions_rename(visit: Visit) -> Page:
    page = sessions(visit)
    visit.button(page, "sessions.rename_named", session="Phone").click()
    expect(visit.field(page, "rename.field")).to_be_visible()
    return page


def sessions_remove(visit: Visit) -> Page:
    page = sessions(visit)
    visit.button(page, "sessions.remove_all", count=3).click()
    expect(visit.heading(page, "remove.title", count=3)).to_be_visible()
    return page


STATES = (
    account_alone,
    change_password,
    change_password_refused,
    changed_password,
    signed_in_elsewhere,
    address_mail,
    is_it_you,
    deactivate,
    sessions_chosen,
    sessions_done,
    sessions_rename,
    sessions_remove,
)
