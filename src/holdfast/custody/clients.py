"""Which clients keep their keys when their session is locked: what was tried, and nothing else.

A client tells what it is by the name it gave its session and by its user agent, and can lie: this
decides nothing but how a cost is counted. `docs/extensions.md` lists what was tried with what.
"""

import re
from typing import Literal

Keeps = Literal["yes", "no", "unknown"]
_TRIED: tuple[tuple[str, Keeps], ...] = (
    (r"\bElement X\b", "unknown"),  # another program than Element Web; not tried
    (r"\bCinny\b", "no"),  # 4.12 ignores `soft_logout` and wipes its store
    (r"\bElement\b|\bapp\.element\.io\b", "yes"),
    (r"\bHoldfast portal\b", "yes"),
)


def keeps_keys_when_locked(display_name: str | None, user_agent: str | None) -> Keeps:
    """Whether a client honours `soft_logout: true` (Client-Server API, "Soft logout")."""
    told = f"{display_name or ''} {user_agent or ''}"
    return next((keeps for pattern, keeps in _TRIED if re.search(pattern, told)), "unknown")
