"""Reloads, second tabs, no network, no space: the keys are safe each time."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.encryption import (
    SLOW,
    dialog,
    glance,
    import_file,
    import_keys,
    open_encryption,
    set_up,
)
from tests.browser.key_files import stored
from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf
from tests.clients.room_keys import room_keys

KEYS = 6


def with_keys(page_of: PageOf, server: LiveServer, tmp_path: Path) -> Page:
    """Somebody with keys that exist only in this browser."""
    page = open_encryption(page_of, server.person())
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    return page


def holds_its_keys(page: Page, tmp_path: Path) -> None:
    """All of them are known when they are imported once more."""
    import_file(page, stored(tmp_path / "more.txt", room_keys(1)))
    expect(dialog(page)).to_contain_text("1 new", timeout=SLOW)
    page.get_by_role("button", name="Close").click()
    import_file(page, tmp_path / "keys.txt")
    expect(dialog(page)).to_contain_text(f"{KEYS} known already", timeout=SLOW)
    page.get_by_role("button", name="Close").click()


def test_a_reload(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    page = with_keys(page_of, server, tmp_path)
    page.reload()
    expect(glance(page)).to_be_visible(timeout=SLOW)
    holds_its_keys(page, tmp_path)


def test_a_second_tab_waits_until_it_is_asked(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    first = with_keys(page_of, server, tmp_path)
    second = first.context.new_page()
    second.goto("/settings/encryption")
    expect(second.get_by_text("Another tab of this browser works with your keys.")).to_be_visible()
    second.get_by_role("button", name="Use it here").click()
    expect(glance(second)).to_be_visible(timeout=SLOW)
    expect(first.get_by_text("Another tab of this browser works with your keys.")).to_be_visible()
    holds_its_keys(second, tmp_path)
    first.get_by_role("button", name="Use it here").click()
    expect(glance(first)).to_be_visible(timeout=SLOW)
    expect(second.get_by_role("button", name="Use it here")).to_be_visible()


def test_a_tab_that_is_closed_leaves_the_keys_to_the_next(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    first = with_keys(page_of, server, tmp_path)
    second = first.context.new_page()
    first.close()
    second.goto("/settings/encryption")
    expect(glance(second)).to_be_visible(timeout=SLOW)
    holds_its_keys(second, tmp_path)


def test_no_network(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    """It says so, loses nothing, and stores what waited when the network is back."""
    alice = server.person()
    page = open_encryption(page_of, alice)
    set_up(page)
    page.context.set_offline(True)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    offline = page.get_by_text("There is no connection. Your keys are safe in this browser")
    expect(offline).to_be_visible(timeout=60_000)
    page.context.set_offline(False)
    expect(offline).to_be_hidden(timeout=60_000)
    expect(glance(page)).to_contain_text(f"{KEYS} of {KEYS}", timeout=60_000)
    assert alice.get("room_keys/version")["count"] == KEYS


def test_no_space(page_of: PageOf, server: LiveServer) -> None:
    """Where a browser stores nothing more, the page says so, and that nothing is lost."""
    page = page_of(server.person())
    browser = page.context.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": 1})
    page.get_by_role("link", name="Encryption").click()
    expect(page.get_by_text("This browser does not let the portal store your keys")).to_be_visible(
        timeout=SLOW
    )
    browser.send("Storage.overrideQuotaForOrigin", {"origin": server.url})
    page.get_by_role("button", name="Try again").click()
    expect(glance(page)).to_be_visible(timeout=SLOW)


def test_a_window_whose_storage_may_vanish(page_of: PageOf, server: LiveServer) -> None:
    """As in a private window: the page says what that means."""
    page = open_encryption(page_of, server.person())
    note = page.get_by_text("This browser may throw away what is stored here by itself")
    expect(note).to_be_visible()
