"""The few places where the two engines spell the same SQL differently."""

import re
from functools import cache

_EACH = re.compile(r"\beach\(:([a-z_][a-z0-9_]*)\)")
_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


@cache
def for_sqlite(sql: str) -> str:
    """`sql` as SQLite reads it: lists travel as one JSON text."""
    return _EACH.sub(r"(SELECT value FROM json_each(:\1))", sql)


@cache
def for_postgresql(sql: str) -> str:
    """`sql` as psycopg reads it: `%(name)s` parameters, lists as arrays."""
    listed = _EACH.sub(r"(SELECT unnest(:\1 /*list*/))", sql.replace("%", "%%"))
    return _NAME.sub(r"%(\1)s", listed).replace(" /*list*/", "::text[]")


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
