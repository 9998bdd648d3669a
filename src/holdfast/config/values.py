"""The small types that settings hold, and how an operator writes them."""

import ipaddress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

SmtpSecurity = Literal["smtp", "smtp+starttls", "smtps"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Limit:
    """How often something may happen.

    `count` times per `seconds` in the long run, and `burst` times at once after a quiet spell.
    """

    count: int
    seconds: int
    burst: int

    def __str__(self) -> str:
        return f"{self.count} per {duration_text(self.seconds)}, burst {self.burst}"


@dataclass(frozen=True)
class SmtpServer:
    """The mail server that takes our mail, and how to talk to it.

    `security` is the URL's scheme: `smtp` (plain), `smtp+starttls` (STARTTLS must be offered, or
    nothing is sent) or `smtps` (TLS from the first byte). `user` and `password` are None when no
    login is wanted.
    """

    host: str
    port: int
    security: SmtpSecurity
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def exposes_password(self) -> bool:
        """Whether the password would cross a network unencrypted."""
        return self.password is not None and self.security == "smtp" and not is_loopback(self.host)

    def __str__(self) -> str:
        login = f"{self.user}:***@" if self.user else ""
        return f"{self.security}://{login}{bracketed(self.host)}:{self.port}"


def bracketed(host: str) -> str:
    """Return `host` as it stands in a URL: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host` (a name or an address)."""
    if host.lower() in {"localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_url(host: str, port: int) -> str:
    """Return where this machine reaches a server that listens on `host` and `port`."""
    reachable = "localhost" if host in {"0.0.0.0", "::"} else bracketed(host)  # noqa: S104 - compared
    return f"http://{reachable}:{port}"


def mail_domain(server_name: str) -> str:
    """Return the part after the `@` in mail addresses of the server called `server_name`."""
    host = urlsplit(f"//{server_name}").hostname or server_name
    return f"[IPv6:{host}]" if ":" in host else host


def url_host(url: str) -> str:
    """Return the host in `url`, without brackets; empty when there is none."""
    return urlsplit(url).hostname or ""


def duration_text(seconds: int) -> str:
    """Return `seconds` in the largest unit that holds it exactly, such as `30d` or `90s`."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def size_text(size: int) -> str:
    """Return `size` bytes in the largest unit that holds it exactly, such as `1MiB`."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size and size % factor == 0:
            return f"{size // factor}{unit}"
    return f"{size} bytes"
