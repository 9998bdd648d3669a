"""The settings of what users see of each other."""

from dataclasses import dataclass

from holdfast.config import kinds
from holdfast.config.definition import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class PeopleSettings:
    """The settings of what users see of each other; a part of `Settings`."""

    presence: bool = setting(
        "presence.enabled",
        kinds.SWITCH,
        True,
        "Whether users see who is online. It costs a write and wakes everybody who shares a room "
        "each time somebody comes or goes.",
    )
