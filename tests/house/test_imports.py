"""Imports point one way, so that a feature can be read knowing only what lies below it."""

import ast
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from tests.house.source import FEATURES, FLOOR, ROOF, Module, module, modules, part_of


def imported(mod: Module, names: set[str], *, running: bool = False) -> Iterator[str]:
    """The project's modules that `mod` imports; with `running`, not those for types only."""
    left_out = mod.is_for_types_only if running else set()
    for node in ast.walk(mod.tree):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.startswith("holdfast"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("holdfast"):
            for each in node.names:
                deeper = f"{node.module}.{each.name}"
                yield deeper if deeper in names else str(node.module)


def level(part: str) -> int:
    """How high a part of the package stands; FLOOR is 0."""
    if part in FLOOR or part == "":
        return 0
    if part in ROOF:
        return len(FEATURES) + 1
    return FEATURES.index(part) + 1


def wrong_ways(found: Sequence[Module]) -> list[str]:
    """Imports that point upwards, or across into another feature's `sql` or `routes`."""
    names = {mod.name for mod in found}
    wrong = []
    for mod in found:
        for target in imported(mod, names):
            part = part_of(target)
            if part == mod.part:
                continue
            inside = {"sql", "routes"} & set(target.split(".")[2:])
            if level(part) > level(mod.part) or (inside and mod.part not in ROOF):
                wrong.append(f"{mod.name} imports {target}")
    return wrong


def circle(found: Sequence[Module]) -> list[str]:
    """One circle of imports, or nothing."""
    names = {mod.name for mod in found}
    graph = {mod.name: set(imported(mod, names, running=True)) - {mod.name} for mod in found}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_part_has_its_place_in_the_order() -> None:
    """A part that is in no list could import, and be imported by, anything."""
    known = {"", *FLOOR, *FEATURES, *ROOF}
    assert sorted({mod.part for mod in modules()} - known) == []


def test_imports_point_down() -> None:
    """House rule 2: a feature that imported one above it could not be understood without it.

    Another feature's `sql` and `routes` are closed as well (rules 1 and 3): what others may do
    with its tables, and nothing else, is what its rules offer.
    """
    assert wrong_ways(modules()) == []


def test_there_is_no_circle() -> None:
    """House rule 2: modules in a circle are one, and break when loaded from the wrong end."""
    assert circle(modules()) == []


def test_upward_and_sideways_imports_are_found() -> None:
    kit = module("holdfast.kit.db", "from holdfast.sessions import rules")
    low = module("holdfast.push.rules", "def f():\n    import holdfast.sessions.rules")
    spy = module("holdfast.sessions.rules", "from holdfast.push import sql")
    again = module("holdfast.sessions.devices", "from holdfast.push.sql import pushers")
    web = module("holdfast.sync.rules", "from holdfast.app import build_app")
    fine = module("holdfast.accounts.rules", "from holdfast.push import rules\nimport holdfast")
    sql = module("holdfast.push.sql", "from holdfast.kit.db import Tx")
    assert wrong_ways([kit, low, spy, again, web, fine, sql]) == [
        "holdfast.kit.db imports holdfast.sessions.rules",
        "holdfast.push.rules imports holdfast.sessions.rules",
        "holdfast.sessions.rules imports holdfast.push.sql",
        "holdfast.sessions.devices imports holdfast.push.sql",
        "holdfast.sync.rules imports holdfast.app",
    ]


def test_circles_are_found() -> None:
    one = module("holdfast.kit.one", "from holdfast.kit import two")
    two = module("holdfast.kit.two", "def f():\n    from holdfast.kit.one import x")
    typed = module("holdfast.kit.two", "if TYPE_CHECKING:\n    from holdfast.kit.one import x")
    assert set(circle([one, two])) == {"holdfast.kit.one", "holdfast.kit.two"}
    assert circle([one, typed]) == []
