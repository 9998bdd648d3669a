"""Mail: written from templates, queued with what causes it, sent afterwards."""

from holdfast.kit.mail.mailer import Mailer, ShownMail, Way
from holdfast.kit.mail.message import Mail
from holdfast.kit.mail.sender import Sender
from holdfast.kit.mail.setup import (
    BadMailSetup,
    check_mail,
    greet_mail_server,
    mailer_for,
    sender_for,
)

__all__ = [
    "BadMailSetup",
    "Mail",
    "Mailer",
    "Sender",
    "ShownMail",
    "Way",
    "check_mail",
    "greet_mail_server",
    "mailer_for",
    "sender_for",
]
