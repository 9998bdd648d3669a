"""What `holdfast serve` says once it is ready."""

import shlex
from collections.abc import Iterator, Mapping

from holdfast import __version__
from holdfast.config import Settings
from holdfast.config.definition import without_password
from holdfast.config.values import is_loopback, url_host

_SAY_WHERE = ("config", "data_dir", "database")


def announcement(settings: Settings, flags: Mapping[str, object]) -> str:
    """Return where the server is, how to create an account, and what is worth knowing.

    `flags` are those that `holdfast serve` was given, so that the commands it names can be
    copied as they are.
    """
    return "\n".join(
        [
            f"Holdfast {__version__} is running at {settings.public_url}",
            f"  Server name: {settings.server_name}",
            f"  Data:        {_where(settings)}",
            f"  Accounts:    {_accounts(settings, flags)}",
            f"  Mail:        {_mail(settings)}",
            *(f"  Note:        {note}" for note in notes(settings)),
            "Press Ctrl-C to stop.",
        ]
    )


def _where(settings: Settings) -> str:
    folder = str(settings.data_dir.absolute())
    file = settings.sqlite_path
    if file is None:
        return f"{folder}, and {without_password(settings.database)}"
    inside = file.absolute().is_relative_to(settings.data_dir.absolute())
    return folder if inside else f"{folder}, and {file.absolute()}"


def _accounts(settings: Settings, flags: Mapping[str, object]) -> str:
    page = f"{settings.public_url}/register"
    if settings.effective_registration == "open":
        return f"create one at {page}"
    if settings.effective_registration == "token":
        return f"make a token with `{create_token(flags)}`, then create one at {page}"
    return 'nobody can create one; set registration.mode to "token" or "open" to change that'


def create_token(flags: Mapping[str, object]) -> str:
    """Return the command that makes a registration token on this server."""
    given = {name: flags.get(name) for name in _SAY_WHERE}
    words = [
        f"--{name.replace('_', '-')} {shlex.quote(str(value))}"
        for name, value in given.items()
        if value is not None and without_password(str(value)) == str(value)
    ]
    return " ".join(["holdfast admin registration-token create", *words])


def _mail(settings: Settings) -> str:
    if settings.smtp_url is not None:
        return f"sent through {settings.smtp_url}"
    if settings.development_mailbox:
        return f"not sent, but shown at {settings.public_url}/_holdfast/mailbox"
    return "none is sent, so nobody can reset a password; set mail.smtp_url to change that"


def notes(settings: Settings) -> Iterator[str]:
    """Yield what an operator probably did not mean."""
    host = url_host(settings.public_url)
    if not settings.bound_to_loopback and is_loopback(host):
        yield (
            "other machines can reach this server, but links in mails lead to "
            f"{settings.public_url}; set server.public_url to where people find it"
        )
    if not is_loopback(host) and settings.public_url.startswith("http://"):
        yield (
            "server.public_url begins with http://, so passwords cross the network unencrypted "
            "unless something else encrypts them"
        )
    if settings.smtp_url is not None and settings.smtp_url.exposes_password:
        yield "the mail password crosses the network unencrypted; use smtp+starttls:// or smtps://"
    if not settings.rate_limits:
        yield "rate limits are off; switch them on before people use this server"
