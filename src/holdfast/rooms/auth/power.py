"""Who has how much power in a room, and how much a step needs (event `m.room.power_levels`)."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from holdfast.rooms.state import CREATE, POWER_LEVELS, State
from holdfast.rooms.versions import RoomVersion

ABOVE_ALL = 1 << 62
"""The power of a creator since version 12: more than any level, which has 53 bits at most."""
_DEFAULTS = {
    "ban": 50,
    "events_default": 0,
    "invite": 0,
    "kick": 50,
    "redact": 50,
    "state_default": 50,
    "users_default": 0,
}


def is_level(value: object) -> TypeGuard[int]:
    """Whether a value can be a power level: since version 10 no text can."""
    return type(value) is int


def creators(version: RoomVersion, state: State) -> set[str]:
    """Who has made the room: whoever sent its create event, and since version 12 whom that names.

    `creator` in the content counts in version 10 only; there the two are always the same here.
    """
    create = state.get(CREATE)
    if create is None:
        return set()
    named = create.content.get("additional_creators")
    others = named if version.creators_above_all and isinstance(named, list) else []
    return {create.sender, *others}


class Power:
    """The power levels that hold in a room."""

    def __init__(self, version: RoomVersion, state: State) -> None:
        found = state.get(POWER_LEVELS)
        self._creators = creators(version, state)
        self._above_all = version.creators_above_all
        self._is_set = found is not None
        self.levels: Mapping[str, Any] = found.content if found else {}

    def of(self, user_id: str) -> int:
        """A user's power."""
        if user_id in self._creators and self._above_all:
            return ABOVE_ALL
        if not self._is_set:
            return 100 if user_id in self._creators else 0
        level = self._map("users").get(user_id)
        return level if type(level) is int else self.needed("users_default")

    def needed(self, what: str) -> int:
        """The level for `ban`, `kick`, `invite`, `redact`, or a default such as `state_default`."""
        level = self.levels.get(what)
        return level if type(level) is int else _DEFAULTS[what]

    def to_send(self, kind: str, *, is_state: bool) -> int:
        """The level for sending events of type `kind`."""
        level = self._map("events").get(kind)
        if type(level) is int:
            return level
        return self.needed("state_default" if is_state else "events_default")

    def to_notify(self, what: str) -> int:
        """The level for notifying everybody, with `what` such as `room`."""
        level = self._map("notifications").get(what)
        return level if type(level) is int else 50

    def _map(self, name: str) -> Mapping[str, Any]:
        found = self.levels.get(name)
        return found if isinstance(found, dict) else {}
