"""At most three hops from a route to SQL, so that a name leads straight to its code."""

from collections.abc import Sequence

from tests.house.source import Module, module, modules
from tests.house.test_imports import imported


def skipped_rules(found: Sequence[Module]) -> list[str]:
    """Routes that go to a `sql` module past the rules, and rules that go back up to routes."""
    names = {mod.name for mod in found}
    wrong = []
    for mod in found:
        for target in imported(mod, names):
            last = set(target.split(".")[2:])
            if (mod.is_routes and "sql" in last) or (mod.is_sql and {"rules", "routes"} & last):
                wrong.append(f"{mod.name} imports {target}")
    return wrong


def test_routes_reach_tables_only_through_rules() -> None:
    """House rule 1: route, rule, (another feature's rule,) sql, and never back.

    A route that reads a table itself decides what is allowed where nobody looks for it.
    """
    assert skipped_rules(modules()) == []


def test_shortcuts_are_found() -> None:
    route = module("holdfast.push.routes", "from holdfast.push import rules, sql")
    sql = module("holdfast.push.sql", "from holdfast.push.rules import Pusher")
    rules = module("holdfast.push.rules", "from holdfast.push import sql")
    assert skipped_rules([route, sql, rules]) == [
        "holdfast.push.routes imports holdfast.push.sql",
        "holdfast.push.sql imports holdfast.push.rules",
    ]
