"""The settings of rooms."""

from dataclasses import dataclass

from holdfast.config import kinds
from holdfast.config.definition import setting

ROOM_VERSIONS = ("10", "11", "12")


@dataclass(frozen=True, kw_only=True, repr=False)
class RoomSettings:
    """The settings of rooms; a part of `Settings`."""

    default_room_version: str = setting(
        "rooms.default_version",
        kinds.choice(*ROOM_VERSIONS),
        "12",
        "The version of rooms that are created without asking for one.",
    )
    encrypted_by_default: bool = setting(
        "rooms.encrypted_by_default",
        kinds.SWITCH,
        True,
        "Whether direct messages and private rooms are encrypted when the client that creates them "
        "does not say so itself.",
    )
