"""What differs between the room versions that can be made here (Room Versions 10, 11 and 12)."""

from dataclasses import dataclass

from holdfast.kit.errors import MatrixError


@dataclass(frozen=True)
class RoomVersion:
    """One room version."""

    number: str
    redacts_in_content: bool
    """v11: `m.room.redaction` names its event in the content, and `m.room.create` no creator."""
    creators_above_all: bool
    """v12: creators have more power than any level, and the create event's hash is the room ID."""


VERSIONS = {
    "10": RoomVersion("10", redacts_in_content=False, creators_above_all=False),
    "11": RoomVersion("11", redacts_in_content=True, creators_above_all=False),
    "12": RoomVersion("12", redacts_in_content=True, creators_above_all=True),
}


def version(number: str) -> RoomVersion:
    """The room version that a client asks for.

    Raises:
        MatrixError: `M_UNSUPPORTED_ROOM_VERSION`.
    """
    found = VERSIONS.get(number)
    if found is None:
        raise MatrixError(
            400,
            "M_UNSUPPORTED_ROOM_VERSION",
            f"This server makes rooms of the versions {', '.join(VERSIONS)} only.",
        )
    return found
