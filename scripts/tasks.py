"""The tasks behind scripts/run, test, check, docs, pictures, bench and validate."""

import argparse
import os
import sys
from collections.abc import Sequence

from parts import PARTS, Part, Request, perform
from toolchain import ROOT, CommandFailed, Toolchain, Unavailable, run, say


def start_server(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Install what the server needs, build the portal, and become `holdfast serve`."""
    tools.sync("--no-default-groups", "--group", "portal")
    run([str(tools.python), "build_portal.py"])
    holdfast = tools.venv / "bin" / "holdfast"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # see toolchain.clean_environment
    os.execv(holdfast, [str(holdfast), "serve", *arguments])


def test(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Install what the checks need and run all of them, or those that are named."""
    request, parts = _parse_test(tools, arguments)
    return _perform(tools, request, parts)


def check(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Run the quick checks only."""
    if arguments:
        sys.exit("scripts/check takes no arguments; scripts/test --only PART does.")
    return _perform(tools, Request(tools, ()), [part for part in PARTS if part.quick])


def bench(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Install what the measurements need and take them; see `scripts/bench --help`."""
    tools.sync()
    os.chdir(ROOT)
    os.execv(tools.python, [str(tools.python), "-m", "bench", *arguments])


def validate(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Hold a server's answers against the specification; see `scripts/validate --help`."""
    tools.sync("--group", "validate")
    os.chdir(ROOT)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "scripts")])
    os.execv(tools.python, [str(tools.python), "-m", "validation", *arguments])


def write_docs(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Write the pages that are made from the code, or with --check only name the stale ones."""
    tools.sync()
    run([str(tools.python), "scripts/reference.py", *arguments])
    return 0


def take_pictures(tools: Toolchain, arguments: Sequence[str]) -> int:
    """Take the pictures of the README anew, in Chromium."""
    if arguments:
        sys.exit("scripts/pictures takes no arguments.")
    tools.sync()
    tools.need_chromium()
    run([str(tools.python), "build_portal.py"])
    run([str(tools.python), "-m", "tests.browser.pictures"])
    return 0


def _perform(tools: Toolchain, request: Request, parts: Sequence[Part]) -> int:
    say("Installing what the checks need into .venv")
    tools.sync()
    return perform(parts, request)


def _parse_test(tools: Toolchain, arguments: Sequence[str]) -> tuple[Request, Sequence[Part]]:
    own, for_pytest = _split(arguments)
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Check everything: " + ", ".join(names) + ".",
        epilog="Arguments after -- go to pytest; without --only they then run the part `python`.",
    )
    parser.add_argument("--only", action="append", choices=names, metavar="PART")
    chosen = parser.parse_args(own).only or (["python"] if for_pytest else names)
    return Request(tools, for_pytest), [part for part in PARTS if part.name in chosen]


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    if "--" not in arguments:
        return arguments, ()
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def main() -> int:
    """Perform the task that the first argument names."""
    tasks = {
        "run": start_server,
        "test": test,
        "check": check,
        "docs": write_docs,
        "pictures": take_pictures,
        "bench": bench,
        "validate": validate,
    }
    task = tasks[sys.argv[1]]
    try:
        return task(Toolchain(), sys.argv[2:])
    except (Unavailable, CommandFailed) as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
