"""The portal's plain reader: the history is there, to be seen with one's own eyes."""

import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.encryption import (
    SLOW,
    backed_up,
    glance,
    open_encryption,
    set_up,
    verify_by_key,
)
from tests.browser.serving import LiveServer, Person
from tests.browser.steps import PageOf
from tests.clients.script import Script, running


def room(page: Page) -> Locator:
    """The open room."""
    return page.get_by_role("region", name="Garden")


def to_messages(page: Page) -> None:
    page.get_by_role("link", name="Messages").click()
    expect(page.get_by_role("region", name="Rooms")).to_be_visible(timeout=SLOW)


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message", exact=True).fill(text)
    page.get_by_role("button", name="Send").click()
    reads(page, text)


def reads(page: Page, text: str) -> None:
    expect(room(page).get_by_text(text, exact=True)).to_be_visible(timeout=SLOW)


def open_room(page: Page) -> None:
    to_messages(page)
    page.get_by_role("link", name="Garden").click()
    expect(room(page)).to_be_visible()


def make_room(page: Page, invite: Person) -> None:
    to_messages(page)
    page.get_by_text("New encrypted room").click()
    page.get_by_role("textbox", name="Name of the room").fill("Garden")
    page.get_by_role("textbox", name="User ID of whom to invite").first.fill(invite.user_id)
    page.get_by_role("button", name="Make the room").click()
    expect(room(page)).to_be_visible(timeout=SLOW)


def conversation(page_of: PageOf, server: LiveServer) -> tuple[Person, Page, str]:
    """Alice has said something in an encrypted room, and so has Bob."""
    alice, bob = server.person(), server.person("bob")
    page = open_encryption(page_of, alice)
    key = set_up(page)
    bobs = open_encryption(page_of, bob)
    set_up(bobs)
    make_room(page, bob)
    to_messages(bobs)
    bobs.get_by_role("button", name="Accept Garden").click()
    bobs.get_by_role("link", name="Garden").click()
    expect(room(page).get_by_text("Nobody has said anything here yet.")).to_be_visible()
    say(page, "hello Bob")
    reads(bobs, "hello Bob")
    say(bobs, "hello Alice")
    reads(page, "hello Alice")
    return alice, page, key


def test_two_people_write_to_each_other(page_of: PageOf, server: LiveServer) -> None:
    """What the server gets of it is encrypted."""
    alice, page, _key = conversation(page_of, server)
    room_id = alice.get("joined_rooms")["joined_rooms"][0]
    sent = alice.get(f"rooms/{room_id}/messages?dir=b")["chunk"]
    assert len([event for event in sent if event["type"] == "m.room.encrypted"]) == 2
    assert "hello" not in json.dumps(sent)
    page.reload()
    reads(page, "hello Bob")
    reads(page, "hello Alice")


def test_a_new_session_says_why_it_reads_nothing_and_then_reads_it(
    page_of: PageOf, server: LiveServer
) -> None:
    alice, page, key = conversation(page_of, server)
    page.get_by_role("link", name="Encryption").click()
    backed_up(page, 2)
    laptop = open_encryption(page_of, alice.another_session("Laptop"))
    open_room(laptop)
    expect(room(laptop).get_by_text("Can't be read yet").first).to_be_visible(timeout=SLOW)
    laptop.get_by_role("link", name="Encryption").click()
    verify_by_key(laptop, key)
    open_room(laptop)
    reads(laptop, "hello Bob")
    reads(laptop, "hello Alice")


def test_a_locked_session_reads_on(page_of: PageOf, server: LiveServer) -> None:
    """The account password was changed elsewhere: the same session goes on, no key needed."""
    alice, page, _key = conversation(page_of, server)
    phone = alice.another_session("Phone")
    phone.lock(alice)
    expect(page.get_by_text("your keys are still here")).to_be_visible(timeout=SLOW)
    page.get_by_role("textbox", name="Account password").fill(alice.password)
    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("region", name="Rooms")).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Garden").click()
    reads(page, "hello Bob")
    reads(page, "hello Alice")
    say(page, "still me")


def test_declining_and_inviting(page_of: PageOf, server: LiveServer) -> None:
    alice, bob = server.person(), server.person("bob")
    page = open_encryption(page_of, alice)
    make_room(page, bob)
    bobs = open_encryption(page_of, bob)
    to_messages(bobs)
    bobs.get_by_role("button", name="Decline Garden").click()
    expect(bobs.get_by_role("region", name="Invitations")).to_be_hidden(timeout=SLOW)
    page.get_by_text("Invite somebody").click()
    field = room(page).get_by_role("textbox", name="User ID of whom to invite")
    field.fill("bob")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("A user ID looks like @name:server.")
    field.fill(bob.user_id)
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text(f"{bob.user_id} is invited.")).to_be_visible()
    expect(bobs.get_by_role("button", name="Accept Garden")).to_be_visible(timeout=SLOW)


@pytest.fixture
def peer(
    server: LiveServer, node: str, tmp_path: Path
) -> tuple[Person, AbstractContextManager[Script]]:
    """Alice, and matrix-js-sdk as somebody else who will invite her and write with her."""
    alice, bob = server.person("webalice"), server.person("jsbob")
    no_keys = tmp_path / "room_keys.json"
    no_keys.write_text("[]")
    given = {
        "baseUrl": server.url,
        "user": bob.name,
        "password": bob.password,
        "other": alice.user_id,
        "roomKeys": str(no_keys),
    }
    return alice, running(node, "peer", given)


def test_with_a_matrix_js_sdk_peer(
    peer: tuple[Person, AbstractContextManager[Script]], page_of: PageOf
) -> None:
    alice, script = peer
    page = open_encryption(page_of, alice)
    set_up(page)
    to_messages(page)
    with script as bob:
        bob.says("invited")
        page.get_by_role("button", name="Accept Garden").click(timeout=SLOW)
        page.get_by_role("link", name="Garden").click()
        assert bob.says("said") == {}
        reads(page, "hello from matrix-js-sdk")
        say(page, "hello from the portal")
        assert bob.says("heard") == {"body": "hello from the portal", "encrypted": True}
        assert bob.says("reacted") == {}
    expect(glance(page)).to_have_count(0)
