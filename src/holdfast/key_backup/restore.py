"""Bringing back what has gone: a version, keys that were replaced or deleted, a session."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from holdfast.dehydrated_devices import rules as dehydrated_devices
from holdfast.key_backup import sql
from holdfast.key_backup.history import removed_sessions
from holdfast.key_backup.sql import old_keys
from holdfast.key_backup.sql.old_keys import Ending
from holdfast.key_backup.versions import lock
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from holdfast.kit.http.request import is_number
from holdfast.sessions import rules as sessions


@dataclass(frozen=True)
class Who:
    """Whose things are brought back, by which session (None: by a command), and when.

    What ended before `since` cannot be brought back any more.
    """

    user_id: str
    by: str | None
    now: int
    since: int


@dataclass(frozen=True)
class Restored:
    """What came back: `count` keys or one device, and what the journal says of it.

    `superseded` is how many keys stand in the version that ended by it.
    """

    what: Literal[
        "key_backup_restored",
        "room_keys_restored",
        "session_restored",
        "dehydrated_device_changed",
    ]
    count: int
    facts: dict[str, Any]
    superseded: int = 0


def restore(tx: Tx, who: Who, item: str) -> Restored:
    """Bring back the item of the history with this ID. What is back already is not found.

    Raises:
        NotFound: there is no such item, or it is too old.
    """
    kind, _, digits = item.partition(".")
    ways = {
        "version": _version,
        "change": _change,
        "session": _session,
        "dehydrated": _dehydrated,
    }
    back: Restored | None = None
    if kind in ways and is_number(digits):
        back = ways[kind](tx, who, int(digits))
    if back is None:
        raise NotFound(
            "There is nothing to bring back with that id: it is back already, or it is too old."
        )
    return back


def _version(tx: Tx, who: Who, version: int) -> Restored | None:
    """A version becomes the current one; the one that was is superseded, as by a new one."""
    lock(tx, who.user_id)
    backup = sql.ended(tx, who.user_id, version, who.since)
    if backup is None:
        return None
    facts: dict[str, Any] = {"version": version, "keys": backup.count}
    old = sql.current(tx, who.user_id)
    if old is not None:
        sql.end(tx, old.number, "superseded", who.by, who.now)
        facts["superseded"] = old.version
    sql.revive(tx, backup.number)
    superseded = old.count if old is not None else 0
    return Restored("key_backup_restored", backup.count, facts, superseded)


def _change(tx: Tx, who: Who, number: int) -> Restored | None:
    """Keys go back to their places in their version, whatever stands there, better or not.

    Who gets hold of a session can store garbage and say that it is better. What stands there
    becomes a change of its own, with which this can be undone.
    """
    lock(tx, who.user_id)
    change = old_keys.change(tx, who.user_id, number, who.since)
    if change is None:
        return None
    added = Counter(old_keys.by_session(tx, number))
    ending = Ending(who.user_id, "replaced", who.by, who.now)
    standing = old_keys.take_standing(tx, change.backup, number, ending)
    if standing is not None:
        added.subtract(old_keys.by_session(tx, standing.number))
    old_keys.put_back(tx, change.backup, number)
    sql.shift_sessions(tx, change.backup, added, None, who.now)
    sql.shift(tx, change.backup, change.count - (standing.count if standing else 0))
    facts: dict[str, Any] = {"version": change.version, "keys": change.count}
    return Restored("room_keys_restored", change.count, facts)


def _session(tx: Tx, who: Who, number: int) -> Restored | None:
    """A removed session comes back, locked, with what it had published."""
    if all(each.number != number for each in removed_sessions(tx, who.user_id, who.since)):
        return None
    device_id = sessions.restore(tx, who.user_id, number, who.now)
    if device_id is None:
        return None
    return Restored("session_restored", 1, {"device_id": device_id})


def _dehydrated(tx: Tx, who: Who, number: int) -> Restored | None:
    """A dehydrated device waits again; the one that does can be brought back in turn."""
    gone = dehydrated_devices.removed(tx, who.user_id)
    if all(each.number != number or each.removed_at < who.since for each in gone):
        return None
    device_id = dehydrated_devices.restore(tx, who.user_id, number, who.now)
    if device_id is None:
        return None
    facts = {"change": "restored", "device_id": device_id}
    return Restored("dehydrated_device_changed", 1, facts)
