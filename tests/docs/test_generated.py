"""The pages that are made from the code say what the code says."""

import os
import subprocess
import sys
from pathlib import Path

from holdfast.app import ROUTES
from holdfast.kit.http.routing import EXTRAS

ROOT = Path(__file__).resolve().parents[2]


def test_settings_commands_and_endpoints_are_up_to_date() -> None:
    """House rule 12: what is undocumented does not exist for whoever runs it."""
    command = [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_every_endpoint_says_what_it_is_for() -> None:
    silent = [route.paths[0] for route in ROUTES if not route.handler.__doc__]
    assert silent == []


def test_every_endpoint_of_our_own_is_described() -> None:
    page = (ROOT / "docs" / "extensions.md").read_text()
    for route in ROUTES:
        if route.paths[0].startswith(EXTRAS):
            assert f"\n## {route.spec}\n" in page, route.spec
            name = route.paths[0].removeprefix(f"{EXTRAS}/")
            assert f"`{route.method} {name}`" in page, name
