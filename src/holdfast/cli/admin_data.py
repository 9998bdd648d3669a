"""Reaching the data of a server from a command."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from holdfast.cli.options import Failure, loaded, setting_options
from holdfast.cli.prepare import opened
from holdfast.config import Settings
from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import user_id_from
from holdfast.credentials.rules import Account
from holdfast.kit import log
from holdfast.kit.db import Tx

T = TypeVar("T")

where = setting_options("server_name", "data_dir", "database")
"""The flags that say which server's data is meant."""


def settings_of(config: Path | None, flags: Mapping[str, str | None]) -> Settings:
    """Return the settings of the server that the flags, the environment and the file name.

    Raises:
        Failure: they cannot be used, or that server has no data yet.
    """
    settings = loaded(config, flags).settings
    log.configure(settings.log_format, "warning")
    file = settings.sqlite_path
    if file is not None and not file.exists():
        raise Failure(
            f"There is no database at {file.absolute()}. Name the server's settings with --config, "
            "--data-dir or --database; if it has never run, start it once."
        )
    return settings


def write(settings: Settings, rule: Callable[[Tx], T]) -> T:
    """Run `rule` in a transaction.

    Raises:
        Failure: the database cannot be used.
    """
    database = opened(settings)
    try:
        return database.run_now(rule)
    finally:
        database.close_now()


def account_named(settings: Settings, user: str) -> Account:
    """Return the account that `user` names: a user ID or the part before the colon.

    Raises:
        Failure: there is none, or the database cannot be used.
    """
    user_id = user_id_from(user, settings.server_name)
    account = write(settings, lambda tx: credentials.account(tx, user_id or ""))
    if account is None:
        raise Failure(f"There is no account {user} on {settings.server_name}.")
    return account


def day(milliseconds: int) -> str:
    """Return a time (UTC) as it stands in a list."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
