"""Reaching the data of a server from a command."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from holdfast.cli.options import Failure, loaded, setting_options
from holdfast.cli.prepare import opened
from holdfast.config import Settings
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


def day(milliseconds: int) -> str:
    """Return a time (UTC) as it stands in a list."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M")
