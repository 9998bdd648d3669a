"""SQL is written out, once for both databases, with named parameters and nothing spliced in."""

import ast
import re
from collections.abc import Iterator, Sequence

from tests.house.source import Module, module, modules, texts

RUNS = re.compile(r"(^|\.)tx\.(one|all|value|run|many)$")
CONSTANT = re.compile(r"(\w+\.)?_?[A-Z][A-Z0-9_]*$")
STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM)\b")
LITERAL = re.compile(r"'([^']*)'")


def statement(name: str, call: ast.Call) -> ast.expr | None:
    """The argument of `tx.run(…)` and its like that holds the SQL."""
    for keyword in call.keywords:
        if keyword.arg == "sql":
            return keyword.value
    at = 1 if name.endswith((".one", ".all")) else 0
    return call.args[at] if len(call.args) > at else None


def is_written_out(node: ast.expr) -> bool:
    """Whether a text is made of literals and named constants alone."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.BinOp):
        return (
            isinstance(node.op, ast.Add)
            and is_written_out(node.left)
            and is_written_out(node.right)
        )
    if isinstance(node, ast.IfExp):
        return is_written_out(node.body) and is_written_out(node.orelse)
    return isinstance(node, ast.Name | ast.Attribute) and bool(CONSTANT.match(ast.unparse(node)))


def constants(mod: Module) -> Iterator[tuple[int, ast.expr]]:
    """The values of the module's constants that hold SQL."""
    for node in mod.tree.body:
        if isinstance(node, ast.Assign):
            named = all(CONSTANT.match(ast.unparse(target)) for target in node.targets)
            if named and any(map(STATEMENT.search, texts(node.value))):
                yield node.lineno, node.value


def spliced(found: Sequence[Module]) -> list[str]:
    """Statements that are put together when the program runs."""
    wrong = []
    for mod in found:
        if mod.part == "schema":
            continue  # it runs the migrations, which are files
        for name, call in mod.calls():
            sql = statement(name, call) if RUNS.search(name) else None
            if sql is not None and not is_written_out(sql):
                wrong.append(f"{mod.name}:{call.lineno}: {ast.unparse(sql)}")
        if mod.is_sql:
            values = [(line, value) for line, value in constants(mod) if not is_written_out(value)]
            wrong += [f"{mod.name}:{line}: {ast.unparse(value)}" for line, value in values]
    return wrong


def untranslatable(found: Sequence[Module]) -> list[str]:
    """Texts in `sql` modules that the translation of `:name` would take apart, or one engine."""
    return [
        f"{mod.name}: {text}"
        for mod in found
        if mod.is_sql
        for text in texts(mod.tree)
        if "::" in text or any(":" in literal for literal in LITERAL.findall(text))
    ]


def test_statements_are_written_out() -> None:
    """House rule 6: a value in the text is an injection; a text made at run time can't be searched.

    Literals and constants may be added up. A list is passed as `each(:ids)`.
    """
    assert spliced(modules()) == []


def test_no_literal_holds_a_colon() -> None:
    """House rule 6: `':'` in a literal breaks the parameters' translation; `::` is PostgreSQL's."""
    assert untranslatable(modules()) == []


def test_spliced_statements_are_found() -> None:
    bad = module(
        "holdfast.push.sql",
        "tx.run(f'DELETE FROM pushers WHERE id = {x}')\n"
        "tx.one(Row, 'SELECT %s' % x)\n"
        "tx.all(Row, 'SELECT {}'.format(x), limit=1)\n"
        "tx.value('SELECT ' + x)\n"
        "ALL = f'SELECT {x} FROM pushers'\n",
    )
    good = module(
        "holdfast.push.sql",
        "ALL = 'SELECT *' ' FROM pushers '\n"
        "tx.all(Row, ALL + 'WHERE id = :id', id=1)\n"
        "tx.one(Row, 'SELECT 1' if newest else ALL)\n"
        "pool.run(task)\n",
    )
    assert len(spliced([bad])) == 5
    assert spliced([good]) == []


def test_colons_in_literals_are_found() -> None:
    bad = module("holdfast.push.sql", "A = \"SELECT ':x'\"\nB = 'SELECT id::text'")
    good = module("holdfast.push.sql", "A = \"SELECT :a, '' WHERE kind = 'http' AND b = :b\"")
    assert len(untranslatable([bad])) == 2
    assert untranslatable([good]) == []
