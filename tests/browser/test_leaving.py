"""Signing out of a portal that holds keys: the last ones go into the backup first."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.encryption import (
    SLOW,
    account_data,
    dialog,
    glance,
    import_keys,
    open_encryption,
    set_up,
    verify_by_key,
)
from tests.browser.key_files import stored
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import PageOf
from tests.clients.room_keys import room_keys

KEYS = 5
DATABASES = "indexedDB.databases().then((all) => all.map((one) => one.name))"


def leave(page: Page) -> None:
    page.get_by_role("button", name="Sign out", exact=True).click()


def is_signed_out(page: Page, timeout: float = SLOW) -> None:
    expect(page.get_by_text("You are signed out.")).to_be_visible(timeout=timeout)


def keys_are_gone(page: Page) -> None:
    for _ in range(50):
        if page.evaluate(DATABASES) == []:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(DATABASES))


def test_the_last_keys_are_stored_first(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    """Right after they were made, when the client has not uploaded them yet."""
    alice = server.person()
    phone = alice.another_session("Phone")
    page = open_encryption(page_of, alice)
    set_up(page)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    leave(page)
    is_signed_out(page)
    assert phone.get("room_keys/version")["count"] == KEYS
    keys_are_gone(page)


def test_without_a_backup_it_says_what_would_be_lost(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    alice = server.person()
    page = open_encryption(page_of, alice)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    leave(page)
    expect(dialog(page)).to_contain_text(
        f"There is no key backup: {KEYS} room keys exist only here"
    )
    page.get_by_role("button", name="Stay signed in").click()
    assert alice.status() == (200, False)
    leave(page)
    page.get_by_role("button", name="Look after my keys first").click()
    expect(glance(page).get_by_role("button", name="Set up encryption")).to_be_visible()
    leave(page)
    dialog(page).get_by_role("button", name="Export E2E room keys").click()
    expect(page.get_by_role("dialog", name="Export E2E room keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sign out anyway").click()
    is_signed_out(page)
    assert alice.status() == (401, False)
    keys_are_gone(page)


def test_a_recovery_key_that_was_never_proven(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    alice = server.person()
    page = open_encryption(page_of, alice)
    set_up(page)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    proof = "dev.holdfast.recovery_key_proven"
    path = f"user/{alice.user_id}/account_data/{proof}"
    server.call("PUT", path, {}, token=alice.token)
    assert account_data(alice, proof) == {}
    leave(page)
    expect(dialog(page)).to_contain_text(
        "you have never shown here that you still have", timeout=SLOW
    )
    page.get_by_role("button", name="Stay signed in").click()
    assert alice.status() == (200, False)


def test_a_backup_that_cannot_be_written(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    page = open_encryption(page_of, server.person())
    set_up(page)
    page.context.route("**/room_keys/keys**", lambda route: route.abort())
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    leave(page)
    expect(dialog(page)).to_contain_text("Storing the last keys in the backup")
    expect(dialog(page)).to_contain_text(f"{KEYS} room keys could not be stored", timeout=60_000)


def test_whoever_has_no_keys_here_just_leaves(page_of: PageOf, server: LiveServer) -> None:
    page = page_of(server.person())
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    leave(page)
    is_signed_out(page)
    assert not [url for url in asked if url.endswith(".wasm")]


def locked_with_keys(page_of: PageOf, server: LiveServer, tmp_path: Path) -> tuple[Person, Page]:
    """A session that holds keys which are nowhere else, and was locked from another one."""
    alice = server.person()
    phone = alice.another_session("Phone")
    page = open_encryption(page_of, alice)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    phone.lock(alice)
    return alice, page


def test_a_locked_session_goes_on_with_its_keys(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    """Without any recovery key, and as the same session."""
    alice, page = locked_with_keys(page_of, server, tmp_path)
    expect(page.get_by_role("heading", name="Sign in again to continue")).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_text("your keys are still here")).to_be_visible()
    page.get_by_role("textbox", name="Account password").fill(alice.password)
    page.get_by_role("button", name="Sign in again").click()
    expect(glance(page)).to_be_visible(timeout=SLOW)
    leave(page)
    expect(dialog(page)).to_contain_text(f"{KEYS} room keys exist only here")


def test_using_another_account_asks_first(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    _alice, page = locked_with_keys(page_of, server, tmp_path)
    page.get_by_role("button", name="Use another account").click(timeout=SLOW)
    asking = page.get_by_role("alertdialog", name="Use another account?")
    expect(asking).to_contain_text("are deleted from this browser")
    asking.get_by_role("button", name="Cancel").click()
    assert page.evaluate(DATABASES) != []
    page.get_by_role("button", name="Use another account").click()
    asking.get_by_role("button", name="Delete the keys and go on").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    keys_are_gone(page)


def test_a_session_that_was_removed_discards_its_keys(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    """As the standard wants it: only a soft logout lets a client keep them."""
    alice = server.person()
    phone = alice.another_session("Phone")
    page = open_encryption(page_of, phone)
    key = set_up(page)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    server.call("POST", "logout", {}, token=phone.token)
    expect(page.get_by_text("This session has ended. Sign in to continue.")).to_be_visible(
        timeout=SLOW
    )
    keys_are_gone(page)
    verify_by_key(open_encryption(page_of, alice), key)
