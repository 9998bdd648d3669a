"""From the settings to a mailer and its sender."""

import ssl

from holdfast.config import Settings
from holdfast.config.values import mail_domain
from holdfast.kit.clock import Clock
from holdfast.kit.db import Database
from holdfast.kit.ids import Randomness
from holdfast.kit.log import logger
from holdfast.kit.mail.address import BadAddress
from holdfast.kit.mail.catalogue import BadTemplate
from holdfast.kit.mail.mailer import Mailer, Way
from holdfast.kit.mail.message import read_from
from holdfast.kit.mail.seal import BadKeyFile, Seal, server_key
from holdfast.kit.mail.sender import Sender
from holdfast.kit.mail.smtp import Post, ServerAway, SmtpConnection
from holdfast.kit.mail.templates import Site, Templates

PURPOSE = b"outbox"

log = logger(__name__)


class BadMailSetup(Exception):
    """Mail cannot be set up as the settings say. The text names the setting and what is wrong."""


def mailer_for(settings: Settings, clock: Clock, random: Randomness) -> Mailer:
    """What rules use to write mails; makes the server's key file at the first start.

    Raises:
        BadMailSetup: the key file or the operator's templates cannot be used.
    """
    site = Site(settings.server_name, settings.public_url.rstrip("/"), settings.admin_contact)
    try:
        templates = Templates(site, settings.mail_templates_dir)
        seal = Seal(server_key(settings.data_dir, random), PURPOSE, random)
    except BadTemplate as error:
        raise BadMailSetup(f"mail.templates_dir: {error}") from error
    except BadKeyFile as error:
        raise BadMailSetup(str(error)) from error
    return Mailer(_way(settings), templates, seal, clock, random)


def _way(settings: Settings) -> Way:
    if settings.smtp_url is not None:
        return Way.SMTP
    return Way.MAILBOX if settings.development_mailbox else Way.NONE


def sender_for(
    settings: Settings,
    mailer: Mailer,
    db: Database,
    clock: Clock,
    random: Randomness,
    tls: ssl.SSLContext | None = None,
) -> Sender:
    """The background task that sends what `mailer` queues; the caller starts and stops it.

    `tls` replaces the system's certificate authorities.

    Raises:
        BadMailSetup: the sender's address cannot be used.
    """
    return Sender(mailer, db, _post(settings, tls), clock, random)


def check_mail(settings: Settings, clock: Clock, random: Randomness) -> None:
    """Try all of that before the server runs, and make the key file while nobody else does.

    Raises:
        BadMailSetup: something in it cannot be used.
    """
    mailer_for(settings, clock, random)
    _post(settings, None)


async def greet_mail_server(settings: Settings) -> str:
    """Connect to the mail server and sign in, without sending anything; return what went wrong.

    Raises:
        BadMailSetup: the sender's address cannot be used.
    """
    post = _post(settings, None)
    if post is None:
        return ""
    try:
        async with SmtpConnection(post) as connection:
            await connection.greet()
    except ServerAway as error:
        return str(error)
    return ""


def _post(settings: Settings, tls: ssl.SSLContext | None) -> Post | None:
    """How mails leave; None where they do not."""
    server = settings.smtp_url
    if server is None:
        return None
    if server.exposes_password:
        log.warning(
            "mail.password_unencrypted",
            advice="use smtp+starttls:// or smtps://; smtp:// sends the password in the clear",
        )
    try:
        sender = read_from(settings.mail_from)
    except BadAddress as error:
        raise BadMailSetup(f"mail.from: {error}") from error
    return Post(sender, server, mail_domain(settings.server_name), tls)
