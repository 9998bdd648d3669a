"""The e-mail addresses of an account."""

from playwright.sync_api import expect

from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf, follow_mail, prove


def test_adding_one_takes_its_mail_and_the_password(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    email = f"{alice.name}@new.example"
    page = page_of(alice)
    section = page.get_by_role("region", name="E-mail addresses")
    expect(section).to_contain_text("Your account has no e-mail address.")
    section.get_by_role("textbox", name="New e-mail address").fill(email)
    section.get_by_role("button", name="Add address").click()
    expect(section.get_by_role("heading", name="Check your mail")).to_be_visible()

    section.get_by_role("button", name="I have opened the link").click()
    prove(page, alice.password, "Add address")
    alert = section.get_by_role("alert")
    expect(alert).to_contain_text("The link in the mail has not been opened yet.")

    link = follow_mail(page.context, email)
    expect(link.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    link.close()
    section.get_by_role("button", name="I have opened the link").click()
    prove(page, alice.password, "Add address")
    expect(section.get_by_role("status").filter(has_text="The address was added.")).to_be_visible()
    expect(section.get_by_role("listitem")).to_contain_text(email)
    added = alice.get("account/3pid")["threepids"]
    assert [each["address"] for each in added] == [email]


def test_removing_one_takes_the_password(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person(mail=True)
    page = page_of(alice)
    section = page.get_by_role("region", name="E-mail addresses")
    section.get_by_role("button", name=f"Remove {alice.email}").click()
    prove(page, alice.password, "Remove")
    done = section.get_by_role("status").filter(has_text="The address was removed.")
    expect(done).to_be_visible()
    expect(section).to_contain_text("Your account has no e-mail address.")
    assert alice.get("account/3pid")["threepids"] == []


def test_somebody_elses_address_gets_a_mail_that_says_so(
    page_of: PageOf, server: LiveServer
) -> None:
    """The page must not tell whether an address is known: its owner is told, by mail."""
    bob = server.person("bob", mail=True)
    assert bob.email
    page = page_of(server.person())
    section = page.get_by_role("region", name="E-mail addresses")
    section.get_by_role("textbox", name="New e-mail address").fill(bob.email)
    section.get_by_role("button", name="Add address").click()
    expect(section.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert server.letter(bob.email).subject == "You already have an account on example.org"


def test_what_is_no_address_is_told_at_once(page_of: PageOf, server: LiveServer) -> None:
    page = page_of(server.person())
    section = page.get_by_role("region", name="E-mail addresses")
    section.get_by_role("textbox", name="New e-mail address").fill("alice.example.org")
    section.get_by_role("button", name="Add address").click()
    expect(section.get_by_role("alert")).to_contain_text("does not look like an e-mail address")
