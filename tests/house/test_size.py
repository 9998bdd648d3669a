"""Short functions and files, so that each can be read in one go."""

import ast
from pathlib import Path

from tests.house.source import ROOT, committed, python_files

MOST_FUNCTION_LINES = 40
MOST_FILE_LINES = 300

LONG_FUNCTIONS: dict[str, str] = {}
"""`path::function` of those that may be longer, each with the reason."""
LONG_FILES: dict[str, str] = {}
"""Paths of files that may be longer, each with the reason."""


def long_functions(text: str) -> list[str]:
    """The functions of more than 40 lines, not counting what documents them."""
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length(node) > MOST_FUNCTION_LINES
    ]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """A function's lines from `def` to its end, less its docstring."""
    total = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        documentation = function.body[0]
        total -= (documentation.end_lineno or 0) - documentation.lineno + 1
    return total


def relative(file: Path) -> str:
    """A file's path in the project."""
    return file.relative_to(ROOT).as_posix()


def test_functions_are_short() -> None:
    """A function that does not fit on a screen does more than its name says."""
    names = {
        f"{relative(f)}::{name}" for f in python_files() for name in long_functions(f.read_text())
    }
    assert sorted(names - set(LONG_FUNCTIONS)) == []
    assert sorted(set(LONG_FUNCTIONS) - names) == [], "no longer long: take it off the list"


def test_files_are_short() -> None:
    """A feature that outgrows a file splits by use case, which is how people look for things."""
    files = committed("*.py", "portal/*.ts", "portal/*.tsx", "portal/*.css", "*.html", "scripts/*")
    long = {relative(f) for f in files if len(f.read_text().splitlines()) > MOST_FILE_LINES}
    assert sorted(long - set(LONG_FILES)) == []
    assert sorted(set(LONG_FILES) - long) == [], "no longer long: take it off the list"


def test_long_functions_are_found() -> None:
    body = "    x = 1\n"
    documentation = "    '''One.\n" + "\n" * 50 + "    '''\n"
    assert long_functions("def f():\n" + body * 40) == ["f"]
    assert long_functions("async def g():\n" + documentation + body * 39) == []
