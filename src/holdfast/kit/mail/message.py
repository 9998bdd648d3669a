"""A mail, and the bytes it becomes on the wire."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from holdfast.kit.mail.address import Address, BadAddress, read_address

LONGEST_LINE = 990  # RFC 5322 section 2.1.1 allows 998


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one address, in words. Its `id` makes its Message-ID."""

    id: str
    to: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class From:
    """Whom mails come from: a display name, which may be empty, and an address."""

    name: str
    address: Address


def read_from(text: str) -> From:
    """Read the setting `mail_from`: `Name <address>` or only an address.

    Raises:
        BadAddress: the address in it cannot be used.
    """
    name, _, spec = text.removesuffix(">").rpartition("<") if text.endswith(">") else ("", "", text)
    if any(letter in text for letter in "\r\n\0"):
        raise BadAddress("expected an address, as in: Holdfast <noreply@example.org>")
    address = read_address(spec.strip())
    if address.needs_utf8:
        raise BadAddress("expected an address in ASCII letters, which every mail server accepts")
    return From(name.strip().strip('"'), address)


def message_id(mail_id: str, domain: str) -> str:
    """The Message-ID of a mail: the same on every try, so that a second copy shows as one."""
    return f"<{mail_id}@{domain}>"


def to_bytes(mail: Mail, sender: From, created_at: int) -> bytes:
    """Write `mail` as RFC 5322 lines: a text and an HTML alternative.

    `created_at` (milliseconds) becomes its Date. The `email` package refuses most line breaks in
    headers, but not a subject that is nothing but one: so nothing a user chose can start a header.

    Raises:
        BadAddress: the recipient is not an address.
        ValueError: a header holds a line break.
    """
    to = read_address(mail.to)
    if any(unicodedata.category(letter) == "Cc" for letter in mail.subject):
        raise ValueError("The subject holds a control character.")
    message = EmailMessage(policy=SMTPUTF8 if to.needs_utf8 else SMTP)
    message["From"] = HeaderAddress(sender.name, addr_spec=sender.address.spec)
    message["To"] = HeaderAddress(addr_spec=to.spec)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(created_at // 1000, UTC))
    message["Message-ID"] = message_id(mail.id, sender.address.domain)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte=_encoding(mail.text))
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _encoding(text: str) -> str:
    """Plain where possible, so that even a tool that does not decode mails finds the link whole."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    return "7bit" if text.isascii() and longest <= LONGEST_LINE else "quoted-printable"
