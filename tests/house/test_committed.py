"""What is committed works anywhere and speaks of the project alone."""

import re
from pathlib import Path

from tests.house.source import ROOT, committed

# Put together here, so that this file does not name them itself.
MACHINE = re.compile(
    "|".join(
        (
            "/" + "work/",
            "/" + "root/",
            "/" + "opt/(?:pypi|wheels)",
            "file:/" + "//",
            "/" + "home/\\w",
        )
    )
)
PACKAGE_SOURCE = re.compile(r"(extra-)?index-url|find-links|registry\s*=\s*\"?https?:")
LOCK_FILES = ("uv.lock", "package-lock.json")
PUBLIC = {"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"}
LOCKED_URL = re.compile(
    r"(?:\burl =|\bregistry =|\"resolved\":) *\"(https?://[^/\"]*|[./][^\"]*|file[^\"]*)"
)
BINARY = {".png", ".jpg", ".webp", ".ico", ".woff2", ".wasm", ".gz", ".br", ".zip"}


def machine_paths(text: str) -> list[str]:
    """Lines that only make sense on one machine."""
    return [line.strip()[:200] for line in text.splitlines() if MACHINE.search(line)]


def package_sources(text: str) -> list[str]:
    """Lines that say where packages come from, which is the machine's business."""
    return [line.strip()[:200] for line in text.splitlines() if PACKAGE_SOURCE.search(line)]


def private_hosts(lock: str) -> set[str]:
    """The hosts in a lock file's addresses that not everybody reaches."""
    at_urls = LOCKED_URL.findall(lock)
    return {at for at in at_urls if at.removeprefix("https://") not in PUBLIC}


def readable() -> list[Path]:
    """The committed files that hold text, but for this one's examples."""
    files = committed()
    return [f for f in files if f.suffix not in BINARY and f != Path(__file__)]


def test_no_path_of_one_machine() -> None:
    """A path of the machine it was written on is broken everywhere else."""
    found = {str(f.relative_to(ROOT)): machine_paths(f.read_text()) for f in readable()}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_packages_come_from_where_the_machine_says() -> None:
    """A host that is fixed in the project shuts out whoever has to use a mirror."""
    files = [f for f in readable() if f.name not in LOCK_FILES]
    found = {str(f.relative_to(ROOT)): package_sources(f.read_text()) for f in files}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_locks_name_public_hosts_only() -> None:
    """A lock file that was made behind a mirror is of no use to anybody else."""
    locks = [f for f in committed() if f.name in LOCK_FILES]
    assert {str(f.relative_to(ROOT)): private_hosts(f.read_text()) for f in locks} == {
        str(f.relative_to(ROOT)): set() for f in locks
    }


def test_what_is_private_is_found() -> None:
    assert machine_paths("see /" + "work/notes\nsee /" + "root/x and docs/work/x\n") == [
        "see /" + "work/notes",
        "see /" + "root/x and docs/work/x",
    ]
    assert len(package_sources('index-url = "x"\nregistry = "https://mirror"\n')) == 2
    lock = 'source = { registry = "https://pypi.org/simple" }\nurl = "https://mirror.local/x.whl"\n'
    assert private_hosts(lock) == {"https://mirror.local"}
    assert private_hosts('"resolved": "http://registry.npmjs.org/x"') == {
        "http://registry.npmjs.org"
    }
    assert private_hosts('source = { registry = "/wheels" }') == {"/wheels"}
