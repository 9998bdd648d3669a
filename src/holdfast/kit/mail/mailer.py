"""What rules use to write to people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from holdfast.kit import ids
from holdfast.kit.clock import Clock
from holdfast.kit.db import Tx
from holdfast.kit.ids import Randomness
from holdfast.kit.mail import outbox
from holdfast.kit.mail.kinds import Kind, LinkMail
from holdfast.kit.mail.message import Mail
from holdfast.kit.mail.outbox import Contents, Draft
from holdfast.kit.mail.seal import Seal, Unreadable
from holdfast.kit.mail.templates import Templates

KEPT_MAILS = 200


class Way(Enum):
    """What becomes of mails."""

    SMTP = "smtp"
    """They are sent through a mail server."""
    MAILBOX = "mailbox"
    """The development mailbox shows them; nothing leaves this machine."""
    NONE = "none"
    """No mail server is set up, so none is written."""


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail of the development mailbox. `created_at` is in milliseconds."""

    id: str
    created_at: int
    to: str
    subject: str
    text: str
    html: str


class Mailer:
    """Queues mails in the transaction that causes them, and writes them when they are sent."""

    def __init__(
        self, way: Way, templates: Templates, seal: Seal, clock: Clock, random: Randomness
    ) -> None:
        self.way = way
        self.seal = seal
        self._templates = templates
        self._clock = clock
        self._random = random
        self._wake: Callable[[], None] = _nobody_to_wake

    @property
    def works(self) -> bool:
        """Whether mails reach anybody: flows that need one are only offered when they do."""
        return self.way is not Way.NONE

    def draft(self, to: str, language: str, kind: Kind) -> Draft:
        """A mail of this kind. One with a link is not sent after the link has died."""
        return self.drafts([to], language, kind)[0]

    def drafts(self, to: Sequence[str], language: str, kind: Kind) -> list[Draft]:
        """The same mail to each of several addresses."""
        expires_at = None
        if isinstance(kind, LinkMail):
            expires_at = self._clock.now_ms() + kind.minutes * 60_000
        return [
            Draft(ids.short_id(self._random), address, language, kind, expires_at) for address in to
        ]

    def queue(self, tx: Tx, draft: Draft, *, deliver: bool = True) -> None:
        """Have a mail written and sent once `tx` is committed.

        With `deliver` False the same is stored, and then silently dropped: an answer about an
        unknown address takes the same work as one about a known address.
        """
        self.queue_many(tx, [draft], deliver=deliver)

    def queue_many(self, tx: Tx, drafts: Sequence[Draft], *, deliver: bool = True) -> None:
        """The same for several; one statement however many they are.

        Only what a mail tells is stored. Its sentences are put together when it is sent: that
        takes longer than everything else a small transaction does, and others wait to write.
        """
        if self.works and drafts:
            outbox.insert(tx, self.seal, drafts, deliver=deliver, now=self._clock.now_ms())
            tx.after_commit(self._wake_sender)

    def write(self, mail_id: str, contents: Contents) -> Mail:
        """Put a queued mail into words."""
        written = self._templates.write(contents.kind, contents.language)
        return Mail(mail_id, contents.to, written.subject, written.text, written.html)

    def _wake_sender(self) -> None:
        self._wake()

    def wake_with(self, wake: Callable[[], None]) -> None:
        """Have `wake` called, on the event loop, when mails were queued."""
        self._wake = wake

    def shown(self, tx: Tx) -> list[ShownMail]:
        """The mails in the development mailbox, newest first; none where there is no such box."""
        if self.way is not Way.MAILBOX:
            return []
        found = [self._open(kept) for kept in outbox.kept(tx, KEPT_MAILS)]
        return [mail for mail in found if mail is not None]

    def shown_one(self, tx: Tx, mail_id: str) -> ShownMail | None:
        """One mail in the development mailbox; None where there is no such mail, or no box."""
        if self.way is not Way.MAILBOX:
            return None
        kept = outbox.kept_one(tx, mail_id)
        return self._open(kept) if kept else None

    def _open(self, kept: outbox.Kept) -> ShownMail | None:
        try:
            contents = outbox.unseal(self.seal, kept.id, kept.sealed)
        except Unreadable:
            return None
        if not contents.deliver:
            return None
        mail = self.write(kept.id, contents)
        return ShownMail(kept.id, kept.created_at, mail.to, mail.subject, mail.text, mail.html)


def _nobody_to_wake() -> None:
    """A command without a sender queued the mail; a running server finds it before long."""
