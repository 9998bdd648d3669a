"""Which push rule decides about an event (Client-Server API, "Push Rules")."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from holdfast.kit import globs
from holdfast.push.default_rules import Rule

KINDS = ("override", "content", "room", "sender", "underride")
"""In the order in which they are asked."""
_PATH = re.compile(r"((?:\\.|[^.\\])+)")
_COUNT = re.compile(r"(==|<|>|<=|>=)?([0-9]{1,9})")
_NOTHING = object()
PATHS_AT_HAND = 1000


@dataclass(frozen=True)
class Happened:
    """An event as push rules look at it; `content` must not be changed."""

    position: int
    event_id: str
    room_id: str
    type: str
    state_key: str | None
    sender: str
    content: Mapping[str, Any]
    thread: str | None
    at: int
    members: int
    """How many are in the room."""
    may_notify: Callable[[str], bool]
    """Whether the sender may notify everybody, with a key such as `room`."""

    def property(self, path: str) -> Any:
        """The value at a dotted path, in whose names a backslash guards a dot; or `_NOTHING`."""
        first, *others = _names(path)
        value: Any = _NOTHING
        if first == "content":
            value = self.content
        elif first in ("type", "state_key", "sender", "room_id", "event_id") and not others:
            value = getattr(self, first)
        for name in others:
            if not isinstance(value, Mapping):
                return _NOTHING
            value = value.get(name, _NOTHING)
        return value


@lru_cache(PATHS_AT_HAND)
def _names(path: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", name) for name in _PATH.findall(path)] or [""]


Condition: TypeAlias = Mapping[str, Any]


def actions(ruleset: Rule, event: Happened, display_name: str | None) -> list[Any]:
    """What a user's rules say of an event; nothing: no notification."""
    for kind in KINDS:
        for rule in ruleset.get(kind, ()):
            if rule["enabled"] and _applies(kind, rule, event, display_name):
                chosen: list[Any] = rule["actions"]
                return chosen
    return []


def _applies(kind: str, rule: Rule, event: Happened, display_name: str | None) -> bool:
    return all(_holds(each, event, display_name) for each in _conditions(kind, rule))


def _conditions(kind: str, rule: Rule) -> Iterator[Condition]:
    """The conditions of a rule; the ID of a room's or sender's rule is one."""
    if kind == "content":
        yield {"kind": "event_match", "key": "content.body", "pattern": rule.get("pattern")}
    elif kind == "room":
        yield {"kind": "event_property_is", "key": "room_id", "value": rule["rule_id"]}
    elif kind == "sender":
        yield {"kind": "event_property_is", "key": "sender", "value": rule["rule_id"]}
    else:
        yield from rule.get("conditions", ())


def _holds(condition: Condition, event: Happened, display_name: str | None) -> bool:
    """Whether a condition holds; one that nobody knows never does."""
    kind, key = condition.get("kind"), condition.get("key")
    if kind == "contains_display_name":
        return _names_user(event.content.get("body"), display_name)
    if kind == "room_member_count":
        return _count_is(event.members, condition.get("is"))
    if not isinstance(key, str):
        return False
    if kind == "sender_notification_permission":
        return event.may_notify(key)
    return _property_holds(condition, key, event.property(key))


def _property_holds(condition: Condition, key: str, found: Any) -> bool:
    kind, wanted = condition.get("kind"), condition.get("value")
    if kind == "event_property_is":
        return _same(found, wanted)
    if kind == "event_property_contains":
        return isinstance(found, list) and any(_same(each, wanted) for each in found)
    pattern = condition.get("pattern")
    if kind != "event_match" or not (isinstance(found, str) and isinstance(pattern, str)):
        return False
    return (globs.is_in if key == "content.body" else globs.matches)(found, pattern)


def _same(value: Any, wanted: Any) -> bool:
    """Whether two values are the same and of the same type: true is not 1."""
    return type(value) is type(wanted) and value == wanted and not isinstance(value, dict | list)


def _names_user(body: Any, display_name: str | None) -> bool:
    if not display_name or not isinstance(body, str):
        return False
    pattern = rf"(?<![A-Za-z0-9_]){re.escape(display_name)}(?![A-Za-z0-9_])"
    return re.search(pattern, body, re.IGNORECASE) is not None


def _count_is(members: int, wanted: Any) -> bool:
    match = _COUNT.fullmatch(wanted) if isinstance(wanted, str) else None
    if match is None:
        return False
    than = int(match[2])
    return {
        "<": members < than,
        ">": members > than,
        "<=": members <= than,
        ">=": members >= than,
    }.get(match[1] or "==", members == than)
