"""Settings › Encryption, messages and signing out, in every state that looks different."""

from tempfile import NamedTemporaryFile

from playwright.sync_api import Page, expect

from tests.browser.key_files import PASSPHRASE, sealed
from tests.browser.serving import Person
from tests.browser.visiting import Visit
from tests.clients.room_keys import room_keys

SLOW = 30_000


def encryption_nothing(visit: Visit) -> Page:
    return visit.settings("/settings/encryption", visit.server.person())


def key_to_set_up(visit: Visit, page: Page) -> str:
    """Have a recovery key made; leaves it shown."""
    visit.button(page, "job.set_up").first.click()
    visit.button(page, "setup.make").click()
    return " ".join(page.locator(".recovery-key code").inner_text().split())


def set_up(visit: Visit, page: Page) -> str:
    key = key_to_set_up(visit, page)
    visit.button(page, "key.kept").click()
    visit.field(page, "recovery.key").fill(key)
    visit.button(page, "setup.finish").click()
    expect(page.get_by_text(visit.say("glance.good"))).to_be_visible(timeout=SLOW)
    return key


def encryption_phrase(visit: Visit) -> Page:
    page = encryption_nothing(visit)
    visit.button(page, "job.set_up").click()
    page.get_by_role("radio", name=visit.say("setup.by_phrase")).check(force=True)
    visit.field(page, "recovery.phrase").fill("short")
    visit.field(page, "password.again").fill("other")
    visit.button(page, "setup.make").click()
    visit.told(page, "password.differs")
    return page


def encryption_key(visit: Visit) -> Page:
    page = encryption_nothing(visit)
    key_to_set_up(visit, page)
    return page


def encryption_prove(visit: Visit) -> Page:
    page = encryption_key(visit)
    visit.button(page, "key.kept").click()
    visit.field(page, "recovery.key").fill("not the key")
    visit.button(page, "setup.finish").click()
    visit.told(page, "setup.differs")
    return page


def encryption_good(visit: Visit) -> Page:
    page = encryption_nothing(visit)
    set_up(visit, page)
    return page


def encryption_tested(visit: Visit) -> Page:
    page = encryption_nothing(visit)
    key = set_up(visit, page)
    visit.button(page, "job.test").click()
    visit.field(page, "recovery.key").fill(key)
    visit.button(page, "test.submit").click()
    visit.told(page, "test.good")
    return page


def encryption_refused(visit: Visit) -> Page:
    page = encryption_good(visit)
    visit.button(page, "job.test").click()
    visit.field(page, "recovery.key").fill("my account password")
    visit.button(page, "test.submit").click()
    visit.told(page, "recovery.not_key")
    return page


def two_sessions(visit: Visit) -> tuple[Page, Page]:
    """A session that has set encryption up, and a new one."""
    alice: Person = visit.server.person()
    first = visit.settings("/settings/encryption", alice)
    set_up(visit, first)
    second = visit.settings("/settings/encryption", alice.another_session("Laptop"))
    expect(visit.button(first, "others.verify_named", session="Laptop")).to_be_visible(timeout=SLOW)
    return first, second


def encryption_unverified(visit: Visit) -> Page:
    _first, second = two_sessions(visit)
    visit.button(second, "job.verify").click()
    expect(visit.button(second, "verify.by_emoji")).to_be_visible()
    return second


def encryption_emoji(visit: Visit) -> Page:
    first, second = two_sessions(visit)
    visit.button(first, "others.verify_named", session="Laptop").click()
    visit.button(second, "emoji.accept").click()
    visit.button(first, "emoji.start").click()
    expect(visit.button(second, "emoji.same")).to_be_visible(timeout=SLOW)
    return second


def encryption_imported(visit: Visit) -> Page:
    page = encryption_nothing(visit)
    visit.button(page, "job.import").click()
    with NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(sealed(room_keys(7)))
        file.flush()
        page.get_by_label(visit.say("import.file"), exact=True).set_input_files(file.name)
        visit.field(page, "export.passphrase").fill(PASSPHRASE)
        visit.button(page, "import.submit").click()
        visit.told(page, "import.fresh", keys=7)
    return page


def encryption_backup_off(visit: Visit) -> Page:
    page = encryption_good(visit)
    visit.button(page, "job.backup_off").click()
    visit.told(page, "backup_off.undo")
    return page


def encryption_reset(visit: Visit) -> Page:
    page = encryption_good(visit)
    visit.button(page, "job.reset").click()
    visit.told(page, "reset_identity.kept")
    return page


def encryption_reset_by_key(visit: Visit) -> Page:
    """Asking for the recovery key, so that it can set new account passwords."""
    page = encryption_good(visit)
    visit.button(page, "job.key_reset").click()
    expect(visit.field(page, "recovery.key")).to_be_visible()
    return page


def encryption_healed(visit: Visit) -> Page:
    page = encryption_good(visit)
    visit.button(page, "job.heal").click()
    visit.button(page, "heal.submit").click()
    expect(page.get_by_text(visit.say("heal.done", before=0, left=0))).to_be_visible(timeout=30_000)
    return page


def encryption_elsewhere(visit: Visit) -> Page:
    first = encryption_nothing(visit)
    second = first.context.new_page()
    second.goto("/settings/encryption")
    visit.told(second, "machine.elsewhere")
    return second


def leaving(visit: Visit) -> Page:
    page = encryption_imported(visit)
    visit.button(page, "action.close").click()
    visit.button(page, "frame.sign_out").click()
    visit.told(page, "leave.no_backup", count=7)
    return page


def messages(visit: Visit) -> Page:
    page = encryption_good(visit)
    page.get_by_role("link", name=visit.say("messages.title")).click()
    page.get_by_text(visit.say("messages.new")).click()
    visit.field(page, "messages.name").fill("Garden")
    visit.button(page, "messages.make").click()
    room = page.get_by_role("region", name="Garden")
    visit.field(room, "room.message").fill("The tomatoes are ripe.")
    visit.button(room, "room.send").click()
    expect(room.get_by_text("The tomatoes are ripe.", exact=True)).to_be_visible(timeout=SLOW)
    room.get_by_text(visit.say("room.invite")).click()
    return page


STATES = (
    encryption_phrase,
    encryption_key,
    encryption_prove,
    encryption_good,
    encryption_tested,
    encryption_refused,
    encryption_unverified,
    encryption_emoji,
    encryption_imported,
    encryption_backup_off,
    encryption_reset,
    encryption_reset_by_key,
    encryption_healed,
    encryption_elsewhere,
    leaving,
    messages,
)
