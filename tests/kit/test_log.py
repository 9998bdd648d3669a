"""Log lines: one per event, for people or programs, and never a secret."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from holdfast.kit.log import configure, logger

Log = Callable[..., io.StringIO]
SECRET = "hfa_geheim"


@pytest.fixture
def log() -> Iterator[Log]:
    """Set up the log into a text; what was set up before is put back."""
    root = logging.getLogger()
    before = structlog.get_config(), root.handlers, root.level

    def begin(form: str = "json", level: str = "info") -> io.StringIO:
        stream = io.StringIO()
        configure(form, level, stream)
        return stream

    yield begin
    structlog.configure(**before[0])
    root.handlers = before[1]
    root.setLevel(before[2])
    logging.captureWarnings(capture=False)


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_object_a_line(log: Log) -> None:
    stream = log()
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        logger("holdfast.some").info("mail.sent", attempts=2, ok=True)
    (event,) = events(stream)
    assert event.pop("time").endswith("Z")
    assert event == {
        "level": "info",
        "event": "mail.sent",
        "module": "holdfast.some",
        "attempts": 2,
        "ok": True,
        "request_id": "r1",
    }


def test_one_line_for_people(log: Log) -> None:
    stream = log("text")
    logger("holdfast.some").warning("mail.late", to="two words", nothing=None)
    assert stream.getvalue().split(" ", 1)[1] == 'warning mail.late  to="two words"\n'


def test_a_value_cannot_fake_a_line(log: Log) -> None:
    stream = log("text")
    logger("x").info("session.named", name="a\n2030-01-01 info    all.well\x1b[31m")
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_only_what_is_important_enough(log: Log) -> None:
    stream = log(level="warning")
    logger("x").info("little")
    logger("x").error("big")
    assert [event["event"] for event in events(stream)] == ["big"]


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "facts",
    [
        {"access_token": SECRET},
        {"refreshToken": SECRET},
        {"new_password": SECRET},
        {"headers": {"Authorization": f"Basic {SECRET}"}},
        {"body": {"auth": {"session": SECRET}}},
        {"deep": [{"list": [{"client_secret": SECRET}]}]},
        {"text": f"Authorization: Bearer {SECRET}"},
        {"path": f"/sync?access_token={SECRET}&since=1"},
        {"link": f"https://hold.example/reset#{SECRET}"},
        {"database": f"postgresql://user:{SECRET}@host/name"},
        {"raw": SECRET.encode()},
    ],
)
def test_no_secret(log: Log, form: str, facts: dict[str, Any]) -> None:
    stream = log(form)
    logger("x").info("something", **facts)
    assert stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_ordinary_values_stay(log: Log) -> None:
    stream = log()
    facts = {"user": "@a:b", "token_count": 3, "path": "/sync?since=1", "has_password": True}
    logger("x").info("something", **facts)
    (event,) = events(stream)
    assert {name: event[name] for name in facts} == facts


def test_a_traceback_shows_no_secret(log: Log) -> None:
    stream = log()
    try:
        raise ValueError(f"access_token={SECRET}")
    except ValueError:
        logger("x").exception("request.failed")
    (event,) = events(stream)
    assert event["level"] == "error"
    assert "Traceback" in event["traceback"]
    assert SECRET not in event["traceback"].splitlines()[-1]


def test_libraries_speak_through_our_log(log: Log) -> None:
    stream = log()
    logging.getLogger("uvicorn.error").warning("slow %s", f"token={SECRET}")
    logging.getLogger("uvicorn.error").info("chatter")
    try:
        raise asyncio.CancelledError
    except asyncio.CancelledError:
        logging.getLogger("uvicorn.error").exception("given up at the stop")
    (event,) = events(stream)
    assert (event["level"], event["module"]) == ("warning", "uvicorn.error")
    assert event["text"] == "slow token=***"
