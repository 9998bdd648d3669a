"""What the crash tests need: servers that die, and databases to let them die on."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest

from tests.crash.victims import Scene, Victims, in_world
from tests.fixtures.postgres import PostgresServer, fast_folder
from tests.fixtures.worlds import migrated
from tests.world import MailServer, World

SetScene: TypeAlias = Callable[[Callable[[World], Awaitable[Any]]], Scene[Any]]


@pytest.fixture
def set_scene(
    database_kind: str, tmp_path: Path, mail_server: MailServer, request: pytest.FixtureRequest
) -> SetScene:
    """Makes a scene out of what furnishes it, on either engine."""

    def made(furnish: Callable[[World], Awaitable[Any]]) -> Scene[Any]:
        cast: list[Any] = []

        def fill(url: str) -> None:
            migrated(url)
            mail_server.inboxes.clear()
            cast.append(asyncio.run(in_world(url, tmp_path, mail_server, furnish)))

        @contextmanager
        def of_file() -> Iterator[str]:
            with TemporaryDirectory(dir=fast_folder()) as folder:
                shutil.copy(tmp_path / "full.db", folder)
                yield f"sqlite:///{folder}/full.db"

        if database_kind == "sqlite":
            fill(f"sqlite:///{tmp_path}/full.db")
            return Scene(of_file, cast[0], tmp_path, mail_server)
        server: PostgresServer = request.getfixturevalue("postgres_server")
        copies = server.copies_of(fill)
        return Scene(copies, cast[0], tmp_path, mail_server)

    return made


@pytest.fixture
def victims(tmp_path: Path) -> Iterator[Victims]:
    """Where servers that die come from."""
    made = Victims(tmp_path)
    yield made
    made.close()
