"""`holdfast doctor`: what is wrong with a server's surroundings, and what to do about it."""

import asyncio
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import click

from holdfast import __version__
from holdfast.cli.announce import notes
from holdfast.cli.doctor_custody import custody
from holdfast.cli.options import Failure, loaded, setting_options
from holdfast.cli.prepare import make_data_dir, reason, sentence
from holdfast.config import Settings
from holdfast.kit import log
from holdfast.kit.db import DatabaseUnavailable, open_database
from holdfast.kit.mail import BadMailSetup, greet_mail_server
from holdfast.schema import NewerDatabase, pending

SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `problem` is empty when all is well."""

    subject: str
    text: str = ""
    problem: str = ""


@click.group(invoke_without_command=True)
@setting_options()
@click.pass_context
def doctor(context: click.Context, /, config: Path | None, **flags: str | None) -> None:
    """Check the settings, the data directory, the database, the public URL and the mail server.

    Changes nothing and sends no mail. The exit code is 1 when something is wrong.
    """
    if context.invoked_subcommand is not None:
        return
    found = loaded(config, flags)
    log.configure("text", "error")  # what is worth a warning is among the findings
    source = ", ".join(sorted({each.partition(":")[0] for each in found.sources.values()}))
    findings = [Finding("settings", f"valid ({source or 'all of them are the defaults'})")]
    for look in (data_dir, database, public_url, mail):
        findings += look(found.settings)
    findings += [Finding("note", problem=f"{note}.") for note in notes(found.settings)]
    click.echo(f"Holdfast {__version__}")
    for each in findings:
        click.echo(f"  {'WRONG' if each.problem else 'ok':<7}{each.subject}: {_text(each)}")
    if any(each.problem for each in findings):
        context.exit(1)


doctor.add_command(custody)


def _text(finding: Finding) -> str:
    return finding.problem or finding.text


def data_dir(settings: Settings) -> Iterator[Finding]:
    """Whether the data directory is there, writable, and nobody else's to read."""
    path = settings.data_dir
    if not path.exists():
        yield Finding("data directory", f"{path.absolute()} will be made at the first start")
        return
    try:
        make_data_dir(path)
    except Failure as failure:
        yield Finding("data directory", problem=failure.message)
        return
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        problem = f"other users of this machine can look into it; run: chmod 700 {path.absolute()}"
        yield Finding("data directory", problem=problem)
    else:
        yield Finding("data directory", f"{path.absolute()}, for this user only")


def database(settings: Settings) -> Iterator[Finding]:
    """Whether the database can be opened, and by this version."""
    file = settings.sqlite_path
    if file is not None and not file.exists():
        yield Finding("database", f"{file.absolute()} will be made at the first start")
        return
    try:
        opened = open_database(settings.database)
    except DatabaseUnavailable as error:
        yield Finding("database", problem=sentence(str(error)))
        return
    try:
        waiting = pending(opened)
    except (NewerDatabase, DatabaseUnavailable) as error:
        yield Finding("database", problem=sentence(str(error)))
    else:
        upgrade = f", and will be upgraded at the next start ({len(waiting)} steps)"
        yield Finding("database", f"can be opened{upgrade if waiting else ''}")
    finally:
        opened.close_now()


def public_url(settings: Settings) -> Iterator[Finding]:
    """Whether a Matrix homeserver answers where people are sent."""
    url = urlsplit(settings.public_url)
    secure = url.scheme == "https"
    connect: Callable[..., HTTPConnection] = HTTPSConnection if secure else HTTPConnection
    connection = connect(url.hostname, url.port, timeout=SECONDS)
    try:
        connection.request("GET", "/_holdfast/health")
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        why = reason(error) if isinstance(error, OSError) else "it does not speak HTTP"
        problem = (
            f"nothing answers at {settings.public_url} ({why}). Start the server, or correct "
            "server.public_url or the reverse proxy."
        )
        yield Finding("public URL", problem=problem)
        return
    finally:
        connection.close()
    if status == 200:
        yield Finding("public URL", f"Holdfast answers at {settings.public_url}")
    else:
        problem = (
            f"something answers at {settings.public_url}, but it is not Holdfast (status "
            f"{status}). Correct server.public_url or the reverse proxy."
        )
        yield Finding("public URL", problem=problem)


def mail(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server lets us in."""
    server = settings.smtp_url
    if server is None and settings.development_mailbox:
        yield Finding("mail", "not sent, but shown in the development mailbox")
    elif server is None:
        yield Finding("mail", "none is sent; set mail.smtp_url so that people can reset passwords")
    else:
        try:
            problem = asyncio.run(greet_mail_server(settings))
        except BadMailSetup as error:
            problem = str(error)
        yield Finding("mail", f"{server} lets us in", problem and sentence(f"{server}: {problem}"))
