"""A database with an outbox, a clock that moves when told to, and a mailer on both."""

import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from holdfast.config import SmtpServer
from holdfast.kit.db import Database, Tx, open_database
from holdfast.kit.ids import Randomness, SystemRandomness
from holdfast.kit.mail import Mailer, Sender, Way, kinds
from holdfast.kit.mail.message import read_from
from holdfast.kit.mail.outbox import next_due
from holdfast.kit.mail.seal import Seal, server_key
from holdfast.kit.mail.smtp import Post
from holdfast.kit.mail.templates import Site, Templates
from tests.mail.post_office import PostOffice

START = 1_700_000_000_000
SITE = Site("example.org", "https://matrix.example.org", "admin@example.org")


@dataclass
class SetClock:
    """A clock that stands still."""

    now: int = START

    def now_ms(self) -> int:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += int(seconds * 1000)


@dataclass
class MailKit:
    """A server's mail, without the rest of the server."""

    db: Database
    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    way: Way = Way.SMTP

    def __post_init__(self) -> None:
        self.random: Randomness = SystemRandomness()
        self.restart()

    def restart(self) -> None:
        """Begin again with what is on the disk."""
        seal = Seal(server_key(self.folder, self.random), b"outbox", self.random)
        self.mailer = Mailer(self.way, Templates(SITE), seal, self.clock, self.random)

    def sender(self, office: PostOffice | int) -> Sender:
        """A worker's sender, to a mail server or a port."""
        port = office if isinstance(office, int) else office.port
        server = SmtpServer("127.0.0.1", port, "smtp")
        post = Post(read_from("Holdfast <noreply@example.org>"), server, "example.org")
        return Sender(self.mailer, self.db, post, self.clock, self.random)

    async def queue(self, to: str = "bob@example.com", *, deliver: bool = True) -> str:
        """Queue a mail with a link; return its id."""
        mail = self.mailer.draft(to, "en", confirm())
        await self.db.write(lambda tx: self.mailer.queue(tx, mail, deliver=deliver))
        return mail.id

    async def waiting(self) -> int | None:
        """In how many seconds the next try is due; None when nothing waits."""
        due = await self.db.read(next_due)
        return None if due is None else math.ceil((due - self.clock.now) / 1000)

    async def state(self, mail_id: str) -> tuple[str, str | None, bool]:
        """What became of a mail, the error it had, and whether it can still be read."""

        def look(tx: Tx) -> tuple[str, str | None, bool]:
            row = tx.one(
                lambda *values: values,
                "SELECT sent_at, given_up_at, last_error, sealed FROM outbox WHERE id = :id",
                id=mail_id,
            )
            if row is None:
                return "gone", None, False
            sent_at, given_up_at, error, sealed = row
            state = "sent" if sent_at else "given up" if given_up_at else "waits"
            return state, error, sealed is not None

        return await self.db.read(look)


def confirm(link: str = "https://matrix.example.org/_holdfast/confirm/abc") -> kinds.AddressConfirm:
    return kinds.AddressConfirm(link=link, minutes=60)


def first_url(text: str) -> str:
    """The link that a script following a mail would take."""
    found = re.search(r"https?://\S+", text)
    assert found is not None
    return found[0]


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    await database.start(lambda _names: None)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


@pytest.fixture
def mail(db: Database, tmp_path: Path) -> MailKit:
    return MailKit(db, tmp_path)
