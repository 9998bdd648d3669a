"""The account journal is only ever added to."""

import re
from collections.abc import Sequence

from tests.house.source import Module, module, modules, texts

CHANGES = re.compile(
    r"\b(?:UPDATE\s+(?:OR\s+\w+\s+)?journal\b|DELETE\s+FROM\s+journal\b|REPLACE\s+INTO\s+journal\b"
    r"|TRUNCATE\s+(?:TABLE\s+)?journal\b|INSERT\s+INTO\s+journal\b.*ON\s+CONFLICT)",
    re.IGNORECASE | re.DOTALL,
)
ALLOWED = (
    "DELETE FROM journal WHERE user_id IN (SELECT user_id FROM journal"
    " WHERE forget_at <= :now ORDER BY forget_at LIMIT :limit)"
)
"""Forgets the whole journal of an erased account (docs/decisions/0030-account-journal.md)."""


def changes(found: Sequence[Module]) -> list[str]:
    """Statements that change or remove what the journal holds."""
    return [
        f"{mod.name}: {text}" for mod in found for text in texts(mod.tree) if CHANGES.search(text)
    ]


def test_entries_are_neither_changed_nor_picked_out() -> None:
    """The journal says who did what to an account, also when a thief or an administrator did it.

    It is worth something only if nobody who gets hold of an account can take back what it says. A
    whole journal goes, a month after its account was erased; no single entry ever does.
    """
    assert changes(modules()) == [f"holdfast.journal.sql: {ALLOWED}"]


def test_changes_are_found() -> None:
    bad = module(
        "holdfast.journal.sql",
        "A = 'UPDATE journal SET facts = :facts'\n"
        "B = 'DELETE FROM journal WHERE number = :number'\n"
        "C = 'INSERT INTO journal (number) VALUES (:number)' ' ON CONFLICT DO NOTHING'\n"
        "D = 'update or ignore journal set at = 0'\n"
        "E = 'INSERT OR REPLACE INTO journal (number) VALUES (:number)'\n",
    )
    good = module(
        "holdfast.journal.sql",
        "A = 'INSERT INTO journal (what) VALUES (:what)'\nB = 'SELECT at FROM journal'\n",
    )
    assert len(changes([bad])) == 5
    assert changes([good]) == []
