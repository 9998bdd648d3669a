"""What `/sync` tells of device lists and of the keys that others may still claim."""

from holdfast.device_keys import publish
from holdfast.device_keys.sql import published, signatures
from holdfast.kit.db import Tx


def changed(tx: Tx, user_id: str, after: int, upto: int) -> list[str]:
    """Whose keys a user must look up again, for what changed after one position, up to another.

    The users themselves, as there are no rooms to share with others yet, and those whose identity
    they have signed: their other sessions learn by it who is verified.
    """
    return signatures.told_to(tx, user_id, after, upto)


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
