"""The settings of what users see of each other."""

from dataclasses import dataclass

from holdfast.config import kinds
from holdfast.config.definition import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class PeopleSettings:
    """The settings of what users see of each other; a part of `Settings`."""

    search_everybody: bool = setting(
        "people.search_everybody",
        kinds.SWITCH,
        False,
        "Whether searching for users finds everybody who has an account here. Without it one finds "
        "those who share a room with oneself or are in a room of the public directory.",
    )
    turn_uris: str = setting(
        "calls.turn_uris",
        kinds.LINE,
        "",
        "Addresses of TURN servers, which help calls through firewalls, with spaces between them: "
        "`turn:turn.example.org?transport=udp`, for instance.",
        fallback="calls get no help",
    )
    turn_secret: str = setting(
        "calls.turn_secret",
        kinds.LINE,
        "",
        "The secret shared with the TURN servers (coturn calls it `static-auth-secret`).",
        fallback="calls get no help",
        secret=True,
    )
    turn_lifetime: int = setting(
        "calls.turn_lifetime",
        kinds.duration(60, 7 * 24 * 3600),
        24 * 3600,
        "How long what a client gets to sign in to the TURN servers is valid.",
    )

    presence: bool = setting(
        "presence.enabled",
        kinds.SWITCH,
        True,
        "Whether users see who is online. It costs a write and wakes everybody who shares a room "
        "each time somebody comes or goes.",
    )
