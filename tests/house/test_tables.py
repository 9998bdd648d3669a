"""A feature's tables are its own: others call its rules with the same transaction.

Where a feature has to join what others own, a view of its own says which columns it reads.

Each table's owner stands above its CREATE TABLE, as in `-- owner: sessions` or, for a table of the
kit, `-- owner: kit.mail`. In the kit, whose modules are small, the owner itself may name it.
"""

import re
from collections.abc import Mapping, Sequence

from tests.house.source import PACKAGE, Module, module, modules, texts

CREATED = re.compile(
    r"(?:^-- owner: (?P<owner>[\w.]+)\n(?:--.*\n)*)?"
    r"^CREATE (?:TABLE|VIEW) (?:IF NOT EXISTS )?(?P<table>\w+)",
    re.MULTILINE,
)
NAMED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE) +(\w+)")
STATEMENT = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN|WHERE) +\w")


def owners(schema: str) -> dict[str, str | None]:
    """The tables that `schema` makes, each with its owner."""
    return {match["table"]: match["owner"] for match in CREATED.finditer(schema)}


def schema() -> str:
    """All migrations, one after the other."""
    files = sorted((PACKAGE / "schema").glob("*.sql"))
    return "\n".join(file.read_text() for file in files)


def trespasses(found: Sequence[Module], tables: Mapping[str, str | None]) -> list[str]:
    """Statements that name a table outside its owner's `sql`."""
    wrong = []
    for mod in found:
        statements = " ".join(text for text in texts(mod.tree) if STATEMENT.search(text))
        for table in sorted(set(NAMED.findall(statements)) & set(tables)):
            at_home = f"{mod.name}.".startswith(f"holdfast.{tables[table]}.")
            if not (at_home and (mod.is_sql or mod.part == "kit")):
                wrong.append(f"{mod.name} names {table}")
    return wrong


def test_each_table_has_an_owner() -> None:
    """House rule 3 can only be kept when everybody can see whose a table is."""
    assert [table for table, owner in owners(schema()).items() if owner is None] == []


def test_each_table_is_named_in_its_owners_sql_only() -> None:
    """House rule 3: who changes a table's columns has to look in one file, not in all of them."""
    assert trespasses(modules(), owners(schema())) == []


def test_foreign_tables_and_ownerless_ones_are_found() -> None:
    tables = owners(
        "-- owner: sessions\n-- Where somebody is signed in.\nCREATE TABLE devices (\n"
        "    name text -- as in CREATE TABLE\n) STRICT;\nCREATE TABLE stray (id text);\n"
    )
    assert tables == {"devices": "sessions", "stray": None}
    own = module("holdfast.sessions.sql.tokens", "ALL = 'SELECT * FROM devices'")
    rule = module("holdfast.sessions.rules", "tx.all(Row, 'SELECT * FROM devices')")
    other = module(
        "holdfast.push.sql",
        "tx.run('DELETE FROM pushers WHERE id IN (SELECT id'\n' FROM devices)')",
    )
    talk = module("holdfast.push.rules", "'''Not about devices.'''\nTEXT = 'DELETE your devices'")
    assert trespasses([own, rule, other, talk], tables) == [
        "holdfast.sessions.rules names devices",
        "holdfast.push.sql names devices",
    ]
