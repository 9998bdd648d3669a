"""Settings › Encryption: room keys out into a file and in from one."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nio.crypto.key_export import decrypt as nio_decrypt
from nio.crypto.key_export import encrypt as nio_encrypt
from playwright.sync_api import Page, expect
from vodozemac import GroupSession, InboundGroupSession

from tests.browser.encryption import SLOW, dialog, import_file, import_keys, open_encryption
from tests.browser.key_files import FIRST, LAST, PASSPHRASE, opened, sealed, stored
from tests.browser.serving import LiveServer
from tests.browser.steps import PageOf
from tests.clients.room_keys import room_keys

Keys = list[dict[str, Any]]
ASCII = "green meadow at noon"
"""What matrix-nio can do: it takes only Latin-1 passphrases, and not as UTF-8."""


@pytest.fixture
def page(page_of: PageOf, server: LiveServer) -> Page:
    """Somebody's encryption page; nothing is set up."""
    return open_encryption(page_of, server.person())


def export(page: Page, folder: Path, passphrase: str = PASSPHRASE) -> str:
    """Export this session's keys; the text of the file."""
    page.get_by_role("button", name="Export E2E room keys").click()
    page.get_by_role("textbox", name="Passphrase of the file").fill(passphrase)
    page.get_by_role("textbox", name="Type it again").fill(passphrase)
    with page.expect_download(timeout=SLOW) as download:
        dialog(page).get_by_role("button", name="Export", exact=True).click()
    assert download.value.suggested_filename == "room-keys.txt"
    download.value.save_as(folder / "exported.txt")
    return (folder / "exported.txt").read_text()


def secrets(keys: Keys) -> dict[tuple[str, str], str]:
    return {(key["room_id"], key["session_id"]): key["session_key"] for key in keys}


@pytest.mark.parametrize("count", [1, 1000])
def test_in_and_out_again(page: Page, tmp_path: Path, count: int) -> None:
    keys = room_keys(count)
    import_keys(page, stored(tmp_path / "keys.txt", keys), count)
    text = export(page, tmp_path)
    expect(dialog(page)).to_contain_text(f"{count} room key")
    read, rounds = opened(text)
    assert secrets(read) == secrets(keys)
    assert rounds == 500_000
    assert max(map(len, text.splitlines())) <= 128


def test_matrix_nio_reads_and_writes_the_same(page: Page, tmp_path: Path) -> None:
    keys = room_keys(5)
    file = tmp_path / "nio.txt"
    file.write_text(f"{FIRST}\n{nio_encrypt(json.dumps(keys).encode(), ASCII)}\n{LAST}\n")
    import_file(page, file, ASCII)
    expect(dialog(page)).to_contain_text("5 new", timeout=SLOW)
    page.get_by_role("button", name="Close").click()
    text = export(page, tmp_path, ASCII)
    payload = text.replace(FIRST, "").replace(LAST, "").replace("\n", "")
    assert secrets(json.loads(nio_decrypt(payload, ASCII))) == secrets(keys)


def at_index(index: int, like: dict[str, Any], group: GroupSession) -> dict[str, Any]:
    """A key that opens a session's messages from one of them on."""
    key = InboundGroupSession(group.session_key).export_at(index)
    assert key is not None
    return {**like, "session_id": group.session_id, "session_key": key.to_base64()}


def test_new_known_better_and_worse(page: Page, tmp_path: Path) -> None:
    """What a second file brings is told in numbers, and the better key is the one that stays."""
    same, like = room_keys(2)
    groups = [GroupSession(), GroupSession()]
    held = [same, at_index(3, like, groups[0]), at_index(0, like, groups[1])]
    import_keys(page, stored(tmp_path / "first.txt", held), 3)
    second = [same, at_index(1, like, groups[0]), at_index(5, like, groups[1]), *room_keys(1)]
    import_file(page, stored(tmp_path / "second.txt", second))
    told = dialog(page)
    expect(told).to_contain_text("keys for 2 rooms:", timeout=SLOW)
    for line in ("1 new", "1 known already", "1 better than", "1 worse than"):
        expect(told).to_contain_text(line)
    page.get_by_role("button", name="Close").click()
    kept = secrets(opened(export(page, tmp_path))[0])
    place = like["room_id"]
    assert kept[place, groups[0].session_id] == second[1]["session_key"]
    assert kept[place, groups[1].session_id] == held[2]["session_key"]


def flipped(text: str) -> str:
    lines = text.splitlines()
    place = random.Random(7).randrange(60, len(lines[1]) - 60)
    letter = "A" if lines[1][place] != "A" else "B"
    lines[1] = lines[1][:place] + letter + lines[1][place + 1 :]
    return "\n".join(lines)


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "something else": (lambda _text: "Dear diary", "not a file of exported room keys"),
    "empty": (lambda _text: "", "not a file of exported room keys"),
    "cut off": (lambda text: text[: len(text) // 2], "The file is damaged"),
    "cut short": (lambda _text: f"{FIRST}\nAQID\n{LAST}", "The file is damaged"),
    "no Base64": (lambda text: text.replace("\n", "\n*", 1), "The file is damaged"),
    "one bit": (flipped, "passphrase is not right, or the file was changed"),
    "too many rounds": (
        lambda _text: f"{FIRST}\nAQ{'A' * 42}/////{'A' * 67}\n{LAST}",
        "The file is damaged",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_file_that_was_spoilt(page: Page, tmp_path: Path, how: str) -> None:
    spoil, answer = SPOILT[how]
    file = tmp_path / "spoilt.txt"
    file.write_text(spoil(sealed(room_keys(3))))
    import_file(page, file)
    expect(page.get_by_role("alert")).to_contain_text(answer, timeout=SLOW)


def test_a_wrong_passphrase_can_be_mended(page: Page, tmp_path: Path) -> None:
    file = stored(tmp_path / "keys.txt", room_keys(3))
    import_file(page, file, PASSPHRASE + "!")
    expect(page.get_by_role("alert")).to_contain_text("The passphrase is not right")
    page.get_by_role("textbox", name="Passphrase of the file").fill(PASSPHRASE)
    dialog(page).get_by_role("button", name="Import", exact=True).click()
    expect(dialog(page)).to_contain_text("3 new", timeout=SLOW)


def test_a_passphrase_is_typed_twice_and_not_too_short(page: Page) -> None:
    page.get_by_role("button", name="Export E2E room keys").click()
    page.get_by_role("textbox", name="Passphrase of the file").fill("short")
    page.get_by_role("textbox", name="Type it again").fill("shorter")
    dialog(page).get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_text("At least 8 characters are needed.")).to_be_visible()
    expect(page.get_by_text("The two are not the same.")).to_be_visible()


def test_a_hundred_thousand_keys(page: Page, tmp_path: Path) -> None:
    """In a tab that answers meanwhile, with a bar that moves; and out again."""
    count = 100_000
    file = stored(tmp_path / "many.txt", room_keys(count))
    import_file(page, file)
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=120_000)
    asked = page.evaluate(
        "() => new Promise((resolve) => {"
        " const began = performance.now();"
        " setTimeout(() => resolve(performance.now() - began)); })"
    )
    assert asked < 5000
    expect(dialog(page)).to_contain_text(f"{count} new", timeout=300_000)
    page.get_by_role("button", name="Close").click()
    page.set_default_timeout(300_000)
    page.get_by_role("button", name="Export E2E room keys").click()
    page.get_by_role("textbox", name="Passphrase of the file").fill(PASSPHRASE)
    page.get_by_role("textbox", name="Type it again").fill(PASSPHRASE)
    with page.expect_download(timeout=300_000) as download:
        dialog(page).get_by_role("button", name="Export", exact=True).click()
    download.value.save_as(tmp_path / "out.txt")
    assert len(opened((tmp_path / "out.txt").read_text())[0]) == count
