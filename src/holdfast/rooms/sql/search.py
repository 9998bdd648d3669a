"""Tables: search_words, events. Finding messages by their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx


def insert(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the words of new messages."""
    tx.many(
        "INSERT INTO search_words (word, room_id, position, field)"
        " VALUES (:word, :room_id, :position, :field)",
        rows,
    )


def forget(tx: Tx, position: int) -> None:
    """Forget the words of a message that was redacted."""
    tx.run("DELETE FROM search_words WHERE position = :position", position=position)


@dataclass(frozen=True)
class Hit:
    """A message that has the words; `fields` is in how many places one of them stands."""

    room_id: str
    position: int
    event_id: str
    fields: int


def find(
    tx: Tx, words: Sequence[str], room_ids: Sequence[str], fields: Sequence[str], most: int
) -> list[Hit]:
    """The newest messages of some rooms that have all of some words, in one of the fields each."""
    return tx.all(
        Hit,
        "SELECT e.room_id, e.position, e.event_id, f.fields FROM (SELECT position,"
        " count(*) AS fields FROM search_words WHERE word IN each(:words)"
        " AND room_id IN each(:room_ids) AND field IN each(:fields) GROUP BY position"
        " HAVING count(DISTINCT word) = :words_wanted ORDER BY position DESC LIMIT :most) AS f"
        " JOIN events AS e ON e.position = f.position ORDER BY e.position DESC",
        words=list(words),
        words_wanted=len(words),
        room_ids=list(room_ids),
        fields=list(fields),
        most=most,
    )
