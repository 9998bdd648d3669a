"""The words of messages that are not encrypted, by which they are found again.

Words are what lies between anything but letters and digits, in any case.
"""

import re
from collections.abc import Iterable

import msgspec

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql import search as sql

FIELDS = {"m.room.message": "body", "m.room.name": "name", "m.room.topic": "topic"}
MOST_WORDS, WORD_LENGTH = 200, 50
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text, each once."""
    found = dict.fromkeys(word.casefold()[:WORD_LENGTH] for word in _WORD.findall(text))
    return list(found)[:MOST_WORDS]


def remember(tx: Tx, events: Iterable[Event]) -> None:
    """Store the words of new messages; one statement, and none where there are no words."""
    rows = []
    for event in events:
        name = FIELDS.get(event.type)
        text = msgspec.json.decode(event.content).get(name) if name else None
        of_event = {
            "room_id": event.room_id,
            "position": event.position,
            "field": f"content.{name}",
        }
        if isinstance(text, str):
            rows += [{**of_event, "word": word} for word in words_of(text)]
    sql.insert(tx, rows)


def forget(tx: Tx, event: Event) -> None:
    """Forget the words of a message that is redacted."""
    if event.type in FIELDS:
        sql.forget(tx, event.position)
