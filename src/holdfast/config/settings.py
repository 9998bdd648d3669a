# ruff: noqa: RUF009 - `_setting` makes a `dataclasses.field`, which is no shared default
"""Every setting, documented where it is defined.

docs/settings.md and the flags of `holdfast serve` are generated from these definitions.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit, urlunsplit

from holdfast.config import values
from holdfast.config.values import Kind, Limit, Network, SmtpUrl, bracketed, is_loopback

Registration = Literal["open", "token", "closed"]
ROOM_VERSIONS = tuple(str(number) for number in range(1, 13))


@dataclass(frozen=True)
class Setting:
    """What is known about one setting.

    `key` is its name in the file (`section.name`), `fallback` says in words what holds when it
    is not set and the default cannot say it, and `secret` keeps its value out of all output.
    """

    field: str
    key: str
    kind: Kind
    default: Any
    text: str
    fallback: str = ""
    secret: bool = False

    @property
    def environment(self) -> str:
        """The environment variable that sets it."""
        return f"HOLDFAST_{self.field.upper()}"

    @property
    def flag_name(self) -> str:
        """The flag that sets it."""
        return "--" + self.field.replace("_", "-")

    @property
    def default_text(self) -> str:
        """The default in words, as an operator would write it."""
        return self.fallback or shown(self, self.default)


def shown(setting: Setting, value: object) -> str:
    """Return `value` as an operator would write it, with secrets masked."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, int) and setting.kind.name == "duration":
        return values.duration_text(value)
    if isinstance(value, int) and setting.kind.name == "size":
        return values.size_text(value)
    if setting.field == "database" and isinstance(value, str):
        return without_password(value)
    return "***" if setting.secret and value and isinstance(value, str) else str(value)


def without_password(url: str) -> str:
    """Return `url` with the password in it, if any, masked."""
    parts = urlsplit(url)
    if parts.password is None and "password" not in parts.query:
        return url
    netloc = f"{parts.username}:***@{parts.netloc.rpartition('@')[2]}" if parts.password else ""
    query = "***" if "password" in parts.query else parts.query
    return urlunsplit(parts._replace(netloc=netloc or parts.netloc, query=query))


def _setting(
    key: str,
    kind: Kind,
    default: object,
    text: str,
    *,
    fallback: str = "",
    secret: bool = False,
) -> Any:
    about = {"key": key, "kind": kind, "text": text, "fallback": fallback, "secret": secret}
    return dataclasses.field(default=cast("Any", default), metadata=about)


@dataclass(frozen=True, kw_only=True, repr=False)
class Settings:
    """All settings of one server; frozen. Times are in seconds, sizes in bytes."""

    server_name: str = _setting(
        "server.name",
        values.SERVER_NAME,
        "localhost",
        "The name of the homeserver: the part after the colon in `@alice:example.org`. It is "
        "written into everything the server makes and cannot be changed later.",
    )
    public_url: str = _setting(
        "server.public_url",
        values.PUBLIC_URL,
        "",
        "Where people and clients reach the server. Links in mails are built from it, never "
        "from what a request says.",
        fallback="`http://HOST:PORT`",
    )
    host: str = _setting(
        "server.host",
        values.HOST,
        "127.0.0.1",
        "The name or address to listen on. `0.0.0.0` and `::` mean every address of the machine.",
    )
    port: int = _setting("server.port", values.whole(1, 65535), 8008, "The TCP port to listen on.")
    workers: int = _setting(
        "server.workers",
        values.whole(1, 256),
        1,
        "How many processes serve requests. More than one needs PostgreSQL.",
    )
    data_dir: Path = _setting(
        "server.data_dir",
        values.PATH,
        Path("holdfast-data"),
        "The directory for what the server keeps in files. It is made at the first start, "
        "readable by its owner only.",
    )
    database: str = _setting(
        "server.database",
        values.DATABASE,
        "",
        "Where accounts and everything else are kept. What follows `sqlite:///` is a path, "
        "relative unless it begins with a slash of its own.",
        fallback="`sqlite:///DATA_DIR/holdfast.db`",
        secret=True,
    )
    admin_contact: str = _setting(
        "server.admin_contact",
        values.LINE,
        "",
        "Whom people can turn to: an e-mail address, a Matrix user ID or a URL. Shown to "
        "clients at `/.well-known/matrix/support`.",
        fallback="nobody is named",
    )
    trusted_proxies: tuple[Network, ...] = _setting(
        "server.trusted_proxies",
        values.NETWORKS,
        (),
        "The reverse proxies whose `X-Forwarded-For` is believed. From anywhere else the header "
        "is ignored.",
        fallback="none",
    )
    max_body_bytes: int = _setting(
        "server.max_body_bytes",
        values.size(1 << 16, 1 << 30),
        1 << 20,
        "The largest request body that is accepted.",
    )
    header_timeout: int = _setting(
        "server.header_timeout",
        values.duration(1, 600),
        10,
        "How long a connection may take to send the head of a request.",
    )
    body_timeout: int = _setting(
        "server.body_timeout",
        values.duration(1, 3600),
        60,
        "How long a client may take to send the body of a request.",
    )
    registration: Registration | None = _setting(
        "registration.mode",
        values.choice("open", "token", "closed"),
        None,
        "Who may create an account: everybody, those who hold a registration token, or nobody.",
        fallback="`open` while only this machine can reach the server, otherwise `token`",
    )
    smtp_url: SmtpUrl | None = _setting(
        "mail.smtp_url",
        values.SMTP_URL,
        None,
        "The mail server that takes the mails: `smtp://` talks plainly, `smtp+starttls://` "
        "insists on STARTTLS, `smtps://` uses TLS from the start. The usual ports are 25, 587 "
        "and 465. The file or the environment is the place for a password: flags can be seen by "
        "everyone on the machine.",
        fallback="no mail is sent; on a laptop a development mailbox shows it instead",
        secret=True,
    )
    mail_from: str = _setting(
        "mail.from",
        values.MAILBOX,
        "",
        "The sender of the mails.",
        fallback="`Holdfast <no-reply@SERVER_NAME>`",
    )
    mail_templates_dir: Path | None = _setting(
        "mail.templates_dir",
        values.PATH,
        None,
        "A directory of templates that are used in place of the built-in ones of the same name.",
        fallback="the built-in templates",
    )
    rate_limits: bool = _setting(
        "limits.enabled",
        values.SWITCH,
        True,
        "Whether the limits below hold. Switch them off for load tests only.",
    )
    login_limit: Limit = _setting(
        "limits.login",
        values.LIMIT,
        Limit(10, 60, 20),
        "Tries to sign in, right or wrong, from one address and for one account.",
    )
    failed_login_limit: Limit = _setting(
        "limits.failed_login",
        values.LIMIT,
        Limit(5, 300, 10),
        "Failed tries to sign in, from one address and for one account. Sessions that are "
        "signed in already are not affected.",
    )
    register_limit: Limit = _setting(
        "limits.register",
        values.LIMIT,
        Limit(5, 3600, 10),
        "New accounts from one address.",
    )
    request_token_limit: Limit = _setting(
        "limits.request_token",
        values.LIMIT,
        Limit(10, 3600, 5),
        "Mails and text messages that somebody asks for, from one address and to one recipient.",
    )
    uia_limit: Limit = _setting(
        "limits.uia",
        values.LIMIT,
        Limit(20, 300, 20),
        "Tries to prove who is asking, for one account and from one address.",
    )
    password_policy: bool = _setting(
        "passwords.policy",
        values.SWITCH,
        True,
        "Whether new account passwords must be at least 8 characters, not a common password and "
        "not made of the user's own name or address.",
    )
    argon2_memory_kib: int = _setting(
        "passwords.argon2_memory_kib",
        values.whole(8, 4 << 20),
        19456,
        "The memory, in KiB, that hashing one account password takes (Argon2id). When it rises, "
        "each password is hashed anew at the next sign-in.",
    )
    argon2_time_cost: int = _setting(
        "passwords.argon2_time_cost",
        values.whole(1, 1000),
        2,
        "How many passes over that memory hashing takes.",
    )
    default_room_version: str = _setting(
        "rooms.default_version",
        values.choice(*ROOM_VERSIONS),
        "12",
        "The version of rooms that are created without asking for one.",
    )
    on_password_change: Literal["lock", "remove"] = _setting(
        "sessions.on_password_change",
        values.choice("lock", "remove"),
        "lock",
        "What happens to the other sessions when the account password changes and the client "
        "does not choose: `lock` signs them out but lets them come back with all their keys, "
        "`remove` deletes them.",
    )
    locked_lifetime: int = _setting(
        "sessions.locked_lifetime",
        values.duration(60, 3650 * 86400),
        30 * 86400,
        "How long a locked session is kept before it is removed.",
    )
    access_token_lifetime: int = _setting(
        "sessions.access_token_lifetime",
        values.duration(5, 365 * 86400),
        3600,
        "How long an access token works for clients that can refresh it. For other clients it "
        "does not expire.",
    )
    sms_gateway_url: str = _setting(
        "sms.gateway_url",
        values.WEB_URL,
        "",
        "The HTTP gateway that text messages are handed to.",
        fallback="phone numbers cannot be confirmed",
        secret=True,
    )
    log_format: Literal["text", "json"] = _setting(
        "log.format",
        values.choice("text", "json"),
        "text",
        "How log lines look: for people, or one JSON object a line.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "log.level",
        values.choice("debug", "info", "warning", "error"),
        "info",
        "The least important lines that are logged.",
    )

    def __post_init__(self) -> None:
        """Fill in the defaults that follow from other settings."""
        for name, derived in (
            ("public_url", _own_url(self.host, self.port)),
            ("database", f"sqlite:///{self.data_dir / 'holdfast.db'}"),
            ("mail_from", f"Holdfast <no-reply@{_name_without_port(self.server_name)}>"),
        ):
            if not getattr(self, name):
                object.__setattr__(self, name, derived)

    @property
    def bound_to_loopback(self) -> bool:
        """Whether the server listens on this machine's loopback address only."""
        return is_loopback(self.host)

    @property
    def only_for_this_machine(self) -> bool:
        """Whether only people on this machine can reach the server.

        A public URL elsewhere, or a trusted proxy, says that a reverse proxy in front of the
        loopback address lets others in.
        """
        return (
            self.bound_to_loopback
            and is_loopback(urlsplit(self.public_url).hostname or "")
            and not self.trusted_proxies
        )

    @property
    def effective_registration(self) -> Registration:
        """Who may create an account, whether it was set or follows from the rest."""
        return self.registration or ("open" if self.only_for_this_machine else "token")

    @property
    def development_mailbox(self) -> bool:
        """Whether mails are shown at `/_holdfast/mailbox` instead of being sent."""
        return self.only_for_this_machine and self.smtp_url is None

    @property
    def mail_enabled(self) -> bool:
        """Whether a mail reaches anybody."""
        return self.smtp_url is not None or self.development_mailbox

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None with PostgreSQL."""
        path = self.database.removeprefix("sqlite:///")
        return None if path == self.database else Path(path)

    def __repr__(self) -> str:
        parts = (f"{each.field}={shown(each, getattr(self, each.field))!r}" for each in SETTINGS)
        return f"Settings({', '.join(parts)})"


def _own_url(host: str, port: int) -> str:
    reachable = "localhost" if host in {"0.0.0.0", "::"} else bracketed(host)  # noqa: S104
    return f"http://{reachable}:{port}"


def _name_without_port(server_name: str) -> str:
    host = urlsplit(f"//{server_name}").hostname or server_name
    return f"[IPv6:{host}]" if ":" in host else host


SETTINGS = tuple(
    Setting(field=each.name, default=each.default, **each.metadata)
    for each in dataclasses.fields(Settings)
)
"""Every setting, in the order in which they are documented."""
