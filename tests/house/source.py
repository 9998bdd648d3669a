"""The project's source as the house rules look at it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "holdfast"

FLOOR = ("kit", "config", "schema")
"""What every feature stands on."""
FEATURES = (
    "journal",
    "credentials",
    "push",
    "profile",
    "account_data",
    "media",
    "rooms",
    "notices",
    "uia",
    "device_keys",
    "to_device",
    "dehydrated_devices",
    "sessions",
    "key_backup",
    "custody",
    "recovery",
    "accounts",
    "receipts",
    "typing",
    "presence",
    "people",
    "push_delivery",
    "admin",
    "sync",
    "sliding_sync",
    "discovery",
    "portal",
)
"""The features, lowest first: each may import those before it. The only list of this order."""
ROOF = ("app", "housekeeping", "cli", "__main__")
"""What puts the features together; nothing but the roof itself imports it."""


@dataclass(frozen=True)
class Module:
    """One Python file, by its dotted name."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text)

    @property
    def part(self) -> str:
        """The part of the package it belongs to, such as `kit` or `sessions`."""
        return part_of(self.name)

    @property
    def is_sql(self) -> bool:
        """Whether it is (a file of) its feature's `sql`."""
        return "sql" in self.name.split(".")[1:]

    @property
    def is_routes(self) -> bool:
        """Whether it is (a file of) its feature's `routes`."""
        return "routes" in self.name.split(".")[1:]

    @property
    def is_for_types_only(self) -> set[ast.AST]:
        """The nodes below `if TYPE_CHECKING:`, which do nothing when the program runs."""
        return {
            node
            for branch in ast.walk(self.tree)
            if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
            for statement in branch.body
            for node in ast.walk(statement)
        }

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Each call with the dotted name of what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node


def part_of(name: str) -> str:
    """The part of the package that a module belongs to; the package itself is ""."""
    return [*name.split("."), ""][1]


def modules() -> list[Module]:
    """Every module of the package."""
    return [Module(_name(file), file.read_text()) for file in sorted(PACKAGE.rglob("*.py"))]


def module(name: str, text: str) -> Module:
    """A made-up module, with which a rule shows that it bites."""
    return Module(name, text)


def committed(*patterns: str) -> list[Path]:
    """The files that git knows or would take, matching `patterns` (all of them by default)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def python_files() -> list[Path]:
    """Every Python file of the project: source, tests and scripts."""
    return committed("*.py")


def texts(node: ast.AST) -> Iterator[str]:
    """Every text in the code below `node`, with adjoining pieces put together, less docstrings."""
    documentation = {_docstring(each) for each in ast.walk(node)}
    for each in ast.walk(node):
        is_text = isinstance(each, ast.Constant) and isinstance(each.value, str)
        if is_text and each not in documentation:
            yield str(ast.literal_eval(each))


def _docstring(node: ast.AST) -> ast.AST | None:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if isinstance(node, documented) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            return first.value
    return None


def _name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
