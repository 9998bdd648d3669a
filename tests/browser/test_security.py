"""What the portal's pages let in, and what they give away.

That no flow breaches the content policy or talks to strangers is checked in every test of this
folder; see `watching.py`.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import LiveServer
from tests.browser.steps import sign_in
from tests.browser.watching import Watch

PAGES = ("/", "/signin", "/reset", "/settings/account", "/no/such/page")


@pytest.mark.parametrize("path", PAGES)
def test_the_page_lets_nothing_foreign_in(server: LiveServer, path: str) -> None:
    answer = server.http.get(path)
    assert answer.status_code == 200
    headers = answer.headers
    policy = headers["content-security-policy"].split("; ")
    for rule in (
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache"
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=", answer.text)


def test_its_files_are_kept_for_ever_and_compressed(server: LiveServer) -> None:
    page = server.http.get("/").text
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(files) >= 2
    for file in files:
        answer = server.http.get(file, headers={"accept-encoding": "br"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "br"
        kind = "text/css" if file.endswith(".css") else "text/javascript"
        assert answer.headers["content-type"].startswith(kind)
    assert server.http.get("/assets/made-up.js").status_code == 404


def test_the_policy_really_holds(page: Page, watch: Watch) -> None:
    """And the watch that all tests are under would tell."""
    page.goto("/signin")
    with (
        page.expect_console_message(lambda message: "breached: style-src-attr" in message.text),
        page.expect_console_message(lambda message: "breached: script-src-attr" in message.text),
    ):
        page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<p onclick=top.x=1 style=top:0>');"
            "document.body.lastElementChild.click()"
        )
    assert page.evaluate("window.x") is None
    assert any("breached: script-src-attr" in problem for problem in watch.problems)
    watch.problems.clear()


def test_signing_in_leaves_no_secret_in_the_address_or_in_a_cookie(
    page: Page, server: LiveServer
) -> None:
    alice = server.person()
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    sign_in(page, alice)
    page.get_by_role("link", name="Sessions").click()
    expect(page.get_by_role("region", name="Other sessions")).to_be_visible()
    token = page.evaluate("JSON.parse(localStorage['holdfast.session']).accessToken")
    for url in (*asked, page.url):
        assert token not in url
        assert alice.password not in url
    assert page.context.cookies() == []
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert token not in page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")


def test_a_used_reset_token_is_nowhere_in_the_history(page: Page, server: LiveServer) -> None:
    alice = server.person(mail=True)
    page.goto("/signin")
    link = server.reset_link(str(alice.email))
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(link)
    page.get_by_role("textbox", name="New account password").fill("quiet harbour lantern")
    page.get_by_role("textbox", name="Type it again").fill("quiet harbour lantern")
    page.get_by_role("button", name="Set the new password").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.url == f"{server.url}/reset"
    page.go_back()
    expect(page).to_have_url("/signin")
    page.go_forward()
    expect(page).to_have_url("/reset")
    # The fragment is part of no request; the token travels in the body of one.
    assert not [url for url in asked if link.partition("#")[2] in url.partition("#")[0]]


def test_browsers_and_password_managers_know_each_field(page: Page) -> None:
    page.goto("/signin")
    expect(page.get_by_label("User name")).to_have_attribute("autocomplete", "username")
    password = page.get_by_label("Account password")
    expect(password).to_have_attribute("autocomplete", "current-password")
    page.goto("/register")
    expect(page.get_by_label("User name")).to_have_attribute("autocomplete", "username")
    for label in ("Account password", "Type it again"):
        expect(page.get_by_label(label)).to_have_attribute("autocomplete", "new-password")
    expect(page.get_by_label("E-mail")).to_have_attribute("autocomplete", "email")
