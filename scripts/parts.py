"""The parts that `scripts/test` is made of, and the summary at its end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain import (
    ROOT,
    CommandFailed,
    Toolchain,
    Unavailable,
    in_ci,
    interpreters,
    run,
    say,
    version_of,
)

NO_TESTS = 5  # pytest's exit status when it found nothing to run


@dataclass(frozen=True)
class Request:
    """What was asked for: the tools at hand, and arguments that go to pytest as they are."""

    tools: Toolchain
    pytest: Sequence[str]


@dataclass(frozen=True)
class Part:
    """One thing that can pass, fail, or be skipped by name."""

    name: str
    shows: str
    do: Callable[[Request], None]
    quick: bool = False
    may_be_absent: bool = False
    """Whether leaving it out is no failure even with CI=true."""


@dataclass(frozen=True)
class Outcome:
    """How a part ended, and what there is to say about it."""

    name: str
    result: str
    seconds: float
    remark: str = ""


def _lock(request: Request) -> None:
    run([request.tools.uv, "lock", "--check", "--quiet"])


def _module(*command: str) -> Callable[[Request], None]:
    def do(request: Request) -> None:
        run([str(request.tools.python), "-m", *command])

    return do


def _portal(*npm: str) -> Callable[[Request], None]:
    def do(request: Request) -> None:
        run([str(request.tools.python), "build_portal.py", *npm])

    return do


def _pytest(
    python: Path, arguments: Sequence[str], *places: str, environment: dict[str, str] | None = None
) -> None:
    named = any((ROOT / argument.split("::")[0]).exists() for argument in arguments)
    try:
        run([str(python), "-m", "pytest", *([] if named else places), *arguments], environment)
    except CommandFailed as failure:
        if failure.status == NO_TESTS:
            say("There was no test to run, which counts as a failure.")
        raise


def _python(request: Request) -> None:
    has_postgres = request.tools.get_postgres()
    _pytest(request.tools.python, request.pytest, "tests", "--ignore=tests/browser")
    if not has_postgres:
        raise Unavailable("passed on SQLite, but no PostgreSQL is here and none could be installed")


# What these show is the same on every Python, or takes long for the little that could differ.
_NOT_ABOUT_THE_PYTHON = ("attacks", "browser", "clients", "crash", "docs", "ground", "house")


def _python_newest(request: Request) -> None:
    found = interpreters()
    newest = max(found)
    if newest == version_of(str(request.tools.python)):
        raise Unavailable("it is the Python that the part above has run on already")
    say(f"Python {newest[0]}.{newest[1]}, on SQLite only")
    groups = ("--no-default-groups", "--group", "test", "--group", "portal")
    python = request.tools.sync_beside(found[newest], *groups)
    arguments = ["--database=sqlite", *request.pytest]
    left_out = [f"--ignore=tests/{folder}" for folder in _NOT_ABOUT_THE_PYTHON]
    _pytest(python, arguments, "tests", *left_out)


def _browser(request: Request) -> None:
    _portal()(request)
    request.tools.need_chromium()
    _pytest(
        request.tools.python,
        request.pytest,
        "tests/browser",
        "--ignore=tests/browser/test_synapse.py",
    )


def _synapse(request: Request) -> None:
    _portal()(request)
    request.tools.need_chromium()
    environment = {"SYNAPSE_PYTHON": str(request.tools.get_synapse())}
    place = "tests/browser/test_synapse.py"
    _pytest(request.tools.python, request.pytest, place, environment=environment)


PARTS = (
    Part(
        "format",
        "ruff: the code is laid out in one way",
        _module("ruff", "format", "--check", "--quiet"),
        quick=True,
    ),
    Part("lock", "uv.lock fits pyproject.toml", _lock, quick=True),
    Part("lint", "ruff: no known mistakes", _module("ruff", "check", "--quiet"), quick=True),
    Part("types", "mypy, strict", _module("mypy", "--no-error-summary"), quick=True),
    Part(
        "portal-check",
        "Biome and TypeScript's compiler, strict",
        _portal("run", "check"),
        quick=True,
    ),
    Part("portal-tests", "the portal's own tests", _portal("run", "test")),
    Part("portal-build", "the portal as it is packaged", _portal()),
    Part(
        "python", "the house rules, and the server through HTTP on SQLite and PostgreSQL", _python
    ),
    Part(
        "python-newest",
        "the same on the newest Python of this machine, where it has more than one",
        _python_newest,
        may_be_absent=True,  # a machine with one Python has tested all it can
    ),
    Part("browser", "the built portal in Chromium", _browser),
    Part(
        "synapse",
        "the built portal with accounts on Synapse",
        _synapse,
        may_be_absent=True,  # it needs a package from elsewhere, of a hundred megabytes
    ),
)


def perform(parts: Sequence[Part], request: Request) -> int:
    """Run the parts one after the other, print the summary, return the exit status."""
    outcomes = [_perform(part, request) for part in parts]
    say("\nSummary")
    for outcome in outcomes:
        remark = f"  ({outcome.remark})" if outcome.remark else ""
        say(f"  {outcome.result:8}{outcome.name:15}{outcome.seconds:7.1f} s{remark}")
    count = dict.fromkeys(("passed", "failed", "skipped"), 0)
    for outcome in outcomes:
        count[outcome.result] += 1
    say("Parts: " + ", ".join(f"{number} {result}" for result, number in count.items()))
    return 1 if count["failed"] else 0


def _perform(part: Part, request: Request) -> Outcome:
    say(f"\n== {part.name}: {part.shows}")
    start = time.monotonic()
    result, remark = "passed", ""
    try:
        part.do(request)
    except Unavailable as lack:
        result, remark = "skipped", str(lack)
        if in_ci() and not part.may_be_absent:
            result = "failed"
    except CommandFailed as failure:
        result, remark = "failed", str(failure)
    say(f"-- {part.name} {result}" + (f": {remark}" if remark else ""))
    return Outcome(part.name, result, time.monotonic() - start, remark)
