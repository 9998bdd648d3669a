"""A stock web client: Hydrogen, built from its published package, writes with matrix-js-sdk."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from build_portal import ROOT, install_packages, run_npm
from tests.browser.serving import LiveServer
from tests.clients.script import running

WEB = ROOT / "tests" / "clients" / "web"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing on the terminal."""

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hydrogen() -> Iterator[str]:
    """The address of the web client, which is served from elsewhere than the homeserver."""
    install_packages(WEB)
    run_npm(WEB, "run", "build")
    files = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=WEB / "dist"))
    thread = threading.Thread(target=files.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{files.server_address[1]}/"
    files.shutdown()
    thread.join()
    files.server_close()


def sign_in(page: Page, name: str, password: str) -> None:
    page.locator("#username").fill(name)
    page.locator("#password").fill(password)
    page.get_by_role("button", name="Log In").click()


def test_an_encrypted_conversation(
    browser: Browser, server: LiveServer, hydrogen: str, node: str, tmp_path: Path, artifacts: Path
) -> None:
    """Signed in through its own page; both sides read what the other one wrote, and a reaction."""
    alice, bob = server.person("webalice"), server.person("jsbob")
    no_keys = tmp_path / "room_keys.json"
    no_keys.write_text(json.dumps([]))
    given = {
        "baseUrl": server.url,
        "user": bob.name,
        "password": bob.password,
        "other": alice.user_id,
        "roomKeys": str(no_keys),
    }
    with browser.new_context() as context, running(node, "peer", given) as peer:
        page = context.new_page()
        page.goto(f"{hydrogen}?homeserver={server.url}")
        sign_in(page, alice.name, alice.password)
        peer.says("invited")
        page.get_by_text("Garden").first.click(timeout=20_000)
        page.get_by_role("button", name="Accept").click()
        assert peer.says("said") == {}
        expect(page.get_by_text("hello from matrix-js-sdk")).to_be_visible(timeout=20_000)
        page.locator("textarea").fill("hello from Hydrogen")
        page.locator("textarea").press("Enter")
        assert peer.says("heard") == {"body": "hello from Hydrogen", "encrypted": True}
        assert peer.says("reacted") == {}
        expect(page.get_by_role("button", name="👍")).to_be_visible(timeout=20_000)
        page.screenshot(path=artifacts / "stock-client.png")
