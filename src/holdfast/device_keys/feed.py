"""What `/sync` tells of device lists and of the keys that others may still claim."""

from dataclasses import dataclass

from holdfast.device_keys import publish
from holdfast.device_keys.sql import published, signatures
from holdfast.kit.db import Tx
from holdfast.rooms import members


@dataclass(frozen=True)
class Changed:
    """Whose keys a user must look up again, and whose the user needs no more."""

    changed: set[str]
    left: set[str]


def changed(tx: Tx, user_id: str, after: int, upto: int, *, rooms: bool = True) -> Changed:
    """What changed of others' keys after one position, up to another.

    The users themselves, those in a room with them (Client-Server API, "Tracking the device list
    for a user"), and those whose identity they have signed: their other sessions learn by it who
    is verified. `rooms` false: nothing has happened in any room.
    """
    found = set(signatures.told_to(tx, user_id, after, upto))
    others = signatures.changed_between(tx, after, upto)
    if others:
        found.update(members.sharing(tx, user_id, others))
    if not rooms:
        return Changed(found, set())
    came, gone = members.came_and_went(tx, user_id, after)
    return Changed(found | came, gone - found)


def one_time_key_counts(tx: Tx, user_id: str, device_id: str) -> dict[str, int]:
    """How many one-time keys of each algorithm nobody has claimed yet; see `publish.counts`."""
    return publish.counts(tx, user_id, device_id)


def unused_fallback_key_types(tx: Tx, user_id: str, device_id: str) -> list[str]:
    """The algorithms of the fallback keys that nobody was given yet."""
    return published.unused_fallback_keys(tx, user_id, device_id)


def fallback_key_used(tx: Tx, user_id: str, device_id: str, after: int, upto: int) -> bool:
    """Whether a fallback key was handed out for the first time between two positions.

    That is news for the session, which uploads another one when it hears of it. The user is woken.
    """
    return published.fallback_key_used(tx, user_id, device_id, after, upto)
