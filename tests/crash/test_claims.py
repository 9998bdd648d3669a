"""A process that dies while it hands a key out: the key was handed out, or is still there."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.crash.test_crash import MOST_STATEMENTS, Copy, Victims, in_world
from tests.device_keys.devices import SIGNED, Device, claim
from tests.fixtures.postgres import PostgresServer, fast_folder
from tests.fixtures.worlds import migrated
from tests.world import MailServer, Person, World, environment


class Prepared:
    """A database with a device that has two one-time keys, or just a fallback key, to copy."""

    def __init__(self, one_time_keys: int) -> None:
        self.one_time_keys = one_time_keys
        self.copy: Copy
        self.device: Device
        self.bob: Person
        self.keys: list[str] = []

    async def furnish(self, world: World) -> None:
        self.device = Device(await world.register("alice"))
        self.bob = await world.register("bob")
        self.keys = list(await self.device.publish(self.one_time_keys, fallback=True))

    async def left(self, world: World) -> tuple[list[str], bool]:
        """The one-time keys that can still be claimed, and whether the fallback key is unused."""
        sql = "SELECT count(*) FROM fallback_keys WHERE used IS NULL"
        unused = await world.server.context.db.read(lambda tx: tx.value(sql)) == 1
        bob = Person(world, self.bob.user_id, "", self.bob.token, "")
        found: list[str] = []
        while True:
            ((name, key),) = (await claim(bob, self.device)).items()
            if key.get("fallback"):
                return found, unused
            found.append(name)

    def claiming(self) -> dict[str, Any]:
        wanted = {self.device.user_id: {self.device.device_id: SIGNED}}
        return {
            "url": "/_matrix/client/v3/keys/claim",
            "json": {"one_time_keys": wanted},
            "headers": {"authorization": f"Bearer {self.bob.token}"},
        }


@pytest.fixture(params=[2, 0], ids=["a one-time key", "the fallback key"])
def prepared(
    database_kind: str, tmp_path: Path, mail_server: MailServer, request: pytest.FixtureRequest
) -> Prepared:
    """The database to copy, on either engine."""
    made = Prepared(request.param)

    def fill(url: str) -> None:
        migrated(url)
        asyncio.run(in_world(url, tmp_path, mail_server, made.furnish))

    @contextmanager
    def of_file() -> Iterator[str]:
        with TemporaryDirectory(dir=fast_folder()) as folder:
            shutil.copy(tmp_path / "full.db", folder)
            yield f"sqlite:///{folder}/full.db"

    if database_kind == "sqlite":
        fill(f"sqlite:///{tmp_path}/full.db")
        made.copy = of_file
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.copy = server.copies_of(fill)
    return made


def test_handed_out_or_still_there(
    prepared: Prepared, tmp_path: Path, mail_server: MailServer
) -> None:
    old = (prepared.keys, True)
    new = (prepared.keys[1:], prepared.one_time_keys > 0)
    victims, found = Victims(tmp_path), []
    for stop_at in count(1):
        with prepared.copy() as url:
            environ = environment(tmp_path, url, mail_server)
            answered = asyncio.run(victims.ask(environ, stop_at, **prepared.claiming()))
            found.append(asyncio.run(in_world(url, tmp_path, mail_server, prepared.left)))
        assert found[-1] in (old, new), f"stopped at statement {stop_at}"
        if answered:
            break
        assert stop_at < MOST_STATEMENTS
    victims.close()
    assert found[-1] == new, "what was answered has happened"
    assert found.count(old) > 2, "there must have been something to interrupt"
