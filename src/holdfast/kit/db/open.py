"""From a database URL to a database."""

from pathlib import Path

from holdfast.kit.db.sqlite import SqliteDatabase
from holdfast.kit.db.tx import Database, StatementHook


def open_database(url: str, hook: StatementHook | None = None) -> Database:
    """Open the database at `url`: `sqlite:///PATH` or `postgresql://…`.

    `hook` is told of every statement before it runs: tests count them, or stop the process there.

    Raises:
        DatabaseUnavailable: it cannot be opened.
        ValueError: `url` is neither of the two.
    """
    if url.startswith("sqlite:///"):
        return SqliteDatabase(Path(url.removeprefix("sqlite:///")), hook)
    if url.startswith(("postgresql://", "postgres://")):
        # Only where it is used: loading psycopg takes 10 MiB and 0.1 s.
        from holdfast.kit.db.postgresql import PostgresDatabase  # noqa: PLC0415 - see the line above

        return PostgresDatabase(url, hook)
    raise ValueError("expected sqlite:///PATH or postgresql://…")
