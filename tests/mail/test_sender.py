"""Mails leave once, after what caused them, and come back after trouble."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from holdfast.kit.db import Tx, open_database
from holdfast.kit.mail import Way, outbox
from holdfast.kit.mail.sender import (
    GIVE_UP_AFTER_MS,
    LEASE_MS,
    LONGEST_PAUSE_MS,
    pause_ms,
)
from tests.mail.conftest import MailKit, confirm, first_url, opened
from tests.mail.post_office import post_office

NOBODY_LISTENS = 1  # a port below 1024 on which no test starts anything


class Evenly:
    """Randomness in the middle of its range, so that pauses are exact."""

    def bytes(self, count: int) -> bytes:
        return b"\x80" + bytes(count - 1)


async def test_a_queued_mail_arrives_as_text_and_html(mail: MailKit) -> None:
    async with post_office() as office:
        mail_id = await mail.queue("bob@example.com")
        assert await mail.sender(office).send_due()
    [delivery] = office.deliveries
    assert (delivery.sender, delivery.to) == ("noreply@example.org", "bob@example.com")
    assert delivery.message["Message-ID"] == f"<{mail_id}@example.org>"
    assert delivery.message["From"] == "Holdfast <noreply@example.org>"
    assert delivery.message["Auto-Submitted"] == "auto-generated"
    assert delivery.message["Date"] == "Tue, 14 Nov 2023 22:13:20 +0000"
    assert delivery.message.get_content_type() == "multipart/alternative"
    assert first_url(delivery.text) == confirm().link
    assert f'href="{confirm().link}"' in delivery.html


async def test_what_was_sent_is_wiped(mail: MailKit) -> None:
    mail_id = await mail.queue()
    assert await mail.state(mail_id) == ("waits", None, True)
    async with post_office() as office:
        await mail.sender(office).send_due()
    assert await mail.state(mail_id) == ("sent", None, False)


async def test_nothing_is_queued_when_the_transaction_fails(mail: MailKit) -> None:
    def cause(tx: Tx) -> None:
        mail.mailer.queue(tx, mail.mailer.draft("bob@example.com", "en", confirm()))
        raise RuntimeError("the password was not changed after all")

    with pytest.raises(RuntimeError):
        await mail.db.write(cause)
    assert await mail.waiting() is None


async def test_the_sender_is_woken_by_the_commit(mail: MailKit) -> None:
    async with post_office() as office:
        sender = mail.sender(office)
        sender.start()
        await asyncio.sleep(0.05)  # it has found nothing, and sleeps
        await mail.queue()
        await asyncio.wait_for(office.accepted.wait(), 5)
        await sender.stop()


async def test_a_mail_that_is_not_to_be_delivered_is_stored_alike_and_dropped(
    mail: MailKit,
) -> None:
    def stored(tx: Tx) -> list[tuple[int, int | None, int]]:
        rows = tx.all(
            lambda *values: values,
            "SELECT created_at, expires_at, next_try_at, length(sealed) FROM outbox",
        )
        return [tuple(row) for row in rows]

    known = await mail.queue("bob@example.com")
    unknown = await mail.queue("eve@example.com", deliver=False)
    first, second = await mail.db.read(stored)
    assert abs(first[-1] - second[-1]) <= 1, "the rows must not tell which one is for nobody"
    assert first[:-1] == second[:-1]
    async with post_office() as office:
        await mail.sender(office).send_due()
    assert [delivery.to for delivery in office.deliveries] == ["bob@example.com"]
    assert (await mail.state(known))[0] == "sent"
    assert (await mail.state(unknown))[0] == "gone"


async def test_a_refusal_for_now_is_tried_again_even_after_a_restart(mail: MailKit) -> None:
    mail.random = Evenly()
    mail_id = await mail.queue()
    async with post_office() as office:
        office.rcpt_reply = "451 4.7.1 Greylisted"
        assert await mail.sender(office).send_due()
        state, error, readable = await mail.state(mail_id)
        assert (state, readable) == ("waits", True)
        assert error == "the recipient was refused: 451 4.7.1"
        assert await mail.waiting() == 10
        mail.restart()
        office.rcpt_reply = ""
        assert await mail.sender(office).send_due()
        assert office.deliveries == [], "it is not due yet"
        mail.clock.pass_seconds(10)
        await mail.sender(office).send_due()
    assert [delivery.message["Message-ID"] for delivery in office.deliveries] == [
        f"<{mail_id}@example.org>"
    ]


async def test_a_server_that_is_away_is_tried_again(mail: MailKit) -> None:
    mail_id = await mail.queue()
    assert not await mail.sender(NOBODY_LISTENS).send_due()
    state, error, _ = await mail.state(mail_id)
    assert state == "waits"
    assert error is not None
    assert error.startswith("cannot connect")


async def test_a_server_that_is_away_is_called_once_a_round_not_once_a_mail(mail: MailKit) -> None:
    for number in range(5):
        await mail.queue(f"user{number}@example.com")
    await mail.sender(NOBODY_LISTENS).send_due()
    assert await mail.waiting() == 0, "the others are still due"


@pytest.mark.parametrize("step", ["rcpt_reply", "data_reply"])
async def test_a_refusal_for_good_is_given_up_at_once(mail: MailKit, step: str) -> None:
    mail_id = await mail.queue()
    async with post_office() as office:
        setattr(office, step, "550 5.1.1 No bob@example.com here, see https://matrix.example.org/x")
        await mail.sender(office).send_due()
    state, error, readable = await mail.state(mail_id)
    assert (state, readable) == ("given up", False)
    assert error is not None
    assert error.endswith("was refused: 550 5.1.1"), "a server's words may quote the mail"
    assert await mail.waiting() is None


async def test_one_refused_mail_does_not_hold_up_the_next(mail: MailKit) -> None:
    async with post_office() as office:
        await mail.queue("not-an-address")
        await mail.queue("bob@example.com")
        await mail.sender(office).send_due()
    assert [delivery.to for delivery in office.deliveries] == ["bob@example.com"]


async def test_several_mails_share_a_connection(mail: MailKit) -> None:
    for number in range(3):
        await mail.queue(f"user{number}@example.com")
    async with post_office() as office:
        await mail.sender(office).send_due()
    assert (len(office.deliveries), office.connections) == (3, 1)


async def test_after_three_days_a_mail_is_given_up(mail: MailKit) -> None:
    notice = mail.mailer.draft("bob@example.com", "en", confirm())
    lasting = replace(notice, expires_at=None)
    await mail.db.write(lambda tx: mail.mailer.queue(tx, lasting))
    tries = 0
    while (wait := await mail.waiting()) is not None:
        mail.clock.pass_seconds(wait)
        await mail.sender(NOBODY_LISTENS).send_due()
        tries += 1
    assert (await mail.state(lasting.id))[0] == "given up"
    passed = mail.clock.now - 1_700_000_000_000
    assert GIVE_UP_AFTER_MS * 0.9 < passed <= GIVE_UP_AFTER_MS
    assert 20 < tries < 40


async def test_a_link_that_has_died_is_not_sent_any_more(mail: MailKit) -> None:
    mail_id = await mail.queue()
    mail.clock.pass_seconds(3600)
    async with post_office() as office:
        await mail.sender(office).send_due()
    assert office.deliveries == []
    assert await mail.state(mail_id) == ("given up", "expired", False)


async def test_two_senders_never_send_one_mail_twice(
    mail: MailKit, database_url: str, tmp_path: Path
) -> None:
    for number in range(30):
        await mail.queue(f"user{number}@example.com")
    async with post_office() as office, opened(database_url) as second:
        other = MailKit(second, tmp_path, mail.clock)
        office.delay_s = 0.002
        while await mail.waiting() is not None:
            await asyncio.gather(
                mail.sender(office).send_due(),
                mail.sender(office).send_due(),
                other.sender(office).send_due(),
            )
    assert sorted(delivery.to for delivery in office.deliveries) == sorted(
        f"user{number}@example.com" for number in range(30)
    )


async def test_a_mail_claimed_by_a_worker_that_died_is_sent_by_another(mail: MailKit) -> None:
    mail_id = await mail.queue()
    now = mail.clock.now
    await mail.db.write(lambda tx: outbox.claim(tx, now, now + LEASE_MS))
    async with post_office() as office:
        await mail.sender(office).send_due()
        assert office.deliveries == []
        mail.clock.pass_seconds(LEASE_MS / 1000)
        await mail.sender(office).send_due()
    assert [delivery.message["Message-ID"] for delivery in office.deliveries] == [
        f"<{mail_id}@example.org>"
    ]


async def test_stopping_finishes_the_mail_in_hand(mail: MailKit) -> None:
    first, second = await mail.queue("one@example.com"), await mail.queue("two@example.com")
    async with post_office() as office:
        office.delay_s = 0.3
        sender = mail.sender(office)
        sender.start()
        await asyncio.sleep(0.15)
        await sender.stop()
    assert len(office.deliveries) == 1
    assert (await mail.state(first))[0] == "sent"
    assert (await mail.state(second))[0] == "waits"


async def test_stopping_does_not_wait_for_a_server_that_hangs(mail: MailKit) -> None:
    mail_id = await mail.queue()
    async with post_office() as office:
        office.delay_s = 30
        sender = mail.sender(office)
        sender.start()
        await asyncio.sleep(0.1)
        async with asyncio.timeout(4):
            await sender.stop()
    assert (await mail.state(mail_id))[0] == "waits"


async def test_a_mail_sealed_under_a_lost_key_is_given_up_loudly(mail: MailKit) -> None:
    mail_id = await mail.queue()
    (mail.folder / "secret.key").unlink()
    mail.restart()
    async with post_office() as office:
        await mail.sender(office).send_due()
    state, error, _ = await mail.state(mail_id)
    assert (state, error) == ("given up", "the server's key is not the one it was sealed with")


async def test_without_a_way_to_send_nothing_is_stored(mail: MailKit) -> None:
    mail.way = Way.NONE
    mail.restart()
    await mail.queue()
    assert await mail.waiting() is None


async def test_the_log_holds_neither_the_link_nor_the_recipient(
    mail: MailKit, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    await mail.queue()
    async with post_office() as office:
        office.data_reply = f"554 5.7.1 {confirm().link} is spam, bob@example.com"
        await mail.sender(office).send_due()
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    written = "".join([*ours, *capsys.readouterr()])
    assert "given_up" in written
    assert "confirm/abc" not in written
    assert "bob@" not in written


def test_pauses_double_up_to_four_hours() -> None:
    pauses = [pause_ms(tries, Evenly()) for tries in range(1, 14)]
    assert pauses[:4] == [10_000, 20_000, 40_000, 80_000]
    assert pauses[-1] == LONGEST_PAUSE_MS


async def test_many_mails_are_queued_with_one_statement(database_url: str, tmp_path: Path) -> None:
    statements: list[str] = []
    database = open_database(database_url, statements.append)
    await database.start(lambda _names: None)
    kit = MailKit(database, tmp_path)
    mails = kit.mailer.drafts([f"u{n}@example.com" for n in range(50)], "en", confirm())
    statements.clear()
    await database.write(lambda tx: kit.mailer.queue_many(tx, mails))
    assert [line for line in statements if "outbox" in line] == [
        line for line in statements if line.startswith("INSERT")
    ]
    assert len([line for line in statements if "outbox" in line]) == 1
    await database.close()
