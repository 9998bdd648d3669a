"""What is here works and is really tested; every exception says why it is one."""

import re
from pathlib import Path

from tests.house.source import ROOT, committed, python_files

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b|\bmock(s|ed)?\b|MagicMock")
NO_REASON = (
    # A code alone says which rule is broken, not why.
    re.compile(r"#\s*type:\s*ignore(\[[\w, -]+\])?\s*$"),
    re.compile(r"#\s*type:\s*ignore(?!\[)"),
    re.compile(r"#\s*noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?\s*$"),
    re.compile(r"#\s*noqa(?!:)"),
    re.compile(r"biome-ignore\s+[\w/-]+\s*:?\s*(\*/)?\s*\}?\s*$"),
    re.compile(r"@ts-(ignore|nocheck)|@ts-expect-error\s*$"),
    re.compile(r"mark\.(skip|xfail)\b(?!\()|mark\.(skip|xfail|sqlite_only|postgres_only)\(\)"),
    re.compile(r"mark\.(sqlite_only|postgres_only)\b(?!\()"),
    re.compile(r"pytest\.(skip|xfail)\(\s*\)|\b(it|test|describe)\.(skip|todo|only)\b"),
)
OF_ITSELF = Path(__file__)


def unfinished(text: str) -> list[str]:
    """Lines that promise, or pretend."""
    return [line.strip() for line in text.splitlines() if UNFINISHED.search(line)]


def unexplained(text: str) -> list[str]:
    """Lines that switch off a check or a test without saying why."""
    lines = text.splitlines()
    return [line.strip() for line in lines if any(each.search(line) for each in NO_REASON)]


def source_files() -> list[Path]:
    """All that people write in this project's languages, but for this file and its examples."""
    scripts = committed("portal/src", "portal/tests", "portal/*.ts", "scripts", ".ci")
    return [file for file in {*python_files(), *scripts} if file != OF_ITSELF]


def test_nothing_is_unfinished() -> None:
    """A note to do it later is a defect that nobody has filed; a mock is a test of nothing."""
    found = {str(f.relative_to(ROOT)): unfinished(_text(f)) for f in source_files()}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_exceptions_say_why() -> None:
    """Whoever meets a switched-off check must be able to tell whether its reason still holds."""
    found = {str(f.relative_to(ROOT)): unexplained(_text(f)) for f in source_files()}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_unfinished_lines_are_found() -> None:
    assert len(unfinished("# TODO: later\nfrom unittest import mock\nm = MagicMock()\n")) == 3
    assert unfinished("hammock = 1\n") == []


def test_unexplained_exceptions_are_found() -> None:
    bad = [
        "x = y  # type: ignore",
        "x = y  # type: ignore[arg-type]",
        "x = y  # noqa",
        "x = y  # noqa: S105",
        "@pytest.mark.skip",
        "@pytest.mark.sqlite_only",
        "pytest.skip()",
        "// @ts-ignore",
        "// biome-ignore lint/a11y/x",
        "it.skip('x', () => {})",
    ]
    good = [
        "x = y  # type: ignore[arg-type]  # the stub is out of date",
        "x = y  # noqa: S105 - a name, no secret",
        '@pytest.mark.sqlite_only("one file, one process")',
        'pytest.skip("no PostgreSQL here")',
        "// biome-ignore lint/a11y/x: the label is in the row above",
    ]
    assert unexplained("\n".join(bad)) == bad
    assert unexplained("\n".join(good)) == []


def _text(file: Path) -> str:
    return file.read_text(errors="ignore")
