"""The log: one line per event, readable by people or (`log.format = "json"`) by programs.

Lines go to standard error. Every line carries what is bound to the current request, such as its
`request_id`, and no line carries a secret: values are masked by their key, and what looks like a
secret inside a longer text is masked too.
"""

import asyncio
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

MASK = "***"
_SECRET_WORD = re.compile(
    r"(auth|authorization|cookie|credentials?|passphrase|passwords?|pushkey|secrets?|signature"
    r"|tokens?)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Za-z][a-z]*")
# Each with a piece of text without which it cannot match: looking for that costs next to nothing,
# and nearly no value of a line has any.
_IN_TEXT = (
    (
        "=",
        re.compile(r"((?:\w*token|\w*password|\w*secret|sid)=)[^&\s\"']+", re.IGNORECASE),
        r"\1***",
    ),
    (" ", re.compile(r"\b(Bearer +)\S+", re.IGNORECASE), r"\1***"),
    ("@", re.compile(r"(\w://[^/\s:@]*:)[^@\s/]+@"), r"\1***@"),
    ("/reset#", re.compile(r"(/reset#)[^\s\"']+"), r"\1***"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NEEDS_QUOTES = re.compile(r'[\s"=]|^$')
_DEEPEST = 6
_COLOURS = {"debug": "2", "info": "32", "warning": "33", "error": "31", "critical": "31;1"}


def logger(name: str) -> FilteringBoundLogger:
    """Return the logger of the module called `name`.

    Call it with the event's name and its facts: `log.info("mail.sent", attempts=2)`.
    """
    bound: FilteringBoundLogger = structlog.get_logger(module=name)
    return bound


def configure(form: str, level: str, stream: TextIO | None = None) -> None:
    """Set up the log of this process, for our own events and for those of the libraries.

    `form` is `text` or `json`, `level` the least important level that is logged, and `stream`
    where lines go (standard error by default). Colours are used on a terminal only.
    """
    stream = stream or sys.stderr
    render = as_json if form == "json" else AsText(colours=stream.isatty())
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _describe, redact, render],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_Library()]
    root.setLevel(max(least, logging.WARNING))
    # The pool repeats itself while the database is away; whoever asked it gets an error anyway.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)


class _Library(logging.Handler):
    """Takes what libraries log (warnings and worse) into our own lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log `record` as an event of ours, unless it only says that a request was given up."""
        if record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError):
            return
        facts: dict[str, Any] = {"text": record.getMessage()}
        if record.exc_info:
            facts["exc_info"] = record.exc_info
        logger(record.name).log(record.levelno, "library", **facts)


def _describe(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add the time and the level; turn an exception into its traceback, without variables."""
    event["time"] = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event["level"] = "error" if method == "exception" else method
    failure = _failure(event.pop("exc_info", None))
    if failure is not None:
        event["traceback"] = "".join(traceback.format_exception(failure)).rstrip()
    return event


def _failure(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        parts: tuple[type[BaseException], BaseException, TracebackType | None] = given
        return parts[1]
    return sys.exception() if given else None


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every secret in `event`, however deep it sits."""
    return {key: _masked(key, value, 0) for key, value in event.items()}


def _masked(key: object, value: object, depth: int) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if _is_secret(str(key)) or depth > _DEEPEST:
        return MASK
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping):
        return {str(name): _masked(name, each, depth + 1) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(key, each, depth + 1) for each in value]
    return f"{len(value)} bytes" if isinstance(value, bytes) else without_secrets(str(value))


@lru_cache(1024)  # the same few names, line after line
def _is_secret(key: str) -> bool:
    return any(map(_SECRET_WORD.fullmatch, _WORDS.findall(key)))


def without_secrets(text: str) -> str:
    """Return `text` with what looks like a token, a password or a reset link masked."""
    for needed, pattern, replacement in _IN_TEXT:
        if needed in text:
            text = pattern.sub(replacement, text)
    return text


def as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One JSON object, the time, level and event first."""
    first = {name: event.pop(name, None) for name in ("time", "level", "event")}
    return msgspec.json.encode(first | dict(event), enc_hook=str).decode()


class AsText:
    """One line for people; a traceback follows on lines of its own."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def __call__(
        self, _logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]
    ) -> str:
        """Return the line for `event`."""
        level = event.pop("level")
        head = f"{event.pop('time')} {self._painted(level)} {_shown(event.pop('event'))}"
        failure = event.pop("traceback", None)
        event.pop("module", None)
        facts = [f"{key}={_quoted(value)}" for key, value in event.items() if value is not None]
        line = "  ".join([head, " ".join(facts)]).rstrip()
        return line if failure is None else f"{line}\n{failure}"

    def _painted(self, level: str) -> str:
        word = f"{level:<7}"
        return f"\x1b[{_COLOURS.get(level, '0')}m{word}\x1b[0m" if self._colours else word


def _shown(value: object) -> str:
    """Return `value` on one line: a line break in it cannot fake a line of the log."""
    text = str(value)
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def _quoted(value: object) -> str:
    if isinstance(value, int | float):
        return str(value)
    text = _shown(value)
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"' if _NEEDS_QUOTES.search(text) else text
