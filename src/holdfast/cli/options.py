"""The flags of the commands, made from the definitions of the settings."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from holdfast.config import SETTINGS, Loaded, Setting, SettingsError, load

Command = TypeVar("Command", bound=Callable[..., Any])


class Failure(click.ClickException):
    """What was asked for cannot be done; one clear sentence says why, and the exit code is 1."""


def setting_options(*fields: str) -> Callable[[Command], Command]:
    """Give a command `--config` and the flags of the settings called `fields` (or of all).

    The command receives `config` and the texts of the flags by field name; `loaded` makes
    settings of them.
    """

    def decorate(command: Command) -> Command:
        wanted = [each for each in SETTINGS if not fields or each.field in fields]
        for setting in reversed(wanted):
            command = _option(setting)(command)
        return _config(command)

    return decorate


_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file with the settings. Without it, HOLDFAST_CONFIG names the file, and without "
    "that ./holdfast.toml is read if it exists.",
)


def _option(setting: Setting) -> Callable[[Command], Command]:
    return click.option(
        setting.flag_name,
        setting.field,
        metavar=metavar(setting),
        help=f"{setting.text} [default: {setting.default_text}]".replace("`", ""),
    )


def metavar(setting: Setting) -> str:
    """Return what stands for the value in the help."""
    if setting.kind.name in {"choice", "switch"}:
        return setting.kind.expects.replace(" or ", "|").replace(", ", "|")
    return setting.kind.name.upper().replace(" ", "-")


def loaded(config: Path | None, flags: Mapping[str, str | None]) -> Loaded:
    """Return the settings that the flags, the environment and the file make.

    Raises:
        Failure: a setting is unknown or malformed.
    """
    try:
        return load(config, flags=flags)
    except SettingsError as error:
        raise Failure(str(error)) from None
