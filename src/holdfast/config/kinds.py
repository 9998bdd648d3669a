"""What a setting may hold: one parser per kind of value.

A parser takes what a source gave (a text from a flag or the environment, any TOML value from a
file) and returns the value, or raises `ValueError`. Its message never repeats what was given,
which may be a secret: the loader says where it came from, and `Kind.expects` what was wanted.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit

from holdfast.config.values import (
    Limit,
    Network,
    SmtpSecurity,
    SmtpServer,
    duration_text,
    size_text,
)


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    `parse` makes the value, `expects` says in words what is accepted (for errors and the docs),
    and `name` is the word for it in the table of settings.
    """

    name: str
    expects: str
    parse: Callable[[object], object]


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError("not a text")
    return given.strip()


def _matched(pattern: str, given: object) -> re.Match[str]:
    found = re.fullmatch(pattern, _text(given), re.IGNORECASE | re.ASCII)
    if found is None:
        raise ValueError("malformed")
    return found


def _whole(given: object) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    return int(_matched(r"\d{1,15}", given)[0])


_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_NAMED = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_BYTES = {"": 1, "b": 1, "bytes": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30}


def _seconds(given: object) -> int:
    if isinstance(given, int):
        return _whole(given)
    found = _matched(r"(\d{1,9})\s*([smhdw]?)", given)
    return int(found[1]) * _SECONDS[found[2].lower()]


def _bytes(given: object) -> int:
    if isinstance(given, int):
        return _whole(given)
    found = _matched(r"(\d{1,15})\s*(bytes|b|kib|mib|gib|)", given)
    return int(found[1]) * _BYTES[found[2].lower()]


def _within(parse: Callable[[object], int], least: int, most: int) -> Callable[[object], int]:
    def parsed(given: object) -> int:
        value = parse(given)
        if not least <= value <= most:
            raise ValueError("out of range")
        return value

    return parsed


def whole(least: int, most: int) -> Kind:
    """A whole number from `least` to `most`."""
    return Kind("number", f"a whole number from {least} to {most}", _within(_whole, least, most))


def duration(least: int, most: int) -> Kind:
    """A length of time, from `least` to `most` seconds."""
    expects = (
        "a length of time such as 90s, 10m, 1h or 30d, or whole seconds, "
        f"from {duration_text(least)} to {duration_text(most)}"
    )
    return Kind("duration", expects, _within(_seconds, least, most))


def size(least: int, most: int) -> Kind:
    """An amount of data, from `least` to `most` bytes."""
    expects = (
        "a size such as 512KiB or 50MiB, or whole bytes, "
        f"from {size_text(least)} to {size_text(most)}"
    )
    return Kind("size", expects, _within(_bytes, least, most))


def choice(*options: str) -> Kind:
    """One of a few words."""

    def parse(given: object) -> str:
        value = _text(given).lower()
        if value not in options:
            raise ValueError("not one of the choices")
        return value

    *firsts, last = options
    return Kind("choice", f"{', '.join(firsts)} or {last}", parse)


def _switch(given: object) -> bool:
    if isinstance(given, bool):
        return given
    words = {"on": True, "true": True, "yes": True, "1": True}
    words |= {"off": False, "false": False, "no": False, "0": False}
    try:
        return words[_text(given).lower()]
    except KeyError:
        raise ValueError("neither on nor off") from None


def _limit(given: object) -> Limit:
    per = r"(\d{1,9})\s+per\s+(?:(\d{1,9}\s*[smhdw]?)|(second|minute|hour|day))"
    found = _matched(per + r"(?:\s*,?\s*burst\s+(\d{1,9}))?", given)
    count = int(found[1])
    seconds = _seconds(found[2]) if found[2] else _NAMED[found[3].lower()]
    burst = int(found[4]) if found[4] else count
    if min(count, seconds, burst) < 1:
        raise ValueError("zero")
    return Limit(count, seconds, burst)


def _path(given: object) -> Path:
    value = _text(given)
    if not value or "\0" in value:
        raise ValueError("no path")
    try:
        return Path(value).expanduser()
    except RuntimeError as error:  # `~somebody` of whom this machine has never heard
        raise ValueError("no such home directory") from error


def _line(given: object) -> str:
    value = _text(given)
    if any(ord(character) < 32 for character in value):
        raise ValueError("more than one line")
    return value


_DNS = r"[0-9A-Za-z.-]{1,230}"
_PORT = r":(\d{1,5})"


def _server_name(given: object) -> str:
    """Take a server name; Matrix specification, appendices, "Server Name"."""
    value = _text(given)
    found = re.fullmatch(rf"(?:\[([0-9A-Fa-f:.]{{2,45}})\]|{_DNS})(?:{_PORT})?", value, re.ASCII)
    if found is None or len(value) > 230:
        raise ValueError("malformed")
    if found[1]:
        ipaddress.IPv6Address(found[1])
    if found[2] and int(found[2]) > 65535:
        raise ValueError("no such port")
    return value


def _host(given: object) -> str:
    value = _text(given).strip("[]")
    if ":" in value:
        return str(ipaddress.IPv6Address(value))
    return _matched(_DNS, value)[0]


def _split(given: object, schemes: set[str]) -> SplitResult:
    value = _line(given)
    parts = urlsplit(value)
    if parts.scheme not in schemes or " " in value:
        raise ValueError("wrong scheme")
    _ = parts.port  # raises on a port that is none
    return parts


def _public_url(given: object) -> str:
    parts = _split(given, {"http", "https"})
    if not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("not only a host")
    if "?" in _text(given) or "#" in _text(given) or "@" in parts.netloc:
        raise ValueError("more than a host")
    _host(parts.hostname)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _web_url(given: object) -> str:
    parts = _split(given, {"http", "https"})
    if not parts.hostname:
        raise ValueError("no host")
    return parts.geturl()


def _database(given: object) -> str:
    parts = _split(given, {"sqlite", "postgresql"})
    if parts.scheme == "sqlite":
        if parts.netloc or len(parts.path) < 2 or parts.query or parts.fragment:
            raise ValueError("no path")
        return _text(given)
    if len(parts.path) < 2:
        raise ValueError("no database name")
    return _text(given)


_SMTP_PORTS: dict[str, int] = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def _smtp_url(given: object) -> SmtpServer:
    parts = _split(given, set(_SMTP_PORTS))
    if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("not only a host")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("a user without a password")
    return SmtpServer(
        host=_host(parts.hostname),
        port=parts.port or _SMTP_PORTS[parts.scheme],
        security=cast("SmtpSecurity", parts.scheme),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _mailbox(given: object) -> str:
    address = r"[^\s<>@,;:\"]+@[0-9A-Za-z.\-\[\]:]+"
    return _matched(rf"{address}|[^<>@\x00-\x1f]*<{address}>", given)[0]


def _networks(given: object) -> tuple[Network, ...]:
    items = _text(given).split(",") if isinstance(given, str) else given
    if not isinstance(items, list):
        raise ValueError("not a list")
    return tuple(ipaddress.ip_network(_text(item)) for item in items if item != "")


SWITCH = Kind("switch", "on or off", _switch)
LIMIT = Kind(
    "limit",
    "a limit such as 5 per 10s, 10 per minute, or 10 per hour, burst 20",
    _limit,
)
PATH = Kind("path", "the path of a file or directory", _path)
LINE = Kind("text", "one line of text", _line)
SERVER_NAME = Kind(
    "server name", "a host name or address with an optional port, such as example.org", _server_name
)
HOST = Kind("host", "a host name or address to listen on, such as 127.0.0.1 or ::", _host)
PUBLIC_URL = Kind(
    "URL",
    "http:// or https:// with a host and an optional port, and nothing after them, "
    "such as https://matrix.example.org",
    _public_url,
)
WEB_URL = Kind("URL", "an http:// or https:// URL", _web_url)
DATABASE = Kind(
    "database URL",
    "sqlite:///PATH or postgresql://[USER[:PASSWORD]@]HOST[:PORT]/NAME",
    _database,
)
SMTP_URL = Kind(
    "mail server URL",
    "smtp://, smtp+starttls:// or smtps://, then [USER:PASSWORD@]HOST[:PORT] with special "
    "characters percent-encoded",
    _smtp_url,
)
MAILBOX = Kind("mail address", "an e-mail address, or NAME <ADDRESS>", _mailbox)
NETWORKS = Kind(
    "addresses",
    "IP addresses or networks such as 10.0.0.0/8 (a list in the file, separated by commas "
    "elsewhere)",
    _networks,
)
