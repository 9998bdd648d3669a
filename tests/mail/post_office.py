"""A real mail server for tests, which keeps what it accepts and refuses what it is told to."""

import asyncio
import ssl
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "holdfast", "p@ss:w/rd"


@dataclass
class Delivery:
    """A mail the server accepted."""

    sender: str
    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        content: str = part.get_content()
        return content

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        content: str = part.get_content()
        return content


@dataclass
class PostOffice:
    """What the server answers, and what it got. `port` is where it listens."""

    port: int = 0
    rcpt_reply: str = ""
    data_reply: str = ""
    delay_s: float = 0.0
    deliveries: list[Delivery] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    connections: int = 0
    accepted: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name for it
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self.rcpt_reply:
            return self.rcpt_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name for it
        await asyncio.sleep(self.delay_s)
        if self.data_reply:
            return self.data_reply
        self.encrypted.append(session.ssl is not None)
        for to in envelope.rcpt_tos:
            self.deliveries.append(Delivery(envelope.mail_from, to, envelope.content))
        self.accepted.set()
        return "250 OK"

    def check(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any
    ) -> AuthResult:
        name, password = data.login.decode(), data.password.decode()
        if (name, password) != (USER, PASSWORD):
            return AuthResult(success=False, handled=False)
        self.signed_in.append(name)
        return AuthResult(success=True)


@asynccontextmanager
async def post_office(
    *, starttls: bool = False, tls: bool = False, login: bool = False, utf8: bool = True
) -> AsyncIterator[PostOffice]:
    """A server on a free port of 127.0.0.1, with a certificate nobody has signed."""
    office = PostOffice()
    context = server_context() if starttls or tls else None

    def session() -> SMTP:
        with warnings.catch_warnings():
            # It warns of a login without STARTTLS, which some operators have and is tested here.
            warnings.simplefilter("ignore")
            return SMTP(
                office,
                hostname="post.test",
                enable_SMTPUTF8=utf8,
                tls_context=context if starttls else None,
                require_starttls=starttls,
                authenticator=office.check if login else None,
                auth_required=login,
                auth_require_tls=starttls,
            )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=context if tls else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()


_made: dict[str, bytes] = {}


def _certificate() -> tuple[bytes, bytes]:
    """A self-signed certificate for localhost, and its key; made once."""
    if not _made:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
            .sign(key, hashes.SHA256())
        )
        _made["certificate"] = certificate.public_bytes(serialization.Encoding.PEM)
        _made["key"] = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    return _made["certificate"], _made["key"]


def server_context() -> ssl.SSLContext:
    certificate, key = _certificate()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes(certificate + key)
        context.load_cert_chain(path)
    return context


def trusting_context() -> ssl.SSLContext:
    """A client's context that knows the test server's certificate."""
    return ssl.create_default_context(cadata=_certificate()[0].decode())
