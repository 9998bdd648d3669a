"""Settings › Encryption: setting it up, with a recovery key that was shown to be kept."""

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.encryption import (
    account_data,
    dialog,
    fact,
    glance,
    new_key,
    open_encryption,
    recovery_field,
    set_up,
    type_back,
    verify_by_key,
)
from tests.browser.serving import Json, LiveServer, Person
from tests.browser.steps import PageOf

SECRETS = (
    "m.cross_signing.master",
    "m.cross_signing.self_signing",
    "m.cross_signing.user_signing",
    "m.megolm_backup.v1",
)


def has_identity(person: Person) -> bool:
    body: Json = {"device_keys": {person.user_id: []}}
    answer = person.server.call("POST", "keys/query", body, token=person.token)
    return person.user_id in answer["master_keys"]


def test_everything_in_one_go(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    page = open_encryption(page_of, alice)
    expect(glance(page)).to_contain_text("Encryption is not set up.")
    expect(fact(page, "Identity")).to_have_text("missing")
    key = set_up(page)
    assert re.fullmatch(r"([1-9A-HJ-NP-Za-km-z]{4} ){11}[1-9A-HJ-NP-Za-km-z]{4}", key)
    for name, said in (
        ("Identity", "there"),
        ("This session", "verified"),
        ("Recovery key", "opens 4 of 4 secrets"),
        ("Key backup", "on, version 1 with 0 keys"),
        ("This session stores its keys there", "yes"),
    ):
        expect(fact(page, name)).to_have_text(said)
    assert has_identity(alice)
    key_id = account_data(alice, "m.secret_storage.default_key")["key"]
    for secret in SECRETS:
        assert set(account_data(alice, secret)["encrypted"]) == {key_id}
    bare = key.replace(" ", "")
    assert bare not in page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")


def test_a_key_that_was_not_kept_does_not_count(page_of: PageOf, server: LiveServer) -> None:
    """Nothing is set up before the key was typed back."""
    alice = server.person()
    page = open_encryption(page_of, alice)
    glance(page).get_by_role("button", name="Set up encryption").click()
    page.get_by_role("button", name="Make my recovery key").click()
    shown = page.locator(".recovery-key code").inner_text()
    page.get_by_role("button", name="I have kept it").click()
    recovery_field(page).fill(shown.replace("\n", " ").strip()[:-1])
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("alert")).to_contain_text("not the key that was just shown")
    page.get_by_role("button", name="Show it again").click()
    assert page.locator(".recovery-key code").inner_text() == shown
    page.get_by_role("button", name="Cancel").click()
    expect(dialog(page)).to_be_hidden()
    expect(glance(page)).to_contain_text("Encryption is not set up.")
    assert not has_identity(alice)
    assert account_data(alice, "m.secret_storage.default_key") == {}


def test_the_downloaded_file_proves_it_too(
    page_of: PageOf, server: LiveServer, tmp_path: Path
) -> None:
    page = open_encryption(page_of, server.person())
    glance(page).get_by_role("button", name="Set up encryption").click()
    page.get_by_role("button", name="Make my recovery key").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "recovery-key.txt"
    file = tmp_path / "recovery-key.txt"
    download.value.save_as(file)
    shown = " ".join(page.locator(".recovery-key code").inner_text().split())
    assert shown in file.read_text().splitlines()
    page.get_by_role("button", name="I have kept it").click()
    drop(page, file)
    expect(recovery_field(page)).to_have_value(shown)
    page.get_by_role("button", name="Finish").click()
    expect(glance(page)).to_contain_text("All is well", timeout=30_000)


def drop(page: Page, file: Path) -> None:
    """Drop a file onto the field for it."""
    make = (
        "(text) => { const carried = new DataTransfer();"
        " carried.items.add(new File([text], 'recovery-key.txt', { type: 'text/plain' }));"
        " return carried; }"
    )
    carried = page.evaluate_handle(make, file.read_text())
    page.locator(".file-field").dispatch_event("drop", {"dataTransfer": carried})


def test_copying_it(page_of: PageOf, server: LiveServer) -> None:
    how = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = page_of(server.person(), "/settings/encryption", **how)
    glance(page).get_by_role("button", name="Set up encryption").click()
    page.get_by_role("button", name="Make my recovery key").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="clipboard")).to_be_visible()
    shown = page.locator(".recovery-key code").inner_text().split()
    assert page.evaluate("navigator.clipboard.readText()").split() == shown


def test_printing_it(page_of: PageOf, server: LiveServer) -> None:
    """On paper there is the key, whose it is, and nothing else."""
    alice = server.person()
    page = open_encryption(page_of, alice)
    glance(page).get_by_role("button", name="Set up encryption").click()
    page.get_by_role("button", name="Make my recovery key").click()
    page.emulate_media(media="print")
    expect(page.locator(".recovery-key code")).to_be_visible()
    expect(page.get_by_text(f"Recovery key of {alice.user_id}")).to_be_visible()
    for other in ("Copy", "I have kept it", "Sign out"):
        expect(page.get_by_role("button", name=other, include_hidden=True)).to_be_hidden()


def test_a_recovery_phrase_opens_it_as_well(page_of: PageOf, server: LiveServer) -> None:
    alice = server.person()
    key = set_up(open_encryption(page_of, alice), phrase="seven slow snails")
    for secret in ("seven slow snails", key):
        page = open_encryption(page_of, alice.another_session("Laptop"))
        verify_by_key(page, secret)
        expect(fact(page, "This session")).to_have_text("verified")


def test_changing_the_recovery_key(page_of: PageOf, server: LiveServer) -> None:
    """The new one opens everything, the old one nothing; the backup stays what it was."""
    alice = server.person()
    page = open_encryption(page_of, alice)
    old = set_up(page)
    page.get_by_role("button", name="Change recovery key").click()
    new = new_key(page)
    assert new != old
    expect(fact(page, "Recovery key")).to_have_text("opens 4 of 4 secrets")
    expect(fact(page, "Key backup")).to_have_text("on, version 1 with 0 keys")
    page = open_encryption(page_of, alice.another_session("Laptop"))
    glance(page).get_by_role("button", name="Verify this session").click()
    page.get_by_role("button", name="With the recovery key").click()
    recovery_field(page).fill(old)
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not the one of this account")
    recovery_field(page).fill(new)
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(dialog(page)).to_contain_text("This session is verified.", timeout=30_000)


def test_a_change_that_fails_half_way_leaves_the_old_key(
    page_of: PageOf, server: LiveServer
) -> None:
    alice = server.person()
    page = open_encryption(page_of, alice)
    old = set_up(page)
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if route.request.method == "PUT" and not failed:
            failed.append(route.request.url)
            route.fulfill(status=500, json={"errcode": "M_UNKNOWN", "error": "no"})
        else:
            route.continue_()

    page.context.route("**/account_data/m.cross_signing.self_signing", fail_once)
    before = {secret: account_data(alice, secret) for secret in SECRETS}
    page.get_by_role("button", name="Change recovery key").click()
    type_back(page)
    expect(page.get_by_role("alert")).to_be_visible(timeout=30_000)
    assert failed
    assert {secret: account_data(alice, secret) for secret in SECRETS} == before
    laptop = open_encryption(page_of, alice.another_session("Laptop"))
    verify_by_key(laptop, old)
    expect(fact(laptop, "This session")).to_have_text("verified")
