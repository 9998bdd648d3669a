"""What people do again and again in Settings › Encryption."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.key_files import PASSPHRASE, stored
from tests.browser.serving import Person
from tests.browser.steps import PageOf
from tests.clients.room_keys import room_keys

SLOW = 30_000
"""For what waits for a client to upload keys, which it does within ten seconds, not at once."""


def open_encryption(page_of: PageOf, person: Person) -> Page:
    """The page, once it has told how things are."""
    page = page_of(person, "/settings/encryption")
    expect(glance(page)).to_be_visible(timeout=SLOW)
    return page


def glance(page: Page) -> Locator:
    """The facts and the verdict."""
    return page.get_by_role("region", name="At a glance")


def dialog(page: Page) -> Locator:
    """The open dialog."""
    return page.get_by_role("dialog")


def fact(page: Page, name: str) -> Locator:
    """What the page says of one thing."""
    return glance(page).locator("div", has=page.get_by_text(name, exact=True)).locator("dd")


def with_backup(page_of: PageOf, person: Person, file: Path, count: int) -> tuple[Page, str]:
    """Somebody's page whose `count` room keys are all in the backup, and the recovery key.

    The keys are in `file` afterwards, too.
    """
    page = open_encryption(page_of, person)
    key = set_up(page)
    import_keys(page, stored(file, room_keys(count)), count)
    backed_up(page, count)
    return page, key


def type_back(page: Page, phrase: str = "") -> str:
    """In the dialog that makes a recovery key: have one made, and type it back."""
    if phrase:
        page.get_by_role("radio", name="A recovery phrase").check(force=True)
        page.get_by_role("textbox", name="Recovery phrase").fill(phrase)
        page.get_by_role("textbox", name="Type it again").fill(phrase)
    page.get_by_role("button", name="Make my recovery key").click()
    key = page.locator(".recovery-key code").inner_text().replace("\n", " ")
    page.get_by_role("button", name="I have kept it").click()
    recovery_field(page).fill(phrase or key)
    page.get_by_role("button", name="Finish").click()
    return " ".join(key.split())


def new_key(page: Page, phrase: str = "") -> str:
    """The same, and wait until it is the recovery key."""
    key = type_back(page, phrase)
    expect(dialog(page)).to_be_hidden(timeout=SLOW)
    return key


def set_up(page: Page, phrase: str = "") -> str:
    """Set encryption up on an account that has none; returns the recovery key."""
    glance(page).get_by_role("button", name="Set up encryption").click()
    key = new_key(page, phrase)
    expect(glance(page)).to_contain_text("All is well", timeout=SLOW)
    return key


def recovery_field(page: Page) -> Locator:
    """Where the recovery key, or the phrase, is typed."""
    return page.get_by_role("textbox", name="Recovery key")


def with_key(page: Page, key: str, button: str) -> None:
    """In a dialog that asks for the recovery key: give it."""
    recovery_field(page).fill(key)
    page.get_by_role("button", name=button, exact=True).click()


def verify_by_key(page: Page, key: str) -> None:
    """Verify a new session with the recovery key."""
    glance(page).get_by_role("button", name="Verify this session").click()
    page.get_by_role("button", name="With the recovery key").click()
    with_key(page, key, "Verify")
    expect(dialog(page)).to_contain_text("This session is verified.", timeout=SLOW)
    page.get_by_role("button", name="Close").click()


def import_file(page: Page, file: Path, passphrase: str = PASSPHRASE) -> None:
    """Choose a file of room keys and have it imported."""
    page.get_by_role("button", name="Import E2E room keys").click()
    page.get_by_label("File with room keys").set_input_files(file)
    page.get_by_role("textbox", name="Passphrase of the file").fill(passphrase)
    dialog(page).get_by_role("button", name="Import", exact=True).click()


def import_keys(page: Page, file: Path, new: int) -> None:
    """Import keys that are all new, and wait until they are in the backup, if there is one."""
    import_file(page, file)
    expect(dialog(page)).to_contain_text(f"{new} new", timeout=SLOW)
    page.get_by_role("button", name="Close").click()


def backed_up(page: Page, count: int) -> None:
    """Wait until all of a session's keys are in the backup."""
    expect(glance(page)).to_contain_text(f"{count} of {count}", timeout=SLOW)


def account_data(person: Person, kind: str) -> dict[str, Any]:
    """A piece of account data; empty: there is none."""
    answer = person.server.ask(
        "GET", f"user/{person.user_id}/account_data/{kind}", token=person.token
    )
    return dict(answer.json()) if answer.status_code == 200 else {}
