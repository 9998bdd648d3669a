# ruff: noqa: RUF009 - `setting` makes a `dataclasses.field`, which is no shared default
"""Every setting, documented where it is defined.

docs/settings.md and the flags of `holdfast serve` are generated from these definitions.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from holdfast.config import kinds, values
from holdfast.config.definition import Setting, setting, shown
from holdfast.config.limits import LimitSettings
from holdfast.config.media import MediaSettings
from holdfast.config.people import PeopleSettings
from holdfast.config.push import PushSettings
from holdfast.config.rooms import RoomSettings
from holdfast.config.values import Network, SmtpServer, is_loopback

Registration = Literal["open", "token", "closed"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Settings(LimitSettings, PeopleSettings, PushSettings, MediaSettings, RoomSettings):
    """All settings of one server; frozen. Times are in seconds, sizes in bytes."""

    server_name: str = setting(
        "server.name",
        kinds.SERVER_NAME,
        "localhost",
        "The name of the homeserver: the part after the colon in `@alice:example.org`. It is "
        "written into everything the server makes and cannot be changed later.",
    )
    public_url: str = setting(
        "server.public_url",
        kinds.PUBLIC_URL,
        "",
        "Where people and clients reach the server. Links in mails are built from it, never "
        "from what a request says.",
        fallback="`http://HOST:PORT`",
    )
    host: str = setting(
        "server.host",
        kinds.HOST,
        "127.0.0.1",
        "The name or address to listen on. `0.0.0.0` and `::` mean every address of the machine.",
    )
    port: int = setting("server.port", kinds.whole(1, 65535), 8008, "The TCP port to listen on.")
    workers: int = setting(
        "server.workers",
        kinds.whole(1, 256),
        1,
        "How many processes serve requests. More than one needs PostgreSQL.",
    )
    data_dir: Path = setting(
        "server.data_dir",
        kinds.PATH,
        Path("holdfast-data"),
        "The directory for what the server keeps in files. It is made at the first start, "
        "readable by its owner only.",
    )
    database: str = setting(
        "server.database",
        kinds.DATABASE,
        "",
        "Where accounts and everything else are kept. What follows `sqlite:///` is a path, "
        "relative unless it begins with a slash of its own.",
        fallback="`sqlite:///DATA_DIR/holdfast.db`",
        secret=True,
    )
    admin_contact: str = setting(
        "server.admin_contact",
        kinds.LINE,
        "",
        "Whom people can turn to: an e-mail address, a Matrix user ID or a URL. Shown to "
        "clients at `/.well-known/matrix/support`.",
        fallback="nobody is named",
    )
    trusted_proxies: tuple[Network, ...] = setting(
        "server.trusted_proxies",
        kinds.NETWORKS,
        (),
        "The reverse proxies whose `X-Forwarded-For` is believed. From anywhere else the header "
        "is ignored.",
        fallback="none",
    )
    max_body_bytes: int = setting(
        "server.max_body_bytes",
        kinds.size(1 << 16, 1 << 30),
        1 << 20,
        "The largest request body that is accepted.",
    )
    header_timeout: int = setting(
        "server.header_timeout",
        kinds.duration(1, 600),
        10,
        "How long a connection may take to send the head of a request.",
    )
    body_timeout: int = setting(
        "server.body_timeout",
        kinds.duration(1, 3600),
        60,
        "How long a client may take to send the body of a request.",
    )
    registration: Registration | None = setting(
        "registration.mode",
        kinds.choice("open", "token", "closed"),
        None,
        "Who may create an account: everybody, those who hold a registration token, or nobody.",
        fallback="`open` while only this machine can reach the server, otherwise `token`",
    )
    smtp_url: SmtpServer | None = setting(
        "mail.smtp_url",
        kinds.SMTP_URL,
        None,
        "The mail server that takes the mails: `smtp://` talks plainly, `smtp+starttls://` "
        "insists on STARTTLS, `smtps://` uses TLS from the start. The usual ports are 25, 587 "
        "and 465. The file or the environment is the place for a password: flags can be seen by "
        "everyone on the machine.",
        fallback="no mail is sent; on a laptop a development mailbox shows it instead",
        secret=True,
    )
    mail_from: str = setting(
        "mail.from",
        kinds.MAILBOX,
        "",
        "The sender of the mails.",
        fallback="`Holdfast <no-reply@SERVER_NAME>`",
    )
    mail_templates_dir: Path | None = setting(
        "mail.templates_dir",
        kinds.PATH,
        None,
        "A directory of templates that are used in place of the built-in ones of the same name.",
        fallback="the built-in templates",
    )
    password_policy: bool = setting(
        "passwords.policy",
        kinds.SWITCH,
        True,
        "Whether new account passwords must be at least 8 characters, not a common password and "
        "not made of the user's own name or address.",
    )
    argon2_memory_kib: int = setting(
        "passwords.argon2_memory_kib",
        kinds.whole(8, 4 << 20),
        19456,
        "The memory, in KiB, that hashing one account password takes (Argon2id). When it rises, "
        "each password is hashed anew at the next sign-in.",
    )
    argon2_time_cost: int = setting(
        "passwords.argon2_time_cost",
        kinds.whole(1, 1000),
        2,
        "How many passes over that memory hashing takes.",
    )
    on_password_change: Literal["lock", "remove"] = setting(
        "sessions.on_password_change",
        kinds.choice("lock", "remove"),
        "lock",
        "What happens to the other sessions when the account password changes and the client "
        "does not choose: `lock` signs them out but lets them come back with all their keys, "
        "`remove` deletes them.",
    )
    locked_lifetime: int = setting(
        "sessions.locked_lifetime",
        kinds.duration(60, 3650 * 86400),
        30 * 86400,
        "How long a locked session is kept before it is removed.",
    )
    key_backup_undo_lifetime: int = setting(
        "key_backup.undo_lifetime",
        kinds.duration(60, 3650 * 86400),
        30 * 86400,
        "How long what held keys can be brought back: replaced and deleted room keys, replaced and "
        "deleted key backups, and what removed sessions had published.",
    )
    access_token_lifetime: int = setting(
        "sessions.access_token_lifetime",
        kinds.duration(5, 365 * 86400),
        3600,
        "How long an access token works for clients that can refresh it. For other clients it "
        "does not expire.",
    )
    sms_gateway_url: str = setting(
        "sms.gateway_url",
        kinds.WEB_URL,
        "",
        "The HTTP gateway that text messages are handed to.",
        fallback="phone numbers cannot be confirmed",
        secret=True,
    )
    log_format: Literal["text", "json"] = setting(
        "log.format",
        kinds.choice("text", "json"),
        "text",
        "How log lines look: for people, or one JSON object a line.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "log.level",
        kinds.choice("debug", "info", "warning", "error"),
        "info",
        "The least important lines that are logged.",
    )

    def __post_init__(self) -> None:
        """Fill in the defaults that follow from other settings."""
        for name, derived in (
            ("public_url", values.own_url(self.host, self.port)),
            ("database", f"sqlite:///{self.data_dir / 'holdfast.db'}"),
            ("mail_from", f"Holdfast <no-reply@{values.mail_domain(self.server_name)}>"),
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
            and is_loopback(values.url_host(self.public_url))
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


SETTINGS = tuple(
    Setting(field=each.name, default=each.default, **each.metadata)
    for each in dataclasses.fields(Settings)
)
"""Every setting, in the order in which they are documented."""
