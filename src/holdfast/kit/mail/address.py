"""E-mail addresses: which ones can be written to, and how they are put on the wire."""

import re
import unicodedata
from dataclasses import dataclass

import idna

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
_LOCAL_PART = re.compile(r"[^\s\"(),:;<>@\[\]\\.]+(\.[^\s\"(),:;<>@\[\]\\.]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class BadAddress(ValueError):
    """A text that is not an e-mail address mail can be sent to. The text is safe to show."""


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address whose domain is in the ASCII form that mail servers understand."""

    local: str
    domain: str

    @property
    def spec(self) -> str:
        """`local@domain`."""
        return f"{self.local}@{self.domain}"

    @property
    def needs_utf8(self) -> bool:
        """Whether only a mail server with SMTPUTF8 (RFC 6531) can carry it."""
        return not self.local.isascii()


def read_address(text: str) -> Address:
    """Take `text` apart as an e-mail address (RFC 5321 section 4.1.2, without its oddities).

    Letters beyond ASCII are allowed on both sides. Quoted local parts, comments, address literals
    and control characters are not: no provider hands them out, and they are how headers get
    forged.

    Raises:
        BadAddress: it is not one.
    """
    text = unicodedata.normalize("NFC", text)
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_ADDRESS:
        raise BadAddress("The e-mail address is too long.")
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local) or not _printable(text):
        raise BadAddress("This is not an e-mail address.")
    if len(local.encode()) > LONGEST_LOCAL_PART:
        raise BadAddress("The part of the e-mail address before the @ is too long.")
    return Address(local, _ascii_domain(domain))


def _printable(text: str) -> bool:
    return not any(unicodedata.category(letter).startswith(("C", "Z")) for letter in text)


def _ascii_domain(domain: str) -> str:
    """`domain` in lower case, with internationalised labels as `xn--…` (RFC 5891)."""
    try:
        plain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise BadAddress("The part of the e-mail address after the @ is not a domain.") from None
    labels = plain.split(".")
    if len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress("The part of the e-mail address after the @ is not a domain.")
    return plain
