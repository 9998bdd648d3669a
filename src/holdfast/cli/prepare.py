"""What must be in order before the server runs: its directory, its database and its port."""

import errno
import os
import socket
from pathlib import Path

from holdfast.cli.options import Failure
from holdfast.config import Settings
from holdfast.kit.clock import SystemClock
from holdfast.kit.db import Database, DatabaseUnavailable, open_database
from holdfast.kit.ids import SystemRandomness
from holdfast.kit.log import logger
from holdfast.kit.mail import BadMailSetup, check_mail
from holdfast.schema import NewerDatabase, migrate

log = logger(__name__)
BACKLOG = 2048


def make_data_dir(path: Path) -> None:
    """Make the data directory, readable by its owner only, unless it is there already.

    Raises:
        Failure: it cannot be made or written to.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        problem = "is a file, not a directory" if path.exists() else reason(error)
        raise Failure(f"The data directory {path.absolute()} cannot be used: {problem}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise Failure(f"The data directory {path.absolute()} cannot be written to by this user.")


def check_mail_setup(settings: Settings) -> None:
    """See that mails can be written and addressed as the settings say.

    Raises:
        Failure: the server's key, the operator's templates or the sender cannot be used.
    """
    try:
        check_mail(settings, SystemClock(), SystemRandomness())
    except BadMailSetup as error:
        raise Failure(sentence(str(error))) from None


def opened(settings: Settings) -> Database:
    """Open the database, migrated to the present schema.

    Raises:
        Failure: it cannot be opened, or a newer Holdfast made it.
    """
    try:
        database = open_database(settings.database)
    except DatabaseUnavailable as error:
        raise Failure(sentence(str(error))) from None
    try:
        done = migrate(database, SystemClock().now_ms())
    except (NewerDatabase, DatabaseUnavailable) as error:
        database.close_now()
        raise Failure(sentence(str(error))) from None
    if done:
        log.info("database.migrated", migrations=", ".join(done))
    return database


def make_database(settings: Settings) -> None:
    """Bring the database to the present schema; see `opened` for the errors."""
    opened(settings).close_now()


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on every address that `host` stands for.

    Raises:
        Failure: the port is taken or not ours to take, or the host is not this machine.
    """
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICSERV
        )
    except OSError:
        raise Failure(f"This machine does not know the host {host}.") from None
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    for family, _, _, _, address in dict.fromkeys(found):
        try:
            sockets.append(_listening(family, address[:2]))
        except OSError as error:
            # "localhost" is also an IPv6 address, which not every machine has.
            if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                raise _cannot_listen(host, port, error) from None
            missing = error
    if missing is not None and not sockets:
        raise _cannot_listen(host, port, missing)
    return sockets


def _listening(family: int, address: tuple[object, ...]) -> socket.socket:
    both = family == socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
    made = socket.create_server(
        (str(address[0]), int(str(address[1]))),
        family=family,
        backlog=BACKLOG,
        dualstack_ipv6=both,
    )
    made.set_inheritable(True)
    return made


def _cannot_listen(host: str, port: int, error: OSError) -> Failure:
    if error.errno == errno.EADDRINUSE:
        return Failure(
            f"Port {port} on {host} is taken by another program. Stop that one, or choose "
            "another port with --port."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Failure(f"This user may not listen on port {port}. Choose one above 1023.")
    if error.errno == errno.EADDRNOTAVAIL:
        return Failure(f"{host} is not an address of this machine, so nothing can listen on it.")
    return Failure(f"Nothing can listen on {host}, port {port}: {reason(error)}.")


def reason(error: OSError) -> str:
    """Return the system's word for what went wrong, to stand within a sentence."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """Return `text` on one line, with a full stop."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."
