"""Gathers the settings from the file, the environment and the flags, and checks them."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdfast.config.definition import Setting
from holdfast.config.settings import SETTINGS, Settings

CONFIG_VARIABLE = "HOLDFAST_CONFIG"
DEFAULT_FILE = Path("holdfast.toml")
_PREFIX = "HOLDFAST_"
_BY_KEY = {setting.key: setting for setting in SETTINGS}
_BY_FIELD = {setting.field: setting for setting in SETTINGS}
_BY_VARIABLE = {setting.environment: setting for setting in SETTINGS}


class SettingsError(ValueError):
    """A setting is unknown, malformed, or at odds with another; the text says which and where."""


@dataclass(frozen=True)
class Loaded:
    """The settings, and where each one that was set comes from (by field name)."""

    settings: Settings
    sources: Mapping[str, str]


@dataclass(frozen=True)
class _Given:
    value: object
    source: str


def load_settings(
    config: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, str | None] | None = None,
) -> Settings:
    """Return the settings; see `load` for the parameters and errors."""
    return load(config, environ=environ, flags=flags).settings


def load(
    config: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, str | None] | None = None,
) -> Loaded:
    """Gather the settings: a flag beats the environment, which beats the file.

    `config` is the file named on the command line; without one, `HOLDFAST_CONFIG` names it, and
    without that `holdfast.toml` in the working directory is read if it exists. `environ` defaults
    to the process's own environment; an empty variable counts as not set. `flags` holds texts by
    field name, None where a flag was not given. Raises `SettingsError`.
    """
    environ = os.environ if environ is None else environ
    given = _from_file(config, environ) | _from_environment(environ) | _from_flags(flags or {})
    settings = Settings(**{name: _parsed(_BY_FIELD[name], each) for name, each in given.items()})
    sources = {name: each.source for name, each in given.items()}
    _check_together(settings, sources)
    return Loaded(settings, sources)


def _parsed(setting: Setting, given: _Given) -> Any:
    try:
        return setting.kind.parse(given.value)
    except ValueError:
        # The cause may repeat what was given, which may hold a password.
        message = f"{given.source}: expected {setting.kind.expects}{_echo(setting, given.value)}."
        raise SettingsError(message) from None


def _echo(setting: Setting, value: object) -> str:
    if setting.secret or isinstance(value, dict | list):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f", not {text[:80]!r}"


def _from_file(config: Path | None, environ: Mapping[str, str]) -> dict[str, _Given]:
    named = config or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    if named is None and not DEFAULT_FILE.exists():
        return {}
    path = named or DEFAULT_FILE
    given = {}
    for key, value in _entries(path, _read(path)):
        if key not in _BY_KEY:
            raise SettingsError(f"{path}: there is no setting {key}{_hint(key, _BY_KEY)}.")
        given[_BY_KEY[key].field] = _Given(value, f"{path}: {key}")
    return given


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}).") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not valid TOML: it must be UTF-8.") from None


def _entries(path: Path, tables: dict[str, Any]) -> Iterable[tuple[str, object]]:
    sections = {key.partition(".")[0] for key in _BY_KEY}
    for section, table in tables.items():
        if not isinstance(table, dict):
            hint = _hint(section, _BY_KEY)
            raise SettingsError(f"{path}: there is no setting {section} outside a section{hint}.")
        if section not in sections:
            raise SettingsError(
                f"{path}: there is no section [{section}]{_hint(section, sections)}."
            )
        for name, value in table.items():
            yield f"{section}.{name}", value


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Given]:
    given = {}
    for name, value in environ.items():
        if not name.startswith(_PREFIX) or name == CONFIG_VARIABLE:
            continue
        if name not in _BY_VARIABLE:
            hint = _hint(name, [*_BY_VARIABLE, CONFIG_VARIABLE])
            raise SettingsError(f"environment variable {name}: there is no such setting{hint}.")
        if value.strip():
            given[_BY_VARIABLE[name].field] = _Given(value, f"environment variable {name}")
    return given


def _from_flags(flags: Mapping[str, str | None]) -> dict[str, _Given]:
    return {
        name: _Given(value, f"flag {_BY_FIELD[name].flag_name}")
        for name, value in flags.items()
        if value is not None
    }


def _hint(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean …?)" when `word` resembles one of `known`."""
    known = list(known)
    by_last_part = [each for each in known if each.rpartition(".")[2] == word.rpartition(".")[2]]
    near = by_last_part or difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    return f" (did you mean {near[0]}?)" if near else ""


def _check_together(settings: Settings, sources: Mapping[str, str]) -> None:
    if settings.workers > 1 and settings.sqlite_path is not None:
        raise SettingsError(
            f"{sources['workers']}: more than one worker needs PostgreSQL, because SQLite serves "
            "one process only; set the database to postgresql://… or leave workers at 1."
        )
