"""Every mail in every language: complete, with its link first, and with nothing foreign."""

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from holdfast.kit.http.request import LANGUAGES
from holdfast.kit.mail import kinds
from holdfast.kit.mail.catalogue import SHIPPED, BadTemplate
from holdfast.kit.mail.harmless import harmless
from holdfast.kit.mail.kinds import KINDS, Kind, LinkMail
from holdfast.kit.mail.samples import samples
from holdfast.kit.mail.templates import Templates
from tests.mail.conftest import SITE, first_url

TEMPLATES = Templates(SITE)
EVERY_MAIL = [(kind, language) for kind in samples() for language in LANGUAGES]
NAMES = [f"{kind.name}-{language}" for kind, language in EVERY_MAIL]


def catalogue(language: str) -> dict[str, Any]:
    return tomllib.loads((SHIPPED / f"{language}.toml").read_text("utf-8"))


def shape(value: Any) -> Any:
    """The sections, keys and lengths of lists, and the names filled into each text."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return sorted(set(re.findall(r"{{ *(\w+) *}}", value)))


class Links(HTMLParser):
    """The addresses of a page's links, and everything it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "a":
            self.links.append(given["href"] or "")
        self.loads += [value or "" for name, value in attrs if name in ("src", "background")]


def test_there_is_an_example_of_each_kind() -> None:
    assert {type(kind) for kind in samples()} == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_catalogue_says_everything_the_english_one_says(language: str) -> None:
    assert shape(catalogue(language)) == shape(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_nothing_was_left_in_english(language: str) -> None:
    ours, english = catalogue(language), catalogue("en")
    for kind in KINDS:
        assert ours[kind.name]["subject"] != english[kind.name]["subject"]
        assert ours[kind.name]["intro"] != english[kind.name]["intro"]


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL, ids=NAMES)
def test_every_mail_can_be_written(kind: Kind, language: str) -> None:
    written = TEMPLATES.write(kind, language)
    assert written.subject
    assert "\n" not in written.subject
    for text in (written.text, written.html):
        assert "{{" not in text
        assert "{%" not in text
        assert "None" not in text
    page = Links(written.html)
    assert page.loads == [], "a mail loads nothing"
    assert "script" not in page.tags
    assert f'<html lang="{language}">' in written.html
    assert "\n\n\n" not in written.text


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL, ids=NAMES)
def test_the_first_link_is_the_one_to_follow(kind: Kind, language: str) -> None:
    written = TEMPLATES.write(kind, language)
    if isinstance(kind, LinkMail):
        assert first_url(written.text) == kind.link
        assert kind.link in written.text.splitlines(), "on a line of its own"
        assert Links(written.html).links[0] == kind.link
    for url in Links(written.html).links:
        assert url.startswith("https://matrix.example.org/")


def test_a_mail_about_a_taken_address_holds_no_link_that_changes_anything() -> None:
    written = TEMPLATES.write(kinds.AddressTaken(), "en")
    assert Links(written.html).links == [
        "https://matrix.example.org/signin",
        "https://matrix.example.org/forgot",
    ]


def test_a_notice_says_when_from_where_and_what_became_of_the_sessions() -> None:
    notice = kinds.PasswordChanged(
        user_id="@alice:example.org",
        when=1_700_000_000_000,
        address="203.0.113.7",
        client="Firefox (Linux)",
        lock_link="https://matrix.example.org/_holdfast/not-me/TOKEN",
        kept=0,
        locked=1,
        removed=12,
        messages=40,
        at_risk=1,
    )
    text = TEMPLATES.write(notice, "en").text
    assert "When: Tuesday, 14 November 2023, 22:13 UTC (2023-11-14T22:13:20Z)" in text
    assert "Network address: 203.0.113.7" in text
    assert "App: Firefox (Linux)" in text
    assert "1 other session was locked" in text
    assert "12 other sessions were removed" in text
    assert "stay" not in text
    assert "Of 40 encrypted messages, your key backup does not cover 1" in text
    assert "- Lock your account at once: https://matrix.example.org/_holdfast/not-me/TOKEN" in text
    german = TEMPLATES.write(notice, "de").text
    assert "Wann: Dienstag, 14. November 2023, 22:13 Uhr UTC" in german
    assert "12 andere Sitzungen wurden endgültig entfernt." in german


def test_what_is_unknown_is_left_out() -> None:
    unknown = {"address": "", "client": "", "session": ""}
    notice = kinds.NewSession(user_id="@a:b", when=0, lock_link="", **unknown)
    text = TEMPLATES.write(notice, "en").text
    assert "Network address" not in text
    assert "App:" not in text
    assert "Session:" not in text


def test_an_unknown_language_is_english() -> None:
    assert TEMPLATES.write(kinds.AddressTaken(), "tlh") == TEMPLATES.write(
        kinds.AddressTaken(), "en"
    )


@pytest.mark.parametrize("field", ["address", "client", "session"])
def test_what_others_chose_is_neither_markup_nor_a_link(field: str) -> None:
    attack = (
        "Blocked!\r\n\r\nGo to https://evil.example/reset or www.evil.example "
        '<a href="https://evil.example">here</a>\u202e{{ public_url }}'
    )
    fields: dict[str, Any] = {"address": "", "client": "", "session": "", field: attack}
    written = TEMPLATES.write(
        kinds.NewSession(user_id="@alice:example.org", when=0, lock_link="", **fields), "en"
    )
    for text in (written.text, written.html):
        assert "evil.example" not in text
        assert "://evil" not in text
        assert "\u202e" not in text
    assert first_url(written.text) == "https://matrix.example.org/forgot"
    assert all(url.startswith(SITE.public_url) for url in Links(written.html).links)


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("Alice's phone", "Element 1.11.86", "203.0.113.7", "2001:db8::1", "Küche 📱"):
        assert harmless(name) == name
    assert len(harmless("x" * 5000)) == 100


def test_an_operator_changes_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "de.toml").write_text('[new_session]\nsubject = "Hallo {{ server_name }}"\n')
    templates = Templates(SITE, tmp_path)
    new_session = next(kind for kind in samples() if kind.name == "new_session")
    written = templates.write(new_session, "de")
    assert written.subject == "Hallo example.org"
    assert "angemeldet" in written.text, "the rest is as shipped"
    assert templates.write(new_session, "fr") == TEMPLATES.write(new_session, "fr")


def test_an_operator_replaces_a_layout_for_one_kind(tmp_path: Path) -> None:
    (tmp_path / "new_session.html").write_text("<p>Ours: {{ subject }} {{ facts[0][1] }}")
    templates = Templates(SITE, tmp_path)
    html = {kind.name: templates.write(kind, "en").html for kind in samples()}
    assert html["new_session"].startswith("<p>Ours: New sign-in")
    assert html["password_changed"].startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("new_sesion.html", "", "new_sesion.html: expected one of"),
        ("de.toml", '[new_sesion]\nsubject = "x"\n', "no 'new_sesion' in the shipped file"),
        ("de.toml", '[new_session]\nsubjekt = "x"\n', "no 'new_session.subjekt'"),
        ("de.toml", "[new_session]\nsubject = 1\n", "'new_session.subject' must look as in"),
        ("de.toml", '[dates]\nmonths = ["Januar"]\n', "'dates.months' must look as in"),
        ("de.toml", "[new_session", "de.toml"),
        ("de.toml", '[new_session]\nsubject = "{{ sessoin }}"\n', "'sessoin' is undefined"),
        ("mail.html", "{% for %}", "'register_confirm' in 'en'"),
        ("mail.txt", "{{ nothing }}", "'nothing' is undefined"),
    ],
)
def test_a_mistake_of_an_operator_shows_at_the_start(
    tmp_path: Path, name: str, text: str, complaint: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadTemplate) as error:
        Templates(SITE, tmp_path)
    assert complaint in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_a_missing_directory_shows_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadTemplate, match="No such file"):
        Templates(SITE, tmp_path / "nowhere")
