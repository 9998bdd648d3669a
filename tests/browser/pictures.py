"""Takes the pictures of the README anew: `scripts/pictures`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from tests.browser import png, states, states_encryption, states_settings
from tests.browser.serving import ROOT, LiveServer
from tests.browser.texts import Texts
from tests.browser.visiting import Visit
from tests.fixtures.browser import launch_options

FOLDER = ROOT / "docs" / "pictures"
WIDTH = 1200  # of a picture, in its own pixels

PICTURES: dict[str, tuple[Callable[[Visit], Page], int, str]] = {
    "sign-in": (states.sign_in, 760, "main"),
    "change-password": (states_settings.change_password, 940, "section"),
    "sessions": (states_settings.sessions, 940, "main"),
    "reset": (states.reset, 800, "main"),
    "encryption": (states_encryption.encryption_good, 940, "section"),
}
"""By name: the state, the width of the window in CSS pixels, and what the picture ends with."""


def take(browser: Browser, name: str) -> Path:
    """Take one picture, on a server of its own, whose first person is called alice."""
    state, width, last = PICTURES[name]
    file = FOLDER / f"{name}.png"
    with (
        TemporaryDirectory() as folder,
        LiveServer(Path(folder), HOLDFAST_SERVER_NAME="example.org") as server,
    ):
        make = partial(
            browser.new_context,
            base_url=server.url,
            viewport={"width": width, "height": 600},
            device_scale_factor=WIDTH / width,
            reduced_motion="reduce",
        )
        page = state(Visit(make, Texts("en"), server, server, server))
        page.evaluate("scrollTo(0, 0)")
        box = page.locator(last).first.bounding_box()
        assert box
        height = box["y"] + box["height"] + 12
        page.mouse.move(0, 0)
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
        page.screenshot(path=file, full_page=True, clip=clip)
        page.context.close()
    png.shrink(file)
    return file


def main() -> None:
    """Take all of them."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for name in PICTURES:
            file = take(browser, name)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KiB")  # noqa: T201 - a command
        browser.close()


if __name__ == "__main__":
    main()
