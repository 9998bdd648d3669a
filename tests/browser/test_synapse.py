"""The portal's encryption with an account on Synapse, which has none of Holdfast's extras."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from bench.servers import synapse
from tests.browser.encryption import (
    SLOW,
    backed_up,
    dialog,
    fact,
    glance,
    import_keys,
    set_up,
    verify_by_key,
    with_key,
)
from tests.browser.key_files import stored
from tests.browser.serving import LiveServer
from tests.browser.steps import NewContext
from tests.browser.watching import Watch
from tests.clients.room_keys import room_keys

KEYS = 6
API = "/_matrix/client/v3"
PASSWORD = "wandering ember stadium"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Synapse."""
    python = os.environ.get("SYNAPSE_PYTHON")
    if python is None:
        pytest.skip(
            "SYNAPSE_PYTHON names no Python with Synapse; see `scripts/test --only synapse`"
        )
    with synapse(tmp_path_factory.mktemp("synapse"), Path(python)) as running:
        yield running.url


def sign_up(url: str) -> dict[str, Any]:
    body = {"username": "alice", "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
    answer = httpx.post(f"{url}{API}/register", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def sign_in(url: str, user_id: str) -> dict[str, Any]:
    identifier = {"type": "m.id.user", "user": user_id}
    body = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
    return dict(httpx.post(f"{url}{API}/login", json=body).json())


def open_encryption(
    new_context: NewContext, server: LiveServer, url: str, session: dict[str, Any]
) -> Page:
    """The encryption page of our portal, with a session on the other server."""
    kept = {
        "baseUrl": url,
        "serverName": "bench.example",
        "userId": session["user_id"],
        "deviceId": session["device_id"],
        "accessToken": session["access_token"],
        "refreshToken": None,
        "expiresAt": None,
    }
    entry = {"name": "holdfast.session", "value": json.dumps(kept)}
    storage = {"cookies": [], "origins": [{"origin": server.url, "localStorage": [entry]}]}
    page = new_context(storage_state=storage).new_page()
    page.goto("/settings/encryption")
    expect(glance(page)).to_be_visible(timeout=SLOW)
    return page


def test_all_of_it(
    new_context: NewContext, server: LiveServer, elsewhere: str, watch: Watch, tmp_path: Path
) -> None:
    watch.allow(elsewhere)
    alice = sign_up(elsewhere)
    page = open_encryption(new_context, server, elsewhere, alice)
    key = set_up(page)
    import_keys(page, stored(tmp_path / "keys.txt", room_keys(KEYS)), KEYS)
    backed_up(page, KEYS)
    page.get_by_role("button", name="Test my recovery key").click()
    with_key(page, key, "Test it")
    expect(dialog(page)).to_contain_text(f"Opens {KEYS} of {KEYS} room keys.")
    page.get_by_role("button", name="Close").click()

    laptop = open_encryption(
        new_context, server, elsewhere, sign_in(elsewhere, str(alice["user_id"]))
    )
    verify_by_key(laptop, key)
    backed_up(laptop, KEYS)
    laptop.get_by_role("link", name="Messages").click()
    laptop.get_by_text("New encrypted room").click()
    laptop.get_by_role("textbox", name="Name of the room").fill("Garden")
    laptop.get_by_role("button", name="Make the room").click()
    laptop.get_by_role("textbox", name="Message", exact=True).fill("hello Synapse")
    laptop.get_by_role("button", name="Send").click()
    garden = laptop.get_by_role("region", name="Garden")
    expect(garden.get_by_text("hello Synapse", exact=True)).to_be_visible(timeout=SLOW)
    laptop.get_by_role("button", name="Sign out", exact=True).click()
    expect(laptop.get_by_text("You are signed out.")).to_be_visible(timeout=SLOW)

    page.get_by_role("link", name="Messages").click()
    page.get_by_role("link", name="Garden").click()
    garden = page.get_by_role("region", name="Garden")
    expect(garden.get_by_text("hello Synapse", exact=True)).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name="Encryption").click()
    page.get_by_role("button", name="Turn the key backup off").click()
    asking = page.get_by_role("alertdialog", name="Turn the key backup off?")
    expect(asking).to_contain_text("it can't be brought back")
    asking.get_by_role("button", name="Turn the key backup off").click()
    expect(fact(page, "Key backup")).to_have_text("off")
