"""What a server under test stands in: a clock that can be turned, and a mail server."""

import re
import socket
from collections import defaultdict
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


class TurnableClock:
    """A clock that stands still until a test turns it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def now_ms(self) -> int:
        return self.now

    def turn(self, *, ms: int = 0, minutes: float = 0, days: float = 0) -> None:
        self.now += int(ms + minutes * MINUTE + days * DAY)


def free_port() -> int:
    """A TCP port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class MailServer:
    """A real SMTP server on a port of its own, for all tests of a session."""

    def __init__(self) -> None:
        self.inboxes: defaultdict[str, list[EmailMessage]] = defaultdict(list)
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name for it
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        for recipient in envelope.rcpt_tos:
            self.inboxes[recipient].append(message)
        return "250 OK"


@dataclass
class Letter:
    """A mail as its reader sees it."""

    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def link(self) -> str:
        """The first link of the text part: the one people and scripts follow."""
        found = re.search(r"https?://[^\s>]+", self.text)
        assert found, f"no link in:\n{self.text}"
        return found[0]
