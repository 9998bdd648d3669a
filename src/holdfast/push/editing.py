"""Changing push rules (Client-Server API, "Push Rules: API")."""

from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam, MatrixError, NotFound
from holdfast.push import rulesets
from holdfast.push.default_rules import Rule
from holdfast.push.evaluation import KINDS

MOST_RULES = 1000
TEXT_LENGTH = 1000
RULE_ID_BYTES = 255


class RuleBody(msgspec.Struct):
    """A rule to add or to change."""

    actions: list[Any]
    conditions: list[dict[str, Any]] = []
    pattern: str | None = None


class ActionsBody(msgspec.Struct):
    """What a rule shall do."""

    actions: list[Any]


class EnabledBody(msgspec.Struct):
    """Whether a rule holds."""

    enabled: bool


def find(rules: Rule, kind: str, rule_id: str) -> Rule:
    """A rule of a user.

    Raises:
        NotFound: there is none.
    """
    found = next((each for each in rules.get(kind, ()) if each["rule_id"] == rule_id), None)
    if found is None:
        raise NotFound("There is no such push rule.")
    return dict(found)


def check_kind(kind: str) -> None:
    """Refuse kinds of rules that there are none of.

    Raises:
        InvalidParam: it is none.
    """
    if kind not in KINDS:
        raise InvalidParam(f"Push rules are of the kinds {', '.join(KINDS)}.")


def put(
    tx: Tx,
    user_id: str,
    kind: str,
    rule_id: str,
    body: RuleBody,
    *,
    before: str | None,
    after: str | None,
) -> None:
    """Add a rule, or change one; first of its kind unless it shall be `before` or `after` another.

    Raises:
        MatrixError: it cannot be a rule.
        NotFound: there is no rule `before` or `after`.
    """
    _check(kind, rule_id, body)
    tx.lock(f"push rules {user_id}")
    rules = rulesets.of(tx, user_id)
    own = [each for each in rules[kind] if not each["default"] and each["rule_id"] != rule_id]
    old = next((each for each in rules[kind] if each["rule_id"] == rule_id), None)
    made: Rule = {
        "rule_id": rule_id,
        "default": False,
        "enabled": True if old is None else old["enabled"],
        "actions": body.actions,
    }
    if kind == "content":
        made["pattern"] = body.pattern
    elif kind in ("override", "underride"):
        made["conditions"] = body.conditions
    own.insert(_place(own, rules[kind], old, before, after), made)
    if len(own) > MOST_RULES:
        raise InvalidParam(f"A user has at most {MOST_RULES} push rules of a kind.")
    rules[kind] = _in_order(own, [each for each in rules[kind] if each["default"]])
    rulesets.put(tx, user_id, rules)


def _in_order(own: list[Rule], default: list[Rule]) -> list[Rule]:
    """The master switch comes before everything, the user's rules before the others."""
    master = [each for each in default if each["rule_id"] == ".m.rule.master"]
    return [*master, *own, *(each for each in default if each not in master)]


def _place(
    own: list[Rule], rules: list[Rule], old: Rule | None, before: str | None, after: str | None
) -> int:
    names = [each["rule_id"] for each in own]
    wanted = before or after
    if wanted is None:
        was = [each["rule_id"] for each in rules if not each["default"]]
        return was.index(old["rule_id"]) if old is not None else 0
    if wanted not in names:
        raise NotFound("There is no rule of yours to put this one before or after.")
    return names.index(wanted) + (0 if before else 1)


def _check(kind: str, rule_id: str, body: RuleBody) -> None:
    if rule_id.startswith(".") or not 0 < len(rule_id.encode()) <= RULE_ID_BYTES:
        raise InvalidParam("The ID of a rule of yours has 1 to 255 bytes and begins with no dot.")
    if "/" in rule_id or "\\" in rule_id:
        raise InvalidParam("The ID of a rule holds no slash.")
    if kind == "content" and not body.pattern:
        raise MatrixError(400, "M_MISSING_PARAM", "A rule about content has a pattern.")
    if len(body.pattern or "") > TEXT_LENGTH or len(body.conditions) > TEXT_LENGTH:
        raise InvalidParam("This rule is too large.")
    if not all(isinstance(each.get("kind"), str) for each in body.conditions):
        raise InvalidParam("Each condition has a kind.")
    check_actions(body.actions)


def check_actions(actions: list[Any]) -> None:
    """Refuse actions that nobody could take.

    Raises:
        InvalidParam: one of them is neither a text nor sets a tweak.
    """
    for each in actions:
        tweak = isinstance(each, dict) and isinstance(each.get("set_tweak"), str)
        if not (tweak or each in ("notify", "dont_notify", "coalesce")):
            raise InvalidParam("An action is notify, or an object with set_tweak.")


def set_actions(tx: Tx, user_id: str, kind: str, rule_id: str, actions: list[Any]) -> None:
    """Let a rule do something else.

    Raises:
        InvalidParam: that is no action.
        NotFound: there is no such rule.
    """
    check_actions(actions)
    _change(tx, user_id, kind, rule_id, {"actions": actions})


def set_enabled(tx: Tx, user_id: str, kind: str, rule_id: str, *, enabled: bool) -> None:
    """Let a rule hold, or not.

    Raises:
        NotFound: there is no such rule.
    """
    _change(tx, user_id, kind, rule_id, {"enabled": enabled})


def _change(tx: Tx, user_id: str, kind: str, rule_id: str, change: Rule) -> None:
    tx.lock(f"push rules {user_id}")
    rules = rulesets.of(tx, user_id)
    find(rules, kind, rule_id)
    rules[kind] = [
        {**each, **change} if each["rule_id"] == rule_id else each for each in rules[kind]
    ]
    rulesets.put(tx, user_id, rules)


def delete(tx: Tx, user_id: str, kind: str, rule_id: str) -> None:
    """Remove a rule of the user's own.

    Raises:
        InvalidParam: it is one that everybody has.
        NotFound: there is no such rule.
    """
    tx.lock(f"push rules {user_id}")
    rules = rulesets.of(tx, user_id)
    if find(rules, kind, rule_id)["default"]:
        raise InvalidParam("This rule belongs to everybody: it can be switched off, not removed.")
    rules[kind] = [each for each in rules[kind] if each["rule_id"] != rule_id]
    rulesets.put(tx, user_id, rules)
