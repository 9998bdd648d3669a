"""The background task that empties the outbox. Each worker process runs one.

A row is claimed before it is sent, so no two workers send it, and marked once the mail server has
accepted it. Should the process die exactly between the two, the mail is sent again after
`LEASE_MS`, with the same Message-ID, by which most mail programs show both copies as one.
"""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext

from holdfast.kit.clock import Clock
from holdfast.kit.db import Database, DatabaseUnavailable, Tx
from holdfast.kit.ids import Randomness
from holdfast.kit.log import logger
from holdfast.kit.mail import outbox
from holdfast.kit.mail.address import read_address
from holdfast.kit.mail.mailer import KEPT_MAILS, Mailer
from holdfast.kit.mail.message import Mail, to_bytes
from holdfast.kit.mail.outbox import Row
from holdfast.kit.mail.seal import Unreadable
from holdfast.kit.mail.smtp import Post, Refused, ServerAway, SmtpConnection, TryLater

FIRST_PAUSE_MS = 10_000
LONGEST_PAUSE_MS = 4 * 3_600_000
JITTER = 0.2
GIVE_UP_AFTER_MS = 3 * 24 * 3_600_000
FORGET_AFTER_MS = 7 * 24 * 3_600_000
SEND_TIMEOUT_S = 60.0
LEASE_MS = 120_000
IDLE_S = 60.0
AWAY_S = 30.0
TIDY_EVERY_MS = 3_600_000
STOP_WITHIN_S = 2.0
MARK_AGAIN_AFTER_S = (0.2, 1.0, 5.0, 15.0)

log = logger(__name__)


Settled = Callable[[Tx], None]
"""The rule that writes down what became of a try."""


def pause_ms(tries: int, random: Randomness) -> int:
    """How long to wait after the `tries`-th failure: doubling from 10 s to 4 h, 20 % either way.

    Spreading them keeps the mails of one outage from all coming back in the same second.
    """
    pause = min(FIRST_PAUSE_MS * 2 ** min(tries - 1, 20), LONGEST_PAUSE_MS)
    share = int.from_bytes(random.bytes(4), "big") / 2**32
    return int(pause * (1 - JITTER + 2 * JITTER * share))


class Sender:
    """Sends what is due, then sleeps until something is queued or the next try is due.

    Without a `post`, mails stay where the development mailbox shows them.
    """

    def __init__(
        self,
        mailer: Mailer,
        db: Database,
        post: Post | None,
        clock: Clock,
        random: Randomness,
    ) -> None:
        self._mailer = mailer
        self._db = db
        self._post = post
        self._clock = clock
        self._random = random
        self._woken = asyncio.Event()
        self._stopping = False
        self._tidy_at = 0
        self._task: asyncio.Task[None] | None = None
        mailer.wake_with(self._woken.set)

    def start(self) -> None:
        """Begin to send, in a task of its own; nothing where no mail is written."""
        if self._mailer.works:
            self._task = asyncio.create_task(self.run(), name="mail")

    async def stop(self) -> None:
        """Finish the mail that is being handed over, for 2 seconds at most, and end.

        A mail cut off there may or may not have been accepted; it is tried again after its lease.
        """
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            _done, hanging = await asyncio.wait({self._task}, timeout=STOP_WITHIN_S)
            for task in hanging:
                task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run(self) -> None:
        """Send until `stop`. Cancelling this instead may cut off a mail that is being accepted."""
        while not self._stopping:
            self._woken.clear()
            pause = AWAY_S
            try:
                pause = await self._round()
            except DatabaseUnavailable as error:
                log.error("mail.waits_for_database", error=str(error))
            except Exception:
                log.exception("mail.failed")
            try:
                await asyncio.wait_for(self._woken.wait(), pause)
            except TimeoutError:
                continue

    async def _round(self) -> float:
        """Send what is due; answer how many seconds to sleep."""
        now = self._clock.now_ms()
        due = await self._db.read(outbox.next_due)
        if due is not None and due <= now:
            if not await self.send_due():
                return AWAY_S
            due = await self._db.read(outbox.next_due)
        await self._tidy(now)
        if due is None:
            return IDLE_S
        return min(IDLE_S, max(0.0, (due - self._clock.now_ms()) / 1000))

    async def send_due(self) -> bool:
        """Try every mail that is due once; False when the mail server could not be reached."""
        connecting = SmtpConnection(self._post) if self._post else nullcontext()
        async with connecting as connection:
            while not self._stopping:
                row = await self._db.write(self._claim)
                if row is None:
                    return True
                try:
                    settle = await self._try(connection, row)
                except ServerAway as error:
                    await self._settle(self._later(row, str(error)))
                    return False
                await self._settle(settle)
        return True

    def _claim(self, tx: Tx) -> Row | None:
        now = self._clock.now_ms()
        return outbox.claim(tx, now, now + LEASE_MS)

    async def _try(self, connection: SmtpConnection | None, row: Row) -> Settled:
        """Send one mail; answer what became of it and how to write that down."""
        now = self._clock.now_ms()
        try:
            contents = outbox.unseal(self._mailer.seal, row.id, row.sealed)
        except Unreadable:
            return self._never(row, "the server's key is not the one it was sealed with")
        if not contents.deliver:
            return lambda tx: outbox.discard(tx, row.id)
        if connection is None:
            return lambda tx: outbox.mark_kept(tx, row.id, now)
        if row.expires_at is not None and row.expires_at <= now:
            log.warning("mail.expired", mail=row.id, tries=row.tries)
            return lambda tx: outbox.mark_given_up(tx, row.id, "expired", now)
        mail = await asyncio.to_thread(self._mailer.write, row.id, contents)
        return await self._hand_over(connection, row, mail)

    async def _hand_over(self, connection: SmtpConnection, row: Row, mail: Mail) -> Settled:
        try:
            to = read_address(mail.to)
            message = to_bytes(mail, connection.post.sender, row.created_at)
        except ValueError:  # BadAddress among them; its text may hold the address
            return self._never(row, "its recipient or a header cannot be written as a mail")
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await connection.send(to.spec, message, utf8=to.needs_utf8)
        except Refused as error:
            return self._never(row, str(error))
        except ServerAway:
            raise
        except TryLater as error:
            return self._later(row, str(error))
        except TimeoutError:
            raise ServerAway("it did not answer in time") from None
        sent_at = self._clock.now_ms()
        return lambda tx: outbox.mark_sent(tx, row.id, sent_at)

    def _never(self, row: Row, error: str) -> Settled:
        """Give a mail up, loudly: somebody waits for it."""
        now = self._clock.now_ms()
        log.error("mail.given_up", mail=row.id, tries=row.tries, error=error)
        return lambda tx: outbox.mark_given_up(tx, row.id, error, now)

    def _later(self, row: Row, error: str) -> Settled:
        """Put a mail back, or give it up when that has gone on for three days."""
        at = self._clock.now_ms() + pause_ms(row.tries, self._random)
        if at > row.created_at + GIVE_UP_AFTER_MS:
            return self._never(row, error)
        log.warning("mail.retried", mail=row.id, tries=row.tries, error=error)
        return lambda tx: outbox.try_again(tx, row, at, error)

    async def _settle(self, settle: Settled) -> None:
        """Write down what became of a try; a database that is away a moment must not double it."""
        for pause in MARK_AGAIN_AFTER_S:
            try:
                return await self._db.write(settle)
            except DatabaseUnavailable:
                await asyncio.sleep(pause)
        return await self._db.write(settle)

    async def _tidy(self, now: int) -> None:
        """Keep the outbox small; where mails are really sent, once an hour will do."""
        if self._post is None:
            await self._db.write(lambda tx: outbox.forget_kept(tx, KEPT_MAILS))
        elif now >= self._tidy_at:
            self._tidy_at = now + TIDY_EVERY_MS
            await self._db.write(lambda tx: outbox.forget(tx, now - FORGET_AFTER_MS))
