"""From a kind of mail to its subject, text and HTML, in the reader's language."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    select_autoescape,
)
from markupsafe import Markup, escape

from holdfast.kit.http.request import LANGUAGES
from holdfast.kit.mail.catalogue import (
    SHIPPED,
    BadTemplate,
    Catalogue,
    check_directory,
    load_catalogue,
)
from holdfast.kit.mail.harmless import harmless
from holdfast.kit.mail.kinds import Kind, Notice, PasswordNotice
from holdfast.kit.mail.samples import samples

DEFAULT_LANGUAGE = "en"
_CHOSEN_BY_OTHERS = ("address", "client", "session")
_FACTS = ("email", "phone", "when", "address", "client", "session")
_OUTCOMES = ("kept", "locked", "removed")


@dataclass(frozen=True, slots=True)
class Site:
    """What every mail may say about the server it comes from."""

    server_name: str
    public_url: str
    admin_contact: str


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's words, ready to be addressed."""

    subject: str
    text: str
    html: str


class Templates:
    """The shipped templates, with an operator's own in their place where there are any."""

    def __init__(self, site: Site, override: Path | None = None) -> None:
        """Read the catalogues; with `override`, also try every mail in every language.

        Raises:
            BadTemplate: something in `override` cannot be used.
        """
        self._site = site
        paths = [override, SHIPPED] if override else [SHIPPED]
        self._env = Environment(
            loader=FileSystemLoader(paths),
            autoescape=select_autoescape(("html",), default_for_string=False),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )
        self._env.filters["linked"] = self._linked
        if override:
            check_directory(override)
        self._catalogues = {name: load_catalogue(name, override) for name in LANGUAGES}
        self._compiled = cache(self._env.from_string)
        if override:
            self._try_everything(override)

    def write(self, kind: Kind, language: str) -> Written:
        """Write a mail of this kind in `language` (in English when it is none of ours)."""
        if language not in LANGUAGES:
            language = DEFAULT_LANGUAGE
        catalogue = self._catalogues[language]
        fields = _fields(kind)
        words = self._words(catalogue, kind.name, fields)
        values: dict[str, Any] = {
            **asdict(self._site),
            "language": language,
            "link": fields.get("link", ""),
            "facts": list(self._facts(catalogue, kind, fields)),
            "counts": list(self._counts(catalogue, kind)),
            **words,
        }
        if isinstance(kind, Notice) and kind.lock_link:
            values["not_you"] = [self._fill(catalogue["lock"]["text"], fields), *words["not_you"]]
        text = self._layout(kind, "txt").render(values)
        return Written(words["subject"], text, self._layout(kind, "html").render(values))

    def _words(self, catalogue: Catalogue, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """The sentences of this kind and those common to all, with their names filled in."""
        common = {key: self._fill(text, fields) for key, text in catalogue["common"].items()}
        if not self._site.admin_contact:
            common["contact"] = ""
        words: dict[str, Any] = {"common": common, "button": ""}
        for key, value in catalogue[name].items():
            if isinstance(value, list):
                words[key] = [self._fill(text, fields) for text in value]
            else:
                words[key] = self._fill(value, fields)
        return words

    def _fill(self, text: str, fields: dict[str, Any]) -> str:
        return str(self._compiled(text).render(**asdict(self._site), **fields))

    def _facts(
        self, catalogue: Catalogue, kind: Kind, fields: dict[str, Any]
    ) -> Iterator[tuple[str, str]]:
        """The rows of a notice: when it happened, and from where; what is unknown is left out."""
        if not isinstance(kind, Notice):
            return
        for name in _FACTS:
            value = self._date(catalogue, kind.when) if name == "when" else fields.get(name)
            if value:
                yield catalogue["labels"][name], value

    def _counts(self, catalogue: Catalogue, kind: Kind) -> Iterator[str]:
        """One sentence for each thing that happened to other sessions, with its number."""
        if not isinstance(kind, PasswordNotice):
            return
        numbers = {name: getattr(kind, name) for name in _OUTCOMES}
        if not any(numbers.values()):
            yield catalogue["counts"]["none"]
        for name, n in [*numbers.items(), ("at_risk", kind.at_risk)]:
            if n:
                yield self._fill(catalogue["counts"][name][n != 1], {"n": n, **asdict(kind)})
        if kind.messages and not kind.at_risk:
            yield catalogue["counts"]["covered"]

    def _date(self, catalogue: Catalogue, when: int) -> str:
        """A time in milliseconds, written out in words and as RFC 3339."""
        moment = datetime.fromtimestamp(when // 1000, UTC)
        dates = catalogue["dates"]
        parts = {
            "weekday": dates["weekdays"][moment.weekday()],
            "day": moment.day,
            "month": dates["months"][moment.month - 1],
            "year": moment.year,
            "time": f"{moment:%H:%M}",
            "iso": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        }
        return self._fill(dates["pattern"], parts)

    def _layout(self, kind: Kind, end: str) -> Template:
        return self._env.select_template([f"{kind.name}.{end}", f"mail.{end}"])

    def _linked(self, text: str) -> Markup:
        """`text` as HTML in which addresses of this server, and no others, can be clicked."""
        address = re.compile(re.escape(self._site.public_url) + r"/[\w/-]+")
        parts, end = [], 0
        for found in address.finditer(text):
            url = escape(found[0])
            link = Markup('<a class="link" href="{0}" style="color:#1f5fc4;">{0}</a>').format(url)
            parts += [escape(text[end : found.start()]), link]
            end = found.end()
        return Markup("").join([*parts, escape(text[end:])])

    def _try_everything(self, override: Path) -> None:
        """Write each kind of mail in each language, so that a mistake shows at the start."""
        for language in LANGUAGES:
            for kind in samples():
                try:
                    self.write(kind, language)
                except (TemplateError, LookupError) as error:
                    where = f"{override}: the mail '{kind.name}' in '{language}'"
                    raise BadTemplate(f"{where}: {error}") from error


def _fields(kind: Kind) -> dict[str, Any]:
    """What the sentences of this kind can name, with texts chosen by others made harmless."""
    fields = asdict(kind)
    for name in _CHOSEN_BY_OTHERS:
        if name in fields:
            fields[name] = harmless(fields[name])
    return fields
