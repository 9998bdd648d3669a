"""What `/sync` is asked and what it answers."""

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Request
from holdfast.sync.filters import Filter

MOST_WAITING_MS = 120_000
_STATE_AFTER = ("use_state_after", "org.matrix.msc4222.use_state_after")
_TOKEN = re.compile(r"s(0|[1-9][0-9]{0,17})(?:_(0|[1-9][0-9]{0,17}))?")


class Event(msgspec.Struct):
    """Account data on its way to a client."""

    type: str
    content: Any


class Events(msgspec.Struct):
    """A list of events, in an object of its own as everywhere in `/sync`."""

    events: list[Event] = []


class Messages(msgspec.Struct):
    """Messages to this device, each as it was stored."""

    events: list[msgspec.Raw] = []


class Presences(msgspec.Struct):
    """Who is there."""

    events: list[dict[str, Any]] = []


class Rooms(msgspec.Struct):
    """What happened in rooms, by the user's part in them."""

    join: dict[str, Any] = {}
    invite: dict[str, Any] = {}
    knock: dict[str, Any] = {}
    leave: dict[str, Any] = {}

    @property
    def any(self) -> bool:
        """Whether anything happened at all."""
        return bool(self.join or self.invite or self.knock or self.leave)


class DeviceLists(msgspec.Struct):
    """Whose devices changed, and who shares no room with the user any more."""

    changed: list[str] = []
    left: list[str] = []


class Answer(msgspec.Struct):
    """The answer to `GET /sync`."""

    next_batch: str
    account_data: Events = msgspec.field(default_factory=Events)
    rooms: Rooms = msgspec.field(default_factory=Rooms)
    presence: Presences = msgspec.field(default_factory=Presences)
    to_device: Messages = msgspec.field(default_factory=Messages)
    device_lists: DeviceLists = msgspec.field(default_factory=DeviceLists)
    device_one_time_keys_count: dict[str, int] = {}
    device_unused_fallback_key_types: list[str] = []
    # Its name while it was a proposal (MSC2732); older clients look for nothing else.
    old_fallback_key_types: list[str] = msgspec.field(
        name="org.matrix.msc2732.device_unused_fallback_key_types", default_factory=list
    )


@dataclass(frozen=True)
class Position:
    """What a client knows: everything up to `stream`, but messages to it only up to `to_device`.

    The two differ while more messages wait for it than one answer tells.
    """

    stream: int
    to_device: int


@dataclass(frozen=True)
class Asked:
    """What a client wants to know: everything after position `since` (None: it knows nothing).

    `device` is the number of its device where an earlier look has found it.
    """

    since: Position | None
    timeout_ms: int
    full_state: bool
    filter: Filter
    state_after: bool = False
    device: int | None = None

    @property
    def at_once(self) -> bool:
        """Whether the answer must not wait for news."""
        return self.since is None or self.full_state or self.timeout_ms == 0


@dataclass(frozen=True)
class Found:
    """What a look has found; `device` is the number of the device that asks.

    `acknowledged`: messages up to `since` have arrived and can be deleted. `fallback_key_used`: the
    session should publish another one.
    """

    answer: Answer
    position: Position
    device: int
    acknowledged: bool
    fallback_key_used: bool

    @property
    def has_news(self) -> bool:
        """Whether there is anything that a waiting client should hear of, or more to ask for."""
        answer, position = self.answer, self.position
        return (
            self.fallback_key_used
            or position.to_device < position.stream
            or bool(
                answer.to_device.events
                or answer.account_data.events
                or answer.device_lists.changed
                or answer.device_lists.left
                or answer.rooms.any
                or answer.presence.events
            )
        )


def position_of(name: str, token: str) -> Position:
    """The position that a `next_batch` stands for, given as the parameter `name`.

    Raises:
        InvalidParam: it is none of ours.
    """
    match = _TOKEN.fullmatch(token)
    newest = int(match[1]) if match else 0
    to_device = int(match[2]) if match and match[2] else None
    if match is None or (to_device is not None and to_device >= newest):
        raise InvalidParam(f"{name} must be the next_batch of an earlier answer.")
    return Position(newest, newest if to_device is None else to_device)


def token_of(position: Position) -> str:
    """The `next_batch` that stands for a position."""
    if position.to_device == position.stream:
        return f"s{position.stream}"
    return f"s{position.stream}_{position.to_device}"


def asked_by(request: Request, chosen: Filter) -> Asked:
    """What the query asks for.

    Raises:
        InvalidParam: a parameter has a value it cannot have.
    """
    since, full_state = request.query("since"), request.query("full_state")
    if full_state not in (None, "", "true", "false"):
        raise InvalidParam("full_state is true or false.")
    return Asked(
        since=None if since is None else position_of("since", since),
        timeout_ms=request.query_number("timeout", 0, least=0, most=MOST_WAITING_MS),
        full_state=full_state == "true",
        filter=chosen,
        state_after="true" in (request.query(name) for name in _STATE_AFTER),
    )
