"""What `/sync` is asked and what it answers."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request
from holdfast.sync.filters import Filter

MOST_WAITING_MS = 120_000
_TOKEN = re.compile(r"s(0|[1-9][0-9]{0,17})")


class Event(msgspec.Struct):
    """Account data on its way to a client."""

    type: str
    content: Any


class Events(msgspec.Struct):
    """A list of events, in an object of its own as everywhere in `/sync`."""

    events: list[Event] = []


class Rooms(msgspec.Struct):
    """What happened in rooms, by the user's part in them."""

    join: dict[str, Any] = {}
    invite: dict[str, Any] = {}
    knock: dict[str, Any] = {}
    leave: dict[str, Any] = {}


class DeviceLists(msgspec.Struct):
    """Whose devices changed, and who shares no room with the user any more."""

    changed: list[str] = []
    left: list[str] = []


class Answer(msgspec.Struct):
    """The answer to `GET /sync`. What has no feature yet is there and empty."""

    next_batch: str
    account_data: Events = msgspec.field(default_factory=Events)
    rooms: Rooms = msgspec.field(default_factory=Rooms)
    presence: Events = msgspec.field(default_factory=Events)
    to_device: Events = msgspec.field(default_factory=Events)
    device_lists: DeviceLists = msgspec.field(default_factory=DeviceLists)
    device_one_time_keys_count: dict[str, int] = {}
    device_unused_fallback_key_types: list[str] = []

    @property
    def has_news(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.account_data.events)


@dataclass(frozen=True)
class Asked:
    """What a client wants to know: everything after position `since` (None: it knows nothing)."""

    since: int | None
    timeout_ms: int
    full_state: bool
    filter: Filter

    @property
    def at_once(self) -> bool:
        """Whether the answer must not wait for news."""
        return self.since is None or self.full_state or self.timeout_ms == 0


def position_of(token: str) -> int:
    """The position in the stream that a `next_batch` stands for.

    Raises:
        InvalidParam: it is none of ours.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise InvalidParam("since must be the next_batch of an earlier answer.")
    return int(match[1])


def token_of(position: int) -> str:
    """The `next_batch` that stands for a position."""
    return f"s{position}"


def asked_by(request: Request, chosen: Filter) -> Asked:
    """What the query asks for.

    Raises:
        InvalidParam: a parameter has a value it cannot have.
    """
    since, full_state = request.query("since"), request.query("full_state")
    if full_state not in (None, "", "true", "false"):
        raise InvalidParam("full_state is true or false.")
    return Asked(
        since=None if since is None else position_of(since),
        timeout_ms=_timeout_ms(request.query("timeout")),
        full_state=full_state == "true",
        filter=chosen,
    )


def _timeout_ms(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidParam("timeout is a number of milliseconds.")
    return min(int(text), MOST_WAITING_MS)
