"""Which addresses are written to, and that nothing in them or in a subject forges a header."""

from email import message_from_bytes, policy

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from holdfast.kit.mail.address import BadAddress, read_address
from holdfast.kit.mail.message import Mail, read_from, to_bytes

FROM = read_from("Holdfast <noreply@example.org>")
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
}  # fmt: skip


def mail(to: str = "bob@example.com", subject: str = "Hello", text: str = "Hello\n") -> Mail:
    return Mail("id", to, subject, text, "<p>Hello</p>")


@pytest.mark.parametrize(
    ("given_text", "written"),
    [
        ("bob@example.com", "bob@example.com"),
        ("Bob.O'Neil+tag@Example.COM", "Bob.O'Neil+tag@example.com"),
        ("bob@localhost", "bob@localhost"),
        ("bob@bücher.example", "bob@xn--bcher-kva.example"),
        ("bob@BÜCHER.example", "bob@xn--bcher-kva.example"),
        ("bob@例え.jp", "bob@xn--r8jz45g.jp"),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
    ],
)
def test_addresses_are_understood(given_text: str, written: str) -> None:
    address = read_address(given_text)
    assert address.spec == written
    assert address.needs_utf8 is not address.local.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "", "bob", "@example.com", "bob@", "bob@@example.com", "bob smith@example.com",
        "bob@example..com", "bob@-example.com", "bob@exa_mple.com", ".bob@example.com",
        "bob.@example.com", "b..b@example.com", '"bob"@example.com', "bob@[127.0.0.1]",
        "bob(comment)@example.com", "Bob <bob@example.com>", "bob@example.com,eve@example.com",
        "bob@example.com\r\nBcc: eve@example.com", "bob\r\nDATA@example.com", "bob\n@example.com",
        "bob\0@example.com", "bob@exam\u00a0ple.com", "bob\u202e@example.com", "bob\ud800@x.org",
        "bob@xn--\u00fc.example", "x" * 65 + "@example.com", "bob@" + "x" * 64 + ".com",
        "bob@" + "x." * 130 + "com", "ö" * 40 + "@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        read_address(text)
    with pytest.raises(ValueError, match="address"):
        to_bytes(mail(to=text), FROM, 0)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_line_break_in_a_subject_adds_no_header(end: str) -> None:
    try:
        raw = to_bytes(mail(subject=f"Hello{end}Bcc: eve@example.com"), FROM, 0)
    except ValueError:
        return
    assert set(message_from_bytes(raw, policy=policy.default).keys()) == HEADERS


@given(subject=st.text(max_size=300), text=st.text(max_size=500))
@example(subject="\r", text="")
def test_no_text_adds_a_header_or_a_part(subject: str, text: str) -> None:
    try:
        raw = to_bytes(mail(subject=subject, text=text), FROM, 0)
    except ValueError:
        return
    message = message_from_bytes(raw, policy=policy.default)
    assert set(message.keys()) == HEADERS
    assert message["To"] == "bob@example.com"
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]


@given(to=st.text(max_size=80).map(lambda text: f"bob{text}@example.com"))
def test_no_recipient_adds_a_header(to: str) -> None:
    try:
        raw = to_bytes(mail(to=to), FROM, 0)
    except ValueError:
        return
    message = message_from_bytes(raw, policy=policy.SMTPUTF8)
    assert set(message.keys()) == HEADERS
    assert len(message["To"].addresses) == 1


def test_the_text_is_plain_where_it_can_be() -> None:
    link = "https://matrix.example.org/_holdfast/confirm?sid=abc&token=" + "x" * 60
    raw = to_bytes(mail(text=f"Open this:\n\n{link}\n"), FROM, 0)
    assert link.encode() in raw
    message = message_from_bytes(
        to_bytes(mail(text=f"Öffnen:\n{link}\n"), FROM, 0), policy=policy.default
    )
    body = message.get_body(("plain",))
    assert body is not None
    assert link in body.get_content()


@pytest.mark.parametrize(
    "text", ["", "Holdfast", "x\r\nBcc: e@x.org <a@b.org>", "jörg@example.org"]
)
def test_a_sender_that_cannot_be_used_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        read_from(text)


def test_a_sender_may_have_a_name_in_any_script() -> None:
    raw = to_bytes(mail(), read_from("Überbrücker, GmbH <a@example.org>"), 0)
    message = message_from_bytes(raw, policy=policy.default)
    assert message["From"].addresses[0].addr_spec == "a@example.org"
