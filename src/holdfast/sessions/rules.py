"""Sessions and what can happen to them, called inside a transaction by this and other features.

A locked session keeps its row, and with it its tokens' digests: that is how its client can be told
`soft_logout: true` instead of being a stranger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from holdfast.device_keys import listing
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.push import rules as push
from holdfast.sessions import sql
from holdfast.sessions.clients import Form, client
from holdfast.sessions.sql import Device, locks, login_tokens, restrictions

__all__ = ["Choices", "Device", "Fate", "Outcome"]

Fate = Literal["keep", "lock", "remove"]
REMOVED_AT_ONCE = 500


@dataclass(frozen=True)
class Choices:
    """What shall happen to the other sessions: one by one, and to the rest."""

    default: Fate
    by_device: Mapping[str, Fate] = field(default_factory=dict)

    def fate(self, device_id: str) -> Fate:
        """What shall happen to one of them."""
        return self.by_device.get(device_id, self.default)


@dataclass(frozen=True)
class Outcome:
    """What happened to the other sessions, by device ID."""

    kept: list[str]
    locked: list[str]
    removed: list[str]


def devices(tx: Tx, user_id: str) -> list[Device]:
    """Every session of a user, the oldest first."""
    return sql.devices(tx, user_id)


def decide(tx: Tx, user_id: str, own: str | None, choices: Choices, now: int) -> Outcome:
    """Keep, lock or remove every session of a user but `own`, in a fixed number of statements.

    A session that is locked already stays locked where it is to be kept: only its owner lets it in
    again, by signing in. Called when the account password changes, so what else could still sign
    somebody in (login tokens) ends too.
    """
    known = sql.devices(tx, user_id)
    outcome = Outcome([], [], [])
    by_fate = {"keep": outcome.kept, "lock": outcome.locked, "remove": outcome.removed}
    for device in known:
        if device.device_id != own:
            fate = choices.fate(device.device_id)
            by_fate["lock" if fate == "keep" and device.locked_at else fate].append(
                device.device_id
            )
    _lock(tx, user_id, outcome.locked, now, _pausing(known))
    remove(tx, user_id, outcome.removed, now)
    login_tokens.delete_all(tx, user_id)
    return outcome


def lock(
    tx: Tx, user_id: str, device_ids: Sequence[str], now: int, *, tokens_stolen: bool = False
) -> list[str]:
    """Lock sessions: their tokens stop working with this commit, their keys and queues stay.

    Sessions whose client would discard its keys are paused, unless their tokens are in wrong hands:
    a paused session goes on with them. Returns the device IDs of those that were not locked before.
    The user is locked, so that none of them is being given new tokens, unlocked ones, meanwhile.
    """
    pausing = [] if tokens_stolen else _pausing(sql.devices(tx, user_id))
    return _lock(tx, user_id, device_ids, now, pausing)


def _pausing(known: Sequence[Device]) -> list[str]:
    """The sessions whose client would discard its keys if it were locked in the first form."""
    return [d.device_id for d in known if _form(d) == "pause"]


def _lock(
    tx: Tx, user_id: str, device_ids: Sequence[str], now: int, pausing: Sequence[str]
) -> list[str]:
    tx.lock(f"user {user_id}")
    locked = locks.lock(tx, user_id, device_ids, now, pausing)
    push.remove_of_devices(tx, user_id, device_ids)
    tx.wake(user_id)
    return locked


def _form(device: Device) -> Form:
    return client(device.display_name, device.last_seen_user_agent).form


def let_in(tx: Tx, user_id: str, device_ids: Sequence[str]) -> list[str]:
    """Let paused sessions go on; return their device IDs. Whoever holds their tokens comes in."""
    tx.lock(f"user {user_id}")
    let_in = locks.let_in(tx, user_id, device_ids)
    tx.wake(user_id)
    return let_in


def remove(tx: Tx, user_id: str, device_ids: Sequence[str], now: int) -> list[str]:
    """Delete sessions with everything that belongs to them; return the device IDs there were.

    What they had published is kept out of sight for a while (`device_keys.listing`). The user is
    locked, so that none of them is being given new tokens meanwhile.
    """
    tx.lock(f"user {user_id}")
    push.remove_of_devices(tx, user_id, device_ids)
    removed = sql.delete_devices(tx, user_id, device_ids)
    listing.remove(tx, user_id, removed, now)  # what else is listed is no session
    tx.wake(user_id)
    return removed


def restore(tx: Tx, user_id: str, number: int, now: int) -> str | None:
    """Bring a removed session back, locked; return its device ID, or None where there is none.

    `number` is that of `device_keys.listing.removed`. Its tokens are gone: its owner signs
    in to it.
    """
    tx.lock(f"user {user_id}")
    back = listing.restore(tx, user_id, number)
    if back is None:
        return None
    sql.put_locked(tx, user_id, back.device_id, back.display_name, now)
    tx.wake(user_id)
    return back.device_id


def remove_all(tx: Tx, user_id: str, now: int) -> list[str]:
    """Delete every session of a user; return their device IDs."""
    tx.lock(f"user {user_id}")  # one that is just being opened is among them, or comes after
    device_ids = [device.device_id for device in sql.devices(tx, user_id)]
    login_tokens.delete_all(tx, user_id)
    return remove(tx, user_id, device_ids, now)


def remove_locked(tx: Tx, before: int, now: int) -> int:
    """Remove a batch of sessions that were locked before a time; return how many there were."""
    old = locks.locked_before(tx, before, REMOVED_AT_ONCE)
    facts = {}
    for user_id in sorted({device.user_id for device in old}):
        tx.lock(f"user {user_id}")  # from here on nobody lets one of them in again
        still = [d.device_id for d in sql.devices(tx, user_id) if (d.locked_at or before) < before]
        if removed := remove(tx, user_id, still, now):
            facts[user_id] = {"device_ids": removed, "why": "locked_for_too_long"}
    journal.write_many(tx, "sessions_removed", facts, at=now)
    return len(old)


def forget_old(tx: Tx, now: int) -> None:
    """Delete login tokens that have expired."""
    login_tokens.delete_expired(tx, now)


def restrict(tx: Tx, user_id: str, restriction: str | None) -> None:
    """An administrator has locked or suspended an account, or let it free (None).

    Its sessions stay as they are; each hears of it with its next request, and now if it waits.
    """
    restrictions.restrict(tx, user_id, restriction)
    tx.wake(user_id)
