"""What users were notified of, and how much of it they have not read.

Called inside other features' transactions: by `rooms` for what happens there, by `receipts` when
somebody reads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.push.default_rules import Rule, ruleset
from holdfast.push.evaluation import Happened, actions
from holdfast.push.sql import notifications as sql
from holdfast.push.sql.notifications import Notification

__all__ = ["Happened", "Notification"]

MAIN = ""
"""The thread of what is in no thread."""
HIGHLIGHT = "highlight"
DELIVERIES = "push deliveries"
"""What is woken when there may be something to deliver to a pusher."""
_SHARED: Rule = ruleset("@:")["global"]
"""The rules that everybody begins with, as they apply to whoever is not named in an event."""


@dataclass
class Counts:
    """Unread notifications of a room, as `/sync` tells of them."""

    main: dict[str, int] = field(default_factory=lambda: _count(0, 0))
    threads: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, int]:
        """Those of the main timeline and of all threads together."""
        every = [self.main, *self.threads.values()]
        return {name: sum(each[name] for each in every) for name in self.main}


def _count(notifications: int, highlights: int) -> dict[str, int]:
    return {"notification_count": notifications, "highlight_count": highlights}


def notify(
    tx: Tx,
    events: Sequence[Happened],
    listening: Mapping[str, Sequence[str]],
    names: Callable[[Sequence[str]], Mapping[str, str]],
) -> None:
    """Note of whom events are news to, by everybody's push rules.

    `listening` names who is in which room or was invited just now; `names` looks up what some of
    them are called. What somebody sends, that user has read up to there. The number of statements
    is fixed.
    """
    users = sorted({user for room in listening.values() for user in room})
    rulesets = {each.user_id: each.ruleset for each in sql.rulesets(tx, users)} if users else {}
    called = names(list(rulesets)) if rulesets and any(_has_body(e) for e in events) else {}
    rows = []
    for event in events:
        audience = set(listening.get(event.room_id, ())) - {event.sender}
        own = audience & (_named(event) | set(rulesets))
        shared = actions(_SHARED, event, None)
        if "notify" in shared and audience != own:
            row = _row(event, shared)
            rows += [{**row, "user_id": user_id} for user_id in sorted(audience - own)]
        for user_id in sorted(own):
            rules: Rule = msgspec.json.decode(rulesets.get(user_id, b"null"))
            rules = rules or ruleset(user_id)["global"]
            chosen = actions(rules, event, called.get(user_id))
            if "notify" in chosen:
                rows.append({**_row(event, chosen), "user_id": user_id})
    sql.insert(tx, rows)
    if rows:
        tx.wake(DELIVERIES)


def _has_body(event: Happened) -> bool:
    return isinstance(event.content.get("body"), str)


def _named(event: Happened) -> set[str]:
    """Those for whom the rules that everybody begins with may say something of their own."""
    mentions = event.content.get("m.mentions")
    named = mentions.get("user_ids") if isinstance(mentions, dict) else None
    found = {each for each in named if isinstance(each, str)} if isinstance(named, list) else set()
    return found | ({event.state_key} if event.state_key else set())


def _row(event: Happened, chosen: Sequence[Any]) -> dict[str, Any]:
    """What is stored for each user whose rules say the same of an event."""
    return {
        "room_id": event.room_id,
        "position": event.position,
        "event_id": event.event_id,
        "thread": event.thread or MAIN,
        "highlight": int(is_highlight(chosen)),
        "actions": msgspec.json.encode(chosen).decode(),
        "at": event.at,
    }


def is_highlight(chosen: Sequence[Any]) -> bool:
    """Whether actions highlight an event."""
    return any(
        isinstance(each, dict) and each.get("set_tweak") == HIGHLIGHT and each.get("value", True)
        for each in chosen
    )


def counts(tx: Tx, user_id: str, room_ids: Sequence[str]) -> dict[str, Counts]:
    """A user's unread notifications in some rooms; one statement."""
    found = {room_id: Counts() for room_id in room_ids}
    for each in sql.counts(tx, user_id, room_ids) if room_ids else []:
        told = _count(each.notifications, each.highlights)
        if each.thread == MAIN:
            found[each.room_id].main = told
        else:
            found[each.room_id].threads[each.thread] = told
    return found


def read_up_to(tx: Tx, user_id: str, room_id: str, position: int, thread: str | None) -> None:
    """A user has read a room up to a position: one thread of it, or with None everything.

    `thread` is the root's ID, or `MAIN`.
    """
    sql.read_up_to(tx, user_id, room_id, position, thread)


def forget_rooms(tx: Tx, gone: Sequence[tuple[str, str]]) -> None:
    """Those who are in a room no more, by user and room ID, have nothing to read there."""
    if gone:
        sql.forget_rooms(tx, gone)


def forget_event(tx: Tx, user_ids: Sequence[str], position: int) -> None:
    """What was redacted is no news any more to those who are in its room."""
    sql.forget_event(tx, user_ids, position)


def forget_old(tx: Tx, before: int) -> int:
    """Forget a batch of what was read and is older than a time; return how many there were."""
    return sql.forget_old(tx, before)


def page(tx: Tx, user_id: str, before: int, limit: int, *, highlights: bool) -> list[Notification]:
    """What a user was notified of before a position, the newest first; highlighted, or all."""
    return sql.page(tx, user_id, before, limit, highlights=highlights)
