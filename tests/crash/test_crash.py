"""A process that dies in the middle of a new account password leaves the old world or the new one.

A real server is stopped, as by a power cut, at the first statement of the request, at the second,
and so on until the request is answered. Each time another server starts on what is left.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from tests.fixtures.postgres import PostgresServer, fast_folder
from tests.fixtures.worlds import migrated
from tests.world import (
    EXTRAS,
    PASSWORD,
    MailServer,
    Person,
    World,
    build_world,
    environment,
    settings_for,
)

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"
MOST_STATEMENTS = 60
Copy = Callable[[], AbstractContextManager[str]]


@dataclass
class Prepared:
    """A database in which everything is there that a new password must change, ready to copy."""

    copy: Copy
    alice: Person
    phone: Person
    reset_token: str
    login_token: str


@dataclass(frozen=True)
class State:
    """All that a new account password changes."""

    old_password_works: bool
    new_password_works: bool
    sessions: tuple[str, str]
    pushers: int
    link: int
    login_token_works: bool
    mails: int


async def furnish(world: World) -> tuple[Person, Person, str, str]:
    """Alice with a phone that gets pushes, an open reset link and an open login token."""
    alice = await world.register("alice", email=MAIL)
    phone = await alice.another_session(device_id="PHONE")
    pusher = {
        "app_id": "app",
        "pushkey": "key",
        "kind": "http",
        "app_display_name": "App",
        "device_display_name": "Phone",
        "lang": "en",
        "data": {"url": "https://push.example/_matrix/push/v1/notify"},
    }
    assert (await phone.post("pushers/set", pusher)).status_code == 200
    number = len(await world.letters(MAIL)) + 1
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    token = (await world.letter(MAIL, number=number)).link.split("#")[1]
    return alice, phone, token, await alice.login_token()


@pytest.fixture
def prepared(
    database_kind: str, tmp_path: Path, mail_server: MailServer, request: pytest.FixtureRequest
) -> Prepared:
    """The database to copy, on either engine."""
    made: list[tuple[Person, Person, str, str]] = []

    def fill(url: str) -> None:
        migrated(url)
        mail_server.inboxes.clear()
        made.append(asyncio.run(in_world(url, tmp_path, mail_server, furnish)))

    @contextmanager
    def of_file() -> Iterator[str]:
        with TemporaryDirectory(dir=fast_folder()) as folder:
            shutil.copy(tmp_path / "full.db", folder)
            yield f"sqlite:///{folder}/full.db"

    if database_kind == "sqlite":
        fill(f"sqlite:///{tmp_path}/full.db")
        return Prepared(of_file, *made[0])
    server: PostgresServer = request.getfixturevalue("postgres_server")
    copies = server.copies_of(fill)
    return Prepared(copies, *made[0])


async def in_world(url: str, data_dir: Path, mail: MailServer, act: Callable[[World], Any]) -> Any:
    """What `act` returns in a world on the database at `url`."""
    world = build_world(settings_for(data_dir, url, mail), mail)
    await world.server.start()
    try:
        return await act(world)
    finally:
        await world.http.aclose()
        await world.server.stop()


class Victims:
    """The process that starts servers, and the one it is running."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "socket"
        self._armed = folder / "armed"
        self._starter = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("victim.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def close(self) -> None:
        with self._starter:
            assert self._starter.stdin is not None
            self._starter.stdin.close()

    async def ask(self, environ: dict[str, str], stop_at: int, **request: Any) -> bool:
        """Make a request of a server that dies at a statement of it; True when it answered."""
        self._armed.unlink(missing_ok=True)
        self._socket.unlink(missing_ok=True)
        order = {
            "environ": json.dumps(environ),
            "socket": str(self._socket),
            "armed": str(self._armed),
            "stop_at": str(stop_at),
        }
        pid = int(self._say(json.dumps(order)))
        transport = httpx.AsyncHTTPTransport(uds=str(self._socket))
        async with httpx.AsyncClient(transport=transport, base_url="http://victim") as http:
            await self._wait_for(http)
            self._armed.touch()
            try:
                answer = await http.post(**request)
            except httpx.TransportError:
                answered = False
            else:
                assert answer.status_code == 200, answer.text
                answered = True
                os.kill(pid, signal.SIGKILL)
        assert self._hear() == "gone"
        return answered

    async def _wait_for(self, http: httpx.AsyncClient) -> None:
        for _ in range(1000):
            try:
                if (await http.get("/_holdfast/health")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.01)
        raise AssertionError("the server did not start")

    def _say(self, line: str) -> str:
        assert self._starter.stdin is not None
        self._starter.stdin.write(line + "\n")
        self._starter.stdin.flush()
        return self._hear()

    def _hear(self) -> str:
        assert self._starter.stdout is not None
        return self._starter.stdout.readline().strip()


@pytest.fixture
def victims(tmp_path: Path) -> Iterator[Victims]:
    """Where servers that die come from."""
    made = Victims(tmp_path)
    yield made
    made.close()


def look(prepared: Prepared) -> Callable[[World], Any]:
    """What the world is like, seen through the API (and the outbox, which no API shows)."""

    async def seen(world: World) -> State:
        count_mails = "SELECT count(*) FROM outbox"
        mails = await world.server.context.db.read(lambda tx: tx.value(count_mails))
        sessions = [await state_of(world, person) for person in (prepared.alice, prepared.phone)]
        token = {"token": prepared.reset_token}
        opened = await world.post(f"{EXTRAS}/password_reset/open", token)
        pushers = "SELECT count(*) FROM pushers"
        by_token = {"type": "m.login.token", "token": prepared.login_token}
        return State(
            old_password_works=(await world.login("alice", PASSWORD)).status_code == 200,
            new_password_works=(await world.login("alice", NEW)).status_code == 200,
            sessions=(sessions[0], sessions[1]),
            pushers=await world.server.context.db.read(lambda tx: tx.value(pushers)),
            link=opened.status_code,
            login_token_works=(await world.post("login", by_token)).status_code == 200,
            mails=mails,
        )

    return seen


async def state_of(world: World, person: Person) -> str:
    answer = await world.get("account/whoami", token=person.token)
    if answer.status_code == 200:
        return "signed in"
    return "locked" if answer.json()["soft_logout"] else "gone"


def change(prepared: Prepared) -> dict[str, Any]:
    """A signed-in change of the account password."""
    return {
        "url": "/_matrix/client/v3/account/password",
        "json": {"auth": prepared.alice.auth(), "new_password": NEW},
        "headers": {"authorization": f"Bearer {prepared.alice.token}"},
    }


def reset(prepared: Prepared) -> dict[str, Any]:
    """A forgotten one, replaced through the mailed link."""
    return {
        "url": f"{EXTRAS}/password_reset/complete",
        "json": {"token": prepared.reset_token, "new_password": NEW},
    }


@pytest.mark.parametrize("request_of", [change, reset])
def test_old_world_or_new(
    request_of: Callable[[Prepared], dict[str, Any]],
    prepared: Prepared,
    victims: Victims,
    tmp_path: Path,
    mail_server: MailServer,
) -> None:
    own = "signed in" if request_of is change else "locked"
    with prepared.copy() as url:
        old: State = asyncio.run(in_world(url, tmp_path, mail_server, look(prepared)))
    assert old.old_password_works
    assert not old.new_password_works
    assert (old.pushers, old.link, old.login_token_works) == (1, 200, True)
    new = State(False, True, (own, "locked"), 0, 404, False, old.mails + 1)
    found = []
    for stop_at in count(1):
        with prepared.copy() as url:
            environ = environment(tmp_path, url, mail_server)
            answered = asyncio.run(victims.ask(environ, stop_at, **request_of(prepared)))
            found.append(asyncio.run(in_world(url, tmp_path, mail_server, look(prepared))))
        assert found[-1] in (old, new), f"stopped at statement {stop_at}"
        if answered:
            break
        assert stop_at < MOST_STATEMENTS
    assert found[-1] == new, "what was answered has happened"
    assert found.count(old) > 8, "there must have been something to interrupt"
