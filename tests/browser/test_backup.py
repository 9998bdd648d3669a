"""Settings › Encryption: restoring from the key backup, turning it off and on, a new identity."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.encryption import (
    SLOW,
    account_data,
    backed_up,
    dialog,
    fact,
    glance,
    import_keys,
    new_key,
    open_encryption,
    set_up,
    type_back,
    verify_by_key,
    with_backup,
    with_key,
)
from tests.browser.key_files import stored
from tests.browser.serving import Json, LiveServer, Person
from tests.browser.steps import PageOf, prove
from tests.clients.room_keys import room_keys

KEYS = 12


def with_keys(page_of: PageOf, alice: Person, tmp_path: Path) -> tuple[Page, str]:
    """Somebody whose room keys are all in the backup."""
    return with_backup(page_of, alice, tmp_path / "keys.txt", KEYS)


def test_a_new_session_gets_every_key(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    alice = server.person()
    _page, key = with_keys(page_of, alice, tmp_path)
    page = open_encryption(page_of, alice.another_session("Laptop"))
    glance(page).get_by_role("button", name="Verify this session").click()
    page.get_by_role("button", name="With the recovery key").click()
    with_key(page, key, "Verify")
    expect(dialog(page)).to_contain_text(f"{KEYS} of {KEYS} room keys were restored.", timeout=SLOW)
    page.get_by_role("button", name="Close").click()
    backed_up(page, KEYS)


def test_restoring_once_more_needs_no_recovery_key(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    page, _key = with_keys(page_of, server.person(), tmp_path)
    page.get_by_role("button", name="Restore from backup").click()
    dialog(page).get_by_role("button", name="Restore", exact=True).click()
    expect(dialog(page)).to_contain_text(f"{KEYS} of {KEYS} room keys were restored.")


def test_turning_the_backup_off_and_bringing_it_back(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    alice = server.person()
    page, key = with_keys(page_of, alice, tmp_path)
    page.get_by_role("button", name="Turn the key backup off").click()
    asking = page.get_by_role("alertdialog", name="Turn the key backup off?")
    expect(asking).to_contain_text(f"{KEYS} room keys are deleted from the backup.")
    expect(asking).to_contain_text("For 30 days you can bring the backup back")
    asking.get_by_role("button", name="Turn the key backup off").click()
    expect(fact(page, "Key backup")).to_have_text("off")
    expect(glance(page)).to_contain_text("The key backup is off.")
    assert server.ask("GET", "room_keys/version", token=alice.token).status_code == 404
    old = page.get_by_role("region", name="Earlier key backups")
    expect(old).to_contain_text(f"Version 1 with {KEYS} keys")
    old.get_by_role("button", name="Bring version 1 back").click()
    prove(page, alice.password, "Bring it back")
    expect(fact(page, "Key backup")).to_have_text(f"on, version 1 with {KEYS} keys")
    laptop = open_encryption(page_of, alice.another_session("Laptop"))
    verify_by_key(laptop, key)
    backed_up(laptop, KEYS)


def test_turning_it_on_again(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    """A new backup begins, and the session's keys go into it."""
    alice = server.person()
    page, key = with_keys(page_of, alice, tmp_path)
    page.get_by_role("button", name="Turn the key backup off").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Turn the key backup off").click()
    glance(page).get_by_role("button", name="Turn the key backup on").click()
    with_key(page, key, "Turn it on")
    expect(fact(page, "Key backup")).to_contain_text("on, version 2")
    backed_up(page, KEYS)
    assert alice.get("room_keys/version")["count"] == KEYS


def test_resetting_the_identity(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    """It asks twice, says what that costs in numbers, and what this session can read stays."""
    alice = server.person()
    _page, _key = with_keys(page_of, alice, tmp_path)
    old_identity = identity(alice)
    laptop = alice.another_session("Laptop")
    page = open_encryption(page_of, laptop)
    import_keys(page, stored(tmp_path / "own.txt", room_keys(3)), 3)
    page.get_by_role("button", name="Reset identity").click()
    first = page.get_by_role("alertdialog", name="Reset your identity?")
    expect(first).to_contain_text("1 other session is no longer verified.")
    expect(first).to_contain_text(f"The {KEYS} keys in the old one are not in it")
    first.get_by_role("button", name="Go on").click()
    second = page.get_by_role("alertdialog", name="Really reset your identity?")
    expect(second).to_contain_text("This session has 3 room keys.")
    second.get_by_role("button", name="Reset my identity").click()
    type_back(page)
    prove(page, alice.password, "Go on")
    expect(fact(page, "This session")).to_have_text("verified", timeout=SLOW)
    expect(fact(page, "Recovery key")).to_have_text("opens 4 of 4 secrets")
    backed_up(page, 3)
    assert identity(alice) != old_identity
    # What the old backup held is not gone either.
    old = page.get_by_role("region", name="Earlier key backups")
    expect(old).to_contain_text(f"Version 1 with {KEYS} keys")


def test_a_reset_that_is_called_off_leaves_everything(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    """Even at the last question, for the account password: the old recovery key goes on working."""
    alice = server.person()
    _page, key = with_keys(page_of, alice, tmp_path)
    old_identity = identity(alice)
    old_key = account_data(alice, "m.secret_storage.default_key")
    page = open_encryption(page_of, alice.another_session("Laptop"))
    page.get_by_role("button", name="Reset identity").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Reset my identity").click()
    type_back(page)
    page.get_by_role("dialog", name="Is it you?").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Finish")).to_be_enabled()
    page.get_by_role("button", name="Show it again").click()
    page.get_by_role("button", name="Cancel").click()
    expect(dialog(page)).to_be_hidden()
    assert identity(alice) == old_identity
    assert account_data(alice, "m.secret_storage.default_key") == old_key
    third = open_encryption(page_of, alice.another_session("Phone"))
    verify_by_key(third, key)
    backed_up(third, KEYS)


def identity(person: Person) -> object:
    body: Json = {"device_keys": {person.user_id: []}}
    answer = person.server.call("POST", "keys/query", body, token=person.token)
    return answer["master_keys"][person.user_id]["keys"]


def test_a_recovery_key_where_there_is_none(page_of: PageOf, server: LiveServer) -> None:
    """An identity without secret storage, as some clients leave it."""
    alice = server.person()
    page = open_encryption(page_of, alice)
    set_up(page)
    path = f"user/{alice.user_id}/account_data/m.secret_storage.default_key"
    server.call("PUT", path, {}, token=alice.token)
    page.reload()
    expect(glance(page)).to_contain_text("There is no recovery key.", timeout=SLOW)
    glance(page).get_by_role("button", name="Make a recovery key").click()
    new_key(page)
    expect(glance(page)).to_contain_text("All is well", timeout=SLOW)
    expect(fact(page, "Key backup")).to_contain_text("on, version 1")
