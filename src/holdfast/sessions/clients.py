"""Which clients keep their keys when their session is locked: what was tried, and nothing else.

A client tells what it is by the name it gave its session and by its user agent, and can lie. The
worst it gains is a lock of the other form, which only the account password ends, as it does every
lock. `docs/clients.md` tells what was tried with what.
"""

import re
from dataclasses import dataclass
from typing import Literal

Keeps = Literal["yes", "no", "unknown"]
Form = Literal["lock", "pause"]


@dataclass(frozen=True)
class Client:
    """What becomes of a client's keys when its session is locked, and the form of the lock.

    `lock`: its tokens are revoked with `soft_logout: true`, and its owner signs in there again.
    `pause`: its tokens are answered with `M_USER_LOCKED` until its owner lets it in again.
    """

    keeps: Keeps
    form: Form


UNKNOWN = Client("unknown", "lock")
_TRIED: tuple[tuple[str, Client], ...] = (
    (r"\bElement X\b", UNKNOWN),  # another program than Element Web; not tried
    (r"\bCinny\b", Client("yes", "pause")),  # 4.12 ignores `soft_logout`, and would lose its keys
    (r"\bElement\b|\bapp\.element\.io\b", Client("yes", "lock")),
    (r"\bHoldfast portal\b", Client("yes", "lock")),
)


def client(display_name: str | None, user_agent: str | None) -> Client:
    """What is known of the client behind a session (Client-Server API, "Soft logout")."""
    told = f"{display_name or ''} {user_agent or ''}"
    return next((known for pattern, known in _TRIED if re.search(pattern, told)), UNKNOWN)
