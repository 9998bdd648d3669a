"""What all pages drawn by the server have in common."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.world import World

HOME = Path(__file__).resolve().parents[2] / "src" / "holdfast" / "portal"
PORTAL_CSS = Path(__file__).resolve().parents[2] / "portal" / "src" / "kit" / "styles" / "base.css"
LANGUAGES = ("en", "de", "fr", "es")


def catalogue(language: str) -> dict[str, str]:
    """The texts of a language by `section.name`."""
    sections: dict[str, Any] = tomllib.loads((HOME / "languages" / f"{language}.toml").read_text())
    return {f"{name}.{key}": text for name, part in sections.items() for key, text in part.items()}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_the_same(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    for name, text in other.items():
        assert text.strip(), name
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[name])), name


@pytest.mark.parametrize(
    ("accept", "language", "words"),
    [
        ("de-CH,fr;q=0.5", "de", "nicht vollständig"),
        ("fr", "fr", "incomplet"),
        ("pt, es;q=0.3", "es", "no está completo"),
        ("", "en", "not complete"),
    ],
)
async def test_pages_speak_the_readers_language(
    world: World, accept: str, language: str, words: str
) -> None:
    answer = await world.get("/_holdfast/confirm", headers={"accept-language": accept})
    assert words in answer.text
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language


async def test_pages_are_kept_and_framed_by_nobody(world: World) -> None:
    headers = (await world.get("/_holdfast/confirm")).headers
    policy = headers["content-security-policy"].split("; ")
    for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers


async def test_the_style_sheet_comes_from_the_server(world: World) -> None:
    page = (await world.get("/_holdfast/confirm")).text
    found = re.search(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert found
    sheet = await world.get(found[1])
    assert sheet.status_code == 200
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert (await world.get("/_holdfast/assets/secrets.css")).status_code == 404
    assert " style=" not in page
    assert "<script>" not in page


def test_the_colours_are_the_portals() -> None:
    """Whoever comes from a mail into the portal should not think to be somewhere else."""
    ours = re.findall(r"(--[\w-]+: [^;]+);", (HOME / "assets" / "pages.css").read_text())
    portals = re.findall(r"(--[\w-]+: [^;]+);", PORTAL_CSS.read_text())
    assert len(ours) > 30
    assert [colour for colour in ours if colour not in portals] == []
