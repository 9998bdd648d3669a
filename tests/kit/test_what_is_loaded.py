"""What the server loads to start: memory and time that everybody pays for."""

import os
import subprocess
import sys
from pathlib import Path

import holdfast


def test_sqlite_needs_no_postgresql_driver() -> None:
    """It would be a sixth of the memory at rest."""
    source = str(Path(holdfast.__file__).parents[1])
    code = "import holdfast.cli, sys; print(sorted({'apsw', 'psycopg'} & sys.modules.keys()))"
    environ = {**os.environ, "PYTHONPATH": source}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['apsw']"
