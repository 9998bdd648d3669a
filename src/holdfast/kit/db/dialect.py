"""The few places where the two engines spell the same SQL differently."""

import re
from functools import cache
from typing import Any

import msgspec

_EACH = re.compile(r"\beach\(:([a-z_][a-z0-9_]*)\)")
_ROWS = re.compile(r"\brows\(:([a-z_][a-z0-9_]*)((?:, *[a-z_][a-z0-9_]*)+)\)")
_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


def as_json(values: list[Any]) -> str:
    """How a list travels to an engine as one text."""
    return msgspec.json.encode(values).decode()


@cache
def rows_in(sql: str) -> frozenset[str]:
    """The parameters that `sql` takes as `rows(:name, …)`."""
    return frozenset(match[1] for match in _ROWS.finditer(sql))


@cache
def for_sqlite(sql: str) -> str:
    """`sql` as SQLite reads it: lists travel as one JSON text."""
    in_rows = _ROWS.sub(lambda match: _rows(match, "json_each(:{})"), sql)
    return _EACH.sub(r"(SELECT value FROM json_each(:\1))", in_rows)


@cache
def for_postgresql(sql: str) -> str:
    """`sql` as psycopg reads it: `%(name)s` parameters, lists as arrays, rows as one JSON text."""
    escaped = sql.replace("%", "%%")
    in_rows = _ROWS.sub(lambda m: _rows(m, "json_array_elements(:{} /*json*/)"), escaped)
    listed = _EACH.sub(r"(SELECT unnest(:\1 /*list*/))", in_rows)
    named = _NAME.sub(r"%(\1)s", listed)
    return named.replace(" /*list*/", "::text[]").replace(" /*json*/", "::json")


def _rows(match: "re.Match[str]", source: str) -> str:
    columns = [name.strip() for name in match[2].split(",")[1:]]
    chosen = ", ".join(f"value ->> {at} AS {name}" for at, name in enumerate(columns))
    # Names out of a statement of ours, which the house's tests hold to literals.
    return f"(SELECT {chosen} FROM {source.format(match[1])} AS value)"  # noqa: S608 - see above


_TYPES = {
    "sqlite": {
        r"\bserial\b": "INTEGER PRIMARY KEY AUTOINCREMENT",
        r"\bbigint\b": "INTEGER",
    },
    "postgresql": {
        r"\bserial\b": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        r"\bblob\b": "bytea",
        r"\)\s*STRICT\b": ")",
    },
}


def schema_for(engine: str, sql: str) -> list[str]:
    """The statements of a migration for one engine.

    Types are written as `bigint`, `text`, `blob` and `serial`, tables end in `STRICT`. A line that
    ends in `-- sqlite only` or `-- postgresql only` counts for that engine alone.
    """
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[engine]
    kept = [
        line.split("--", 1)[0]
        for line in sql.splitlines()
        if not line.rstrip().endswith(f"-- {other} only")
    ]
    text = "\n".join(kept)
    for pattern, spelled in _TYPES[engine].items():
        text = re.sub(pattern, spelled, text)
    return [statement.strip() for statement in text.split(";") if statement.strip()]
