"""Handing mails to a mail server over SMTP."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

import aiosmtplib
from aiosmtplib import SMTP

from holdfast.config import SmtpServer
from holdfast.kit.mail.message import From

COMMAND_TIMEOUT_S = 20.0


class Refused(Exception):
    """The mail server will never take this mail. The text holds no more than reply codes."""


class TryLater(Exception):
    """The mail server did not take this mail now. The text holds no more than reply codes."""


class ServerAway(TryLater):
    """No mail can be handed over now: the server cannot be reached, or does not want us."""


@dataclass(frozen=True, slots=True)
class Post:
    """How mails leave: from whom, and through which mail server.

    `hello` is the name this server gives there. Certificates are verified against `tls`, or the
    system's authorities when it is None.
    """

    sender: From
    server: SmtpServer
    hello: str
    tls: ssl.SSLContext | None = None


class SmtpConnection:
    """One connection to the mail server, opened for the first mail; use it in `async with`."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self._client: SMTP | None = None

    async def __aenter__(self) -> "SmtpConnection":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is None:
            return
        if kind is None and self._client.is_connected:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self._client.quit(timeout=2)
        self._client.close()

    async def greet(self) -> None:
        """Connect and sign in, and send nothing.

        Raises:
            ServerAway: the server cannot be reached or does not want us; the text says why.
        """
        await self._connected()

    async def send(self, to: str, message: bytes, *, utf8: bool) -> None:
        """Hand over one mail; return once the server has taken responsibility for it.

        Raises:
            Refused: it never will.
            TryLater: it did not this time.
            ServerAway: it takes no mail at all at present.
        """
        client = await self._connected()
        sender = self.post.sender.address.spec
        options = ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
        try:
            await client.sendmail(sender, [to], message, mail_options=options)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _verdict(error.recipients[0], "the recipient") from None
        except aiosmtplib.SMTPDataError as error:
            raise _verdict(error, "the mail") from None
        except aiosmtplib.SMTPSenderRefused as error:
            raise TryLater(f"the sender was refused: {_codes(error)}") from None
        except aiosmtplib.SMTPNotSupported:
            raise Refused("the server takes no addresses with letters beyond ASCII") from None
        except aiosmtplib.SMTPResponseException as error:
            raise TryLater(f"unexpected reply: {_codes(error)}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(f"the connection failed: {type(error).__name__}") from None

    async def _connected(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        server = self.post.server
        self._client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.security == "smtps",
            start_tls=server.security == "smtp+starttls",
            tls_context=None if server.security == "smtp" else self.post.tls,
            local_hostname=self.post.hello,
            timeout=COMMAND_TIMEOUT_S,
        )
        try:
            await self._client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise ServerAway(f"signing in was refused: {_codes(error)}") from None
        except aiosmtplib.SMTPResponseException as error:
            raise ServerAway(f"the server refused us: {_codes(error)}") from None
        except ssl.SSLCertVerificationError as error:
            raise ServerAway(f"its certificate is not valid: {error.verify_message}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise ServerAway(_why(error)) from None
        return self._client


def _why(error: BaseException) -> str:
    """Why there is no connection; the library wraps a failed certificate in its own error."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {cause.verify_message}"
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return "it did not answer in time"
    return f"cannot connect: {type(cause or error).__name__}"


def _verdict(error: aiosmtplib.SMTPResponseException, what: str) -> Exception:
    text = f"{what} was refused: {_codes(error)}"
    return Refused(text) if 500 <= error.code <= 599 else TryLater(text)


def _codes(error: aiosmtplib.SMTPResponseException) -> str:
    """The reply's code and its enhanced code (RFC 3463), as in `550 5.1.1`.

    Not its text: spam filters quote the addresses and links they refuse, and ours are secrets.
    """
    enhanced = str(error.message).split(" ", 1)[0]
    parts = enhanced.split(".")
    known = len(parts) == 3 and all(part.isdigit() and len(part) <= 3 for part in parts)
    return f"{error.code} {enhanced}" if known else str(error.code)
