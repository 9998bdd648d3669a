"""Bringing a database up to date.

Each file runs once, all of them in one transaction under a lock, so that two processes that start
at the same moment are safe and a crash leaves the old tables. A file that has run must never
change: its checksum is kept and compared.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib import resources

from holdfast.kit.db import Database, Tx
from holdfast.kit.db.dialect import schema_for

_NAME = re.compile(r"(\d{4})_\w+\.sql")


class NewerDatabase(Exception):
    """The database was made by a newer Holdfast (or by a changed one). Safe to show."""


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """Every migration this Holdfast knows, in order."""
    files = [
        (match, file)
        for file in resources.files("holdfast.schema").iterdir()
        if (match := _NAME.fullmatch(file.name))
    ]
    found = [Migration(int(match[1]), file.name, file.read_text("utf-8")) for match, file in files]
    return sorted(found, key=lambda migration: migration.number)


def migrate(database: Database, now: int) -> list[str]:
    """Run the migrations that `database` lacks; return their names.

    `now` is the time in milliseconds, kept beside each.

    Raises:
        NewerDatabase: it has migrations that this Holdfast does not know, or knows differently.
    """
    return database.run_now(lambda tx: _migrate(tx, database.engine, now))


def pending(database: Database) -> list[str]:
    """The names of the migrations that `database` lacks.

    Raises:
        NewerDatabase: as `migrate` does.
    """
    return database.run_now(
        lambda tx: [migration.name for migration in _missing(tx, database.engine)]
    )


def _missing(tx: Tx, engine: str) -> list[Migration]:
    tx.lock("holdfast.schema")
    create = "CREATE TABLE IF NOT EXISTS migrations"
    columns = "(number bigint PRIMARY KEY, name text, checksum text, applied_at bigint) STRICT"
    for statement in schema_for(engine, f"{create} {columns}"):
        tx.run(statement)
    known = {migration.number: migration for migration in migrations()}
    done = dict(tx.all(_pair, "SELECT number, checksum FROM migrations"))
    for number, checksum in done.items():
        if number not in known or known[number].checksum != checksum:
            raise NewerDatabase(
                "This database was made by a newer or different Holdfast (it has migration"
                f" {number:04d}, which this one does not know in that form). Start that version"
                " instead, or restore a backup made before the upgrade."
            )
    return [migration for number, migration in sorted(known.items()) if number not in done]


def _migrate(tx: Tx, engine: str, now: int) -> list[str]:
    fresh = _missing(tx, engine)
    for migration in fresh:
        for statement in schema_for(engine, migration.sql):
            tx.run(statement)
    tx.many(
        "INSERT INTO migrations (number, name, checksum, applied_at)"
        " VALUES (:number, :name, :checksum, :now)",
        [{"number": m.number, "name": m.name, "checksum": m.checksum, "now": now} for m in fresh],
    )
    return [migration.name for migration in fresh]


def _pair(number: int, checksum: str) -> tuple[int, str]:
    return number, checksum
