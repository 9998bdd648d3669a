"""A copy of the database tells nobody what the mails say, or to whom."""

from pathlib import Path

import pytest

from tests.mail.conftest import MailKit, confirm
from tests.mail.post_office import post_office

TOKEN = "this-is-the-token-in-the-link"
ADDRESS = "bob.the.builder@example.com"


def stored(folder: Path) -> bytes:
    """The bytes of the database, its log and whatever else lies beside it."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.sqlite_only("looks for the bytes in the database's own files")
async def test_neither_the_link_nor_the_recipient_is_in_the_files(mail: MailKit) -> None:
    letter = mail.mailer.draft(ADDRESS, "en", confirm(f"https://matrix.example.org/{TOKEN}"))
    await mail.db.write(lambda tx: mail.mailer.queue(tx, letter))
    assert letter.id.encode() in stored(mail.folder), "the row is in these files"
    assert (mail.folder / "holdfast.db-wal").exists()
    secrets = (TOKEN, ADDRESS, letter.kind.name)
    assert [text for text in secrets if text.encode() in stored(mail.folder)] == []
    async with post_office() as office:
        office.rcpt_reply = f"451 4.0.0 {ADDRESS} {TOKEN}"
        await mail.sender(office).send_due()
        mail.clock.pass_seconds(60)
        office.rcpt_reply = ""
        await mail.sender(office).send_due()
    assert TOKEN in office.deliveries[0].text
    assert [text for text in secrets if text.encode() in stored(mail.folder)] == []
