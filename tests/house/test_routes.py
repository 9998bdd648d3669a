"""The standard is cited at the line."""

import ast
from collections.abc import Sequence

from tests.house.source import Module, module, modules

HOME = "holdfast.kit.http"
MAKERS = {"client", "extra", "page", "Route"}


def makers(mod: Module) -> set[str]:
    """What `mod` calls the functions that make routes."""
    return {
        each.asname or each.name
        for node in ast.walk(mod.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(HOME)
        for each in node.names
        if each.name in MAKERS
    }


def uncited(found: Sequence[Module]) -> list[str]:
    """Routes that do not name where they are defined."""
    wrong = []
    for mod in found:
        known = makers(mod)
        for name, call in mod.calls():
            if name in known:
                cited = [each.value for each in call.keywords if each.arg == "spec"]
                if not any(_says_something(mod, value) for value in cited):
                    wrong.append(f"{mod.name}:{call.lineno}: {ast.unparse(call)}")
    return wrong


def _says_something(mod: Module, value: ast.expr) -> bool:
    if isinstance(value, ast.Name):
        named = [
            node.value
            for node in mod.tree.body
            if isinstance(node, ast.Assign) and value.id in map(ast.unparse, node.targets)
        ]
        return any(_says_something(mod, each) for each in named)
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(value.value)


def test_each_route_cites_its_specification() -> None:
    """House rule 10: who doubts an answer must find at once what the standard says about it.

    The citation is a literal text or a constant of its module, so that the coverage page can be
    made without running anything.
    """
    assert uncited(modules()) == []


def test_uncited_routes_are_found() -> None:
    bad = module(
        "holdfast.push.routes",
        "from holdfast.kit.http import client, extra as more\n"
        "ROUTES = [client('GET', 'pushers', f), more('PUT', 'x', f, spec='')]",
    )
    good = module(
        "holdfast.push.routes",
        "from holdfast.kit.http.routing import client\n"
        "PUSH = 'Push'\n"
        "ROUTES = [client('GET', 'x', f, spec='Push'), client('PUT', 'x', f, spec=PUSH)]",
    )
    assert len(uncited([bad])) == 2
    assert uncited([good]) == []
