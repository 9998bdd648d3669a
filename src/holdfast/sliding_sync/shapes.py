"""What Simplified Sliding Sync is asked, and what it remembers of a client (MSC4186)."""

from typing import Any

import msgspec

from holdfast.kit.errors import InvalidParam

MOST_LISTS, MOST_SUBSCRIPTIONS, MOST_STATE = 100, 1000, 200
MOST_EVENTS = 100
NAME_LENGTH = 128


class RoomConfig(msgspec.Struct):
    """What a client wants to know of rooms."""

    timeline_limit: int = 0
    required_state: list[tuple[str, str]] = []


class Filters(msgspec.Struct):
    """Which rooms a list is made of; None: it does not matter."""

    is_dm: bool | None = None
    is_encrypted: bool | None = None
    is_invite: bool | None = None
    spaces: list[str] | None = None
    room_types: list[str | None] | None = None
    not_room_types: list[str | None] | None = None
    tags: list[str] | None = None
    not_tags: list[str] | None = None
    room_name_like: str | None = None


class AskedList(RoomConfig):
    """A list of rooms, the newest first, and the stretches of it that the client shows."""

    ranges: list[tuple[int, int]] = []
    filters: Filters = msgspec.field(default_factory=Filters)


class ToDevice(msgspec.Struct):
    """Messages to this device, from where on."""

    enabled: bool = False
    since: str | None = None
    limit: int = 100


class Extension(msgspec.Struct):
    """Whether a client wants to hear of something else."""

    enabled: bool = False


class Extensions(msgspec.Struct):
    """What else a client wants to hear of."""

    to_device: ToDevice = msgspec.field(default_factory=ToDevice)
    e2ee: Extension = msgspec.field(default_factory=Extension)
    account_data: Extension = msgspec.field(default_factory=Extension)
    receipts: Extension = msgspec.field(default_factory=Extension)
    typing: Extension = msgspec.field(default_factory=Extension)


class Body(msgspec.Struct):
    """A request."""

    conn_id: str = ""
    txn_id: str | None = None
    lists: dict[str, AskedList] = {}
    room_subscriptions: dict[str, RoomConfig] = {}
    unsubscribe_rooms: list[str] = []
    extensions: Extensions = msgspec.field(default_factory=Extensions)


def check(body: Body) -> None:
    """Refuse what would cost too much.

    Raises:
        InvalidParam: there are too many lists, rooms or kinds of state, or a range is none.
    """
    if len(body.lists) > MOST_LISTS or len(body.room_subscriptions) > MOST_SUBSCRIPTIONS:
        raise InvalidParam("These are too many lists or rooms at once.")
    if len(body.conn_id) > NAME_LENGTH or len(body.txn_id or "") > NAME_LENGTH:
        raise InvalidParam(f"conn_id and txn_id have at most {NAME_LENGTH} characters.")
    for each in body.lists.values():
        if any(not 0 <= first <= last for first, last in each.ranges):
            raise InvalidParam("A range has two numbers, the smaller one first.")
    for config in (*body.lists.values(), *body.room_subscriptions.values()):
        if len(config.required_state) > MOST_STATE or config.timeline_limit < 0:
            raise InvalidParam("This is too much state, or timeline_limit is below 0.")
        config.timeline_limit = min(config.timeline_limit, MOST_EVENTS)


class ToldRoom(msgspec.Struct):
    """What a client was told of a room: up to which position, and what it had asked for."""

    upto: int
    limit: int
    state: list[tuple[str, str]] = []
    members: list[str] = []


class Told(msgspec.Struct):
    """What a client was told: everything up to `upto`, and of rooms as far as it saw them."""

    upto: int = 0
    rooms: dict[str, ToldRoom] = {}
    lists: dict[str, int] = {}


class Answer(msgspec.Struct, omit_defaults=True):
    """An answer."""

    pos: str
    lists: dict[str, Any] = {}
    rooms: dict[str, Any] = {}
    extensions: dict[str, Any] = {}
    txn_id: str | None = None
