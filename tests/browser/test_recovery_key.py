"""Settings › Encryption › Test my recovery key: the one check before a password change."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.encryption import (
    account_data,
    dialog,
    fact,
    open_encryption,
    recovery_field,
    set_up,
    with_backup,
    with_key,
)
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import PageOf

PROOF = "dev.holdfast.recovery_key_proven"
KEYS = 24


def backup(person: Person) -> dict[str, Any]:
    return person.get("room_keys/version")


def ask(page: Page, typed: str) -> None:
    if not dialog(page).is_visible():
        page.get_by_role("button", name="Test my recovery key").click()
    with_key(page, typed, "Test it")


def test_it_opens_every_key_and_changes_nothing(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    alice = server.person()
    _page, key = with_backup(page_of, alice, tmp_path / "keys.txt", KEYS)
    before = backup(alice)
    server.call("PUT", f"user/{alice.user_id}/account_data/{PROOF}", {}, token=alice.token)
    laptop = open_encryption(page_of, alice.another_session("Laptop"))
    expect(fact(laptop, "Last shown to work")).to_have_text("never")
    ask(laptop, key)
    expect(dialog(laptop)).to_contain_text(f"Opens {KEYS} of {KEYS} room keys.")
    expect(dialog(laptop)).to_contain_text("Opens 4 of 4 secrets.")
    expect(dialog(laptop)).to_contain_text("Your recovery key works.")
    laptop.get_by_role("button", name="Close").click()
    expect(fact(laptop, "Last shown to work")).not_to_have_text("never")
    expect(fact(laptop, "This session")).to_have_text("not verified")
    assert backup(alice) == before
    assert set(account_data(alice, PROOF)) == {"key_id", "ts"}


def test_what_is_not_the_recovery_key(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    """Each slip is answered with what it is; nothing that is typed goes to the server."""
    alice = server.person()
    page, key = with_backup(page_of, alice, tmp_path / "keys.txt", KEYS)
    other = set_up(open_encryption(page_of, server.person("bob")))
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(request.post_data or ""))
    for typed, answer in (
        ("", "Type your recovery key"),
        (alice.password, "If it is your account password: that signs you in"),
        (other, "not the one of this account"),
        (key[:-1] + ("2" if key[-1] == "1" else "1"), "There is a slip in it"),
        (key[5:10] + key[:5] + key[10:], "There is a slip in it"),
    ):
        ask(page, typed)
        expect(page.get_by_role("alert")).to_contain_text(answer)
    assert not [body for body in sent if alice.password in body or other in body]
    ask(page, key.replace(" ", ""))
    expect(dialog(page)).to_contain_text(f"Opens {KEYS} of {KEYS} room keys.")


def test_a_backup_that_was_spoilt(page_of: PageOf, server: LiveServer, tmp_path: Path) -> None:
    """It says how many keys it does not open, and does not count as proof."""
    alice = server.person()
    page, key = with_backup(page_of, alice, tmp_path / "keys.txt", KEYS)
    version = backup(alice)["version"]
    rooms = alice.get(f"room_keys/keys?version={version}")["rooms"]
    room_id, sessions = next((r, each["sessions"]) for r, each in rooms.items())
    session_id, spoilt = next(iter(sessions.items()))
    # Better in all that the server sees, and nothing that the key opens.
    spoilt["session_data"]["ciphertext"] = "AAAA" + spoilt["session_data"]["ciphertext"][4:]
    spoilt["is_verified"] = True
    path = f"room_keys/keys/{room_id}/{quote(session_id, safe='')}"
    server.call("DELETE", f"{path}?version={version}", token=alice.token)
    server.call("PUT", f"{path}?version={version}", spoilt, token=alice.token)
    ask(page, key)
    expect(dialog(page)).to_contain_text(f"Opens {KEYS - 1} of {KEYS} room keys.")
    expect(dialog(page)).to_contain_text("It does not open everything.")


def test_nothing_to_test(page_of: PageOf, server: LiveServer) -> None:
    page = open_encryption(page_of, server.person())
    expect(page.get_by_role("button", name="Test my recovery key")).to_have_count(0)
    expect(recovery_field(page)).to_have_count(0)
