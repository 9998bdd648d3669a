"""The sentences of the mails: one TOML file per language, an operator's laid over ours."""

import tomllib
from pathlib import Path
from typing import Any

from holdfast.kit.http.request import LANGUAGES
from holdfast.kit.mail.kinds import KINDS

SHIPPED = Path(__file__).parent / "templates"

Catalogue = dict[str, Any]
_COUNTED = ("dates.", "counts.")


class BadTemplate(Exception):
    """A template or catalogue cannot be used. The text names the file and what is wrong."""


def load_catalogue(language: str, override: Path | None) -> Catalogue:
    """The sentences in `language`, with those from the operator's directory in place of ours.

    Raises:
        BadTemplate: the operator's file cannot be read, or holds something ours does not.
    """
    shipped = _read(SHIPPED / f"{language}.toml")
    path = override / f"{language}.toml" if override else None
    if path is None or not path.exists():
        return shipped
    return _laid_over(shipped, _read(path), path, "")


def check_directory(override: Path) -> None:
    """See that every file in the operator's directory is one that would be used.

    A misspelt name would otherwise be left out without a word.

    Raises:
        BadTemplate: the directory is missing, or a file in it has another name.
    """
    known = {f"{language}.toml" for language in LANGUAGES} | {"mail.txt", "mail.html"}
    known |= {f"{kind.name}.{end}" for kind in KINDS for end in ("txt", "html")}
    try:
        names = sorted(path.name for path in override.iterdir())
    except OSError as error:
        raise BadTemplate(f"{override}: {error.strerror or error}") from error
    for name in names:
        if name not in known and not name.startswith("."):
            raise BadTemplate(f"{override / name}: expected one of {', '.join(sorted(known))}")


def _read(path: Path) -> Catalogue:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTemplate(f"{path}: {error}") from error


def _laid_over(ours: Catalogue, theirs: Catalogue, path: Path, where: str) -> Catalogue:
    """`ours` with what `theirs` holds in its place, section by section."""
    merged = dict(ours)
    for key, value in theirs.items():
        name = f"{where}{key}"
        if key not in ours:
            raise BadTemplate(f"{path}: there is no '{name}' in the shipped file")
        if not _alike(ours[key], value, counted=where in _COUNTED):
            raise BadTemplate(f"{path}: '{name}' must look as in the shipped file")
        is_table = isinstance(value, dict)
        merged[key] = _laid_over(ours[key], value, path, f"{name}.") if is_table else value
    return merged


def _alike(ours: Any, theirs: Any, *, counted: bool) -> bool:
    """Whether both are texts, both tables, or both lists of texts (of one length if `counted`)."""
    if isinstance(ours, list):
        texts = isinstance(theirs, list) and all(isinstance(item, str) for item in theirs)
        return texts and (len(ours) == len(theirs) or not counted)
    return isinstance(theirs, type(ours))
