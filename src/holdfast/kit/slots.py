"""Short digests under which room keys, and the Megolm sessions they belong to, find each other.

Session IDs are random and long: an index of them would have a page to write for each key. A slot is
short, and near the slots of the same room; few share one, and whoever finds two compares the IDs.
"""

from functools import lru_cache
from hashlib import blake2b

ROOM_BYTES = 2
SESSION_BYTES = 5
ROOMS_REMEMBERED = 4096


def slot(room_id: str, session_id: str) -> str:
    """Where a session is found: near the others of its room, at a place that few have."""
    return room_slot(room_id) + session_slot(session_id)


@lru_cache(ROOMS_REMEMBERED)
def room_slot(room_id: str) -> str:
    """How the slots of a room begin."""
    return blake2b(room_id.encode(), digest_size=ROOM_BYTES).hexdigest()


def session_slot(session_id: str) -> str:
    """How the slots of a session end."""
    return blake2b(session_id.encode(), digest_size=SESSION_BYTES).hexdigest()
