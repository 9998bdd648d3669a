"""What it takes to bring a page of the portal into a state to look at."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import LiveServer, Person
from tests.browser.steps import NewContext, as_before
from tests.browser.texts import Texts

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)
ELEMENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Element/1.12.3 Chrome/138.0.7204.251 Electron/37.6.0 Safari/537.36"
)


@dataclass(frozen=True)
class Visit:
    """One visitor's browser, in one language, and the servers there are to visit."""

    new_context: NewContext
    say: Texts
    server: LiveServer
    strict_server: LiveServer
    closed_server: LiveServer

    def page(self, path: str, person: Person | None = None) -> Page:
        """Open a page, signed in as `person`."""
        storage = as_before(person, server=self.server, language=self.say.language)
        headers = {"accept-language": self.say.language}
        page = self.new_context(storage_state=storage, extra_http_headers=headers).new_page()
        page.goto(path)
        return page

    def settings(self, path: str, person: Person) -> Page:
        """Open a settings page and wait until everything on it is there."""
        page = self.page(path, person)
        titles = {
            "/settings/account": "deactivate.title",
            "/settings/sessions": "sessions.others",
            "/settings/encryption": "glance.title",
        }
        expect(self.heading(page, titles[path])).to_be_visible(timeout=30_000)
        return page

    def button(self, page: Page | Locator, key: str, **values: str | int) -> Locator:
        return page.get_by_role("button", name=self.say(key, **values), exact=True)

    def field(self, page: Page | Locator, key: str) -> Locator:
        return page.get_by_role("textbox", name=self.say(key), exact=True)

    def heading(self, page: Page, key: str, **values: str | int) -> Locator:
        return page.get_by_role("heading", name=self.say(key, **values), exact=True)

    def told(self, page: Page | Locator, key: str, **values: str | int) -> None:
        """Wait until the page says it."""
        expect(page.get_by_text(self.say(key, **values))).to_be_visible()

    def somebody(self) -> Person:
        """A person with an address and four sessions, one of them locked."""
        own = {"initial_device_display_name": "Holdfast portal (example.org)"}
        alice = self.server.person(mail=True, client=FIREFOX, **own)
        alice.another_session("Element on the office computer", client=ELEMENT)
        alice.another_session("Phone", client=SAFARI)
        laptop = alice.another_session("Old laptop", client=FIREFOX)
        alice.lock(laptop)
        return alice
