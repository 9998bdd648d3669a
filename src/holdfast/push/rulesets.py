"""The push rules of users: those everybody begins with, until somebody changes theirs."""

from typing import Any

import msgspec

from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.push.default_rules import Rule, ruleset
from holdfast.push.sql import notifications as sql


def of(tx: Tx, user_id: str) -> Rule:
    """A user's rules by kind."""
    found = sql.rulesets(tx, [user_id])
    if found:
        stored: Rule = msgspec.json.decode(found[0].ruleset)
        return stored
    begun: Rule = ruleset(user_id)["global"]
    return begun


def changed(tx: Tx, user_id: str, after: int, upto: int) -> dict[str, Any] | None:
    """The content of `m.push_rules` if the rules changed between two positions; None if not."""
    found = sql.changed_ruleset(tx, user_id, after, upto)
    return {"global": msgspec.Raw(found.encode())} if found is not None else None


def put(tx: Tx, user_id: str, rules: Rule) -> None:
    """Store a user's rules, and let the user's clients know."""
    text = msgspec.json.encode(rules).decode()
    sql.put_ruleset(tx, user_id, text, stream.advance(tx, "config"))
    tx.wake(user_id)
