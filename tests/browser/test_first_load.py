"""How much a browser loads: little for signing in, and the encryption only when it is needed."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer

MOST = 150_000
"""Bytes of JavaScript, compressed with gzip, for the sign-in page."""


def size_of(server: LiveServer, url: str) -> int:
    headers = {"accept-encoding": "gzip"}
    with server.http.stream("GET", urlsplit(url).path, headers=headers) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        return sum(len(piece) for piece in answer.iter_raw())


def test_signing_in_loads_little(page: Page, server: LiveServer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/signin")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.wait_for_load_state("networkidle")
    scripts = {url for url in asked if url.endswith(".js")}
    assert 0 < sum(size_of(server, url) for url in scripts) < MOST
    assert not [url for url in asked if url.endswith(".wasm")]
