"""What a setting is: the words with which `Settings` documents its fields."""

import dataclasses
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from holdfast.config.kinds import Kind
from holdfast.config.values import duration_text, size_text


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
        return duration_text(value)
    if isinstance(value, int) and setting.kind.name == "size":
        return size_text(value)
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


def setting(
    key: str,
    kind: Kind,
    default: object,
    text: str,
    *,
    fallback: str = "",
    secret: bool = False,
) -> Any:
    """Define a field of `Settings`; the parameters are those of `Setting`."""
    about = {"key": key, "kind": kind, "text": text, "fallback": fallback, "secret": secret}
    return dataclasses.field(default=cast("Any", default), metadata=about)
