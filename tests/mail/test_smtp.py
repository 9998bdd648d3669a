"""Talking to mail servers as operators have them: plain, STARTTLS, TLS, with a login."""

import ssl

import pytest

from holdfast.config import SmtpServer
from holdfast.config.values import SmtpSecurity
from holdfast.kit.mail.message import read_from
from holdfast.kit.mail.smtp import Post, Refused, ServerAway, SmtpConnection, TryLater
from tests.mail.post_office import PASSWORD, USER, PostOffice, post_office, trusting_context

MAIL = b"Subject: hello\r\n\r\nhello\r\n"


async def send(
    office: PostOffice,
    security: SmtpSecurity,
    *,
    tls: ssl.SSLContext | None = None,
    user: str | None = None,
    password: str | None = None,
    to: str = "bob@example.com",
) -> None:
    server = SmtpServer("localhost", office.port, security, user, password)
    post = Post(read_from("noreply@example.org"), server, "example.org", tls)
    async with SmtpConnection(post) as connection:
        await connection.send(to, MAIL, utf8=not to.isascii())


async def test_plain() -> None:
    async with post_office() as office:
        await send(office, "smtp")
    assert office.encrypted == [False]


async def test_starttls_with_a_login() -> None:
    async with post_office(starttls=True, login=True) as office:
        await send(office, "smtp+starttls", tls=trusting_context(), user=USER, password=PASSWORD)
    assert office.encrypted == [True]
    assert office.signed_in == [USER]


async def test_tls_from_the_start_with_a_login() -> None:
    async with post_office(tls=True, login=True) as office:
        await send(office, "smtps", tls=trusting_context(), user=USER, password=PASSWORD)
    assert office.signed_in == [USER]
    assert len(office.deliveries) == 1


async def test_a_login_without_encryption() -> None:
    async with post_office(login=True) as office:
        await send(office, "smtp", user=USER, password=PASSWORD)
    assert office.signed_in == [USER]


@pytest.mark.parametrize("security", ["smtps", "smtp+starttls"])
async def test_a_certificate_nobody_vouches_for_is_refused(security: SmtpSecurity) -> None:
    async with post_office(tls=security == "smtps", starttls=security != "smtps") as office:
        with pytest.raises(ServerAway, match="its certificate is not valid: self-signed"):
            await send(office, security)
    assert office.deliveries == []


async def test_a_certificate_for_another_name_is_refused() -> None:
    async with post_office(tls=True) as office:
        server = SmtpServer("127.0.0.1", office.port, "smtps")
        post = Post(read_from("noreply@example.org"), server, "x.org", trusting_context())
        async with SmtpConnection(post) as connection:
            with pytest.raises(ServerAway, match="its certificate is not valid"):
                await connection.send("bob@example.com", MAIL, utf8=False)


async def test_a_server_without_starttls_gets_neither_mail_nor_password() -> None:
    async with post_office(login=True) as office:
        with pytest.raises(ServerAway):
            await send(
                office, "smtp+starttls", tls=trusting_context(), user=USER, password=PASSWORD
            )
    assert office.signed_in == []
    assert office.deliveries == []


async def test_a_wrong_password_is_an_operators_matter_and_tried_again() -> None:
    async with post_office(login=True) as office:
        with pytest.raises(ServerAway, match=r"signing in was refused: 535 5.7.8"):
            await send(office, "smtp", user=USER, password="wrong")


async def test_refusals_for_now_and_for_good() -> None:
    async with post_office() as office:
        office.rcpt_reply = "450 4.2.1 busy"
        with pytest.raises(TryLater, match=r"the recipient was refused: 450 4.2.1$"):
            await send(office, "smtp")
        office.rcpt_reply = "550 no such user"
        with pytest.raises(Refused, match=r"the recipient was refused: 550$"):
            await send(office, "smtp")


async def test_an_address_beyond_ascii_needs_a_server_that_knows_it() -> None:
    async with post_office() as office:
        await send(office, "smtp", to="jörg@example.com")
    assert office.deliveries[0].to == "jörg@example.com"
    async with post_office(utf8=False) as office:
        with pytest.raises(Refused, match="beyond ASCII"):
            await send(office, "smtp", to="jörg@example.com")
