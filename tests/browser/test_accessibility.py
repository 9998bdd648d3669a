"""Every page and state can be used with a screen reader, a small screen and large type."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.serving import LiveServer
from tests.browser.states import STATES, State
from tests.browser.steps import NewContext
from tests.browser.texts import Texts
from tests.browser.visiting import Visit
from tests.browser.watching import Watch

DESK, PHONE = 1280, 390
NARROWEST = 320  # a page must fit into it without scrolling sideways (WCAG 2.2, 1.4.10)
RUN_AXE = """
async (rules) => {
  const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
  const found = await axe.run(document, { ...only, rules: { "target-size": { enabled: true } } });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}
"""
# The other rules look at what a page is made of, which is the same in the dark.
ABOUT_COLOUR = ["color-contrast", "link-in-text-block"]
WORDY = [
    ("de", "sign_in"),
    ("de", "create_account_refused"),
    ("de", "change_password"),
    ("de", "sessions_chosen"),
    ("de", "deactivate"),
    ("fr", "change_password"),
    ("de", "encryption_good"),
    ("de", "encryption_imported"),
    ("fr", "encryption_emoji"),
    ("fr", "leaving"),
    ("es", "encryption_key"),
    ("es", "messages"),
    ("es", "sessions_chosen"),
    ("fr", "reset"),
    ("de", "not_me"),
]
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def servers(
    server: LiveServer, strict_server: LiveServer, closed_server: LiveServer, watch: Watch
) -> dict[str, LiveServer]:
    """Every kind of server, for a `Visit`."""
    watch.allow(strict_server.url, closed_server.url)
    return {"server": server, "strict_server": strict_server, "closed_server": closed_server}


def look(page: Page, width: int, colours: Any = "light") -> None:
    page.set_viewport_size({"width": width, "height": 844 if width < DESK else 900})
    page.emulate_media(color_scheme=colours)


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_everybody_can_use_it(
    state: State,
    servers: dict[str, LiveServer],
    new_context: NewContext,
    axe_script: str,
    artifacts: Path,
) -> None:
    page = state(Visit(new_context, Texts("en"), **servers))
    page.evaluate(axe_script)
    for colours, rules in (("light", None), ("dark", ABOUT_COLOUR)):
        for width in (DESK, PHONE):
            look(page, width, colours)
            assert page.evaluate(RUN_AXE, rules) == [], (colours, width)
            take_picture(page, artifacts / f"{state.__name__}-en-{colours}-{width}.png")
    check_that_it_fits(page)


@pytest.mark.parametrize(("language", "name"), WORDY)
def test_long_words_fit_too(
    language: str,
    name: str,
    servers: dict[str, LiveServer],
    new_context: NewContext,
    artifacts: Path,
) -> None:
    page = STATES[name](Visit(new_context, Texts(language), **servers))
    check_that_it_fits(page)
    look(page, PHONE)
    take_picture(page, artifacts / f"{name}-{language}-light-{PHONE}.png")


def check_that_it_fits(page: Page) -> None:
    """Nothing sticks out at the side of small screens, or with type of twice the size."""
    for width in (360, NARROWEST):
        look(page, width)
        assert page.evaluate(TOO_WIDE) == 0, width
    look(page, DESK)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(TOO_WIDE) == 0
    page.evaluate("document.documentElement.style.fontSize = ''")


def take_picture(page: Page, file: Path) -> None:
    """A picture of the whole page, or of the screen where a dialog covers it."""
    page.screenshot(path=file, full_page=page.locator("[role$=dialog]").count() == 0)


@pytest.mark.parametrize(("motion", "time"), [("reduce", "0s"), ("no-preference", "0.12s")])
def test_nothing_moves_for_people_who_asked_for_that(page: Page, motion: Any, time: str) -> None:
    page.emulate_media(reduced_motion=motion)
    page.goto("/signin")
    button = page.get_by_role("button", name="Sign in")
    took = button.evaluate("(it) => getComputedStyle(it).transitionDuration.split(',')[0]")
    assert took == time
