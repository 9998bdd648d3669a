"""Tables: events. What relates to what (Client-Server API, "Relationship types")."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event
from holdfast.rooms.sql.events import COLUMNS


@dataclass(frozen=True)
class Bundle:
    """How many events relate to one in one way, the newest of them, and whether mine are among."""

    relates_to: str
    rel_type: str
    count: int
    newest: int
    own: int


def bundles(tx: Tx, event_ids: Sequence[str], user_id: str, upto: int) -> list[Bundle]:
    """What relates to some events in the ways that are told of together with them."""
    return tx.all(
        Bundle,
        "SELECT relates_to, rel_type, count(*), max(position),"
        " sum(CASE WHEN sender = :user_id THEN 1 ELSE 0 END) FROM events"
        " WHERE relates_to IN each(:event_ids)"
        " AND rel_type IN ('m.replace', 'm.reference', 'm.thread') AND position <= :upto"
        " GROUP BY relates_to, rel_type",
        event_ids=list(event_ids),
        user_id=user_id,
        upto=upto,
    )


def edits(tx: Tx, event_ids: Sequence[str], upto: int) -> list[Event]:
    """The newest edit of each of some events, by whoever sent the event."""
    return tx.all(
        Event,
        COLUMNS  # noqa: S608 - two literals
        + "WHERE position IN (SELECT max(r.position) FROM events AS r JOIN events AS t"
        " ON t.event_id = r.relates_to AND t.room_id = r.room_id AND t.sender = r.sender"
        " AND t.type = r.type WHERE r.relates_to IN each(:event_ids)"
        " AND r.rel_type = 'm.replace' AND t.state_key IS NULL AND r.state_key IS NULL"
        " AND t.redacted_by IS NULL AND r.position <= :upto GROUP BY r.relates_to)",
        event_ids=list(event_ids),
        upto=upto,
    )


def references(tx: Tx, event_ids: Sequence[str], upto: int) -> list[Event]:
    """All events that refer to some events, the oldest first."""
    return tx.all(
        Event,
        COLUMNS + "WHERE relates_to IN each(:event_ids) AND rel_type = 'm.reference'"
        " AND position <= :upto ORDER BY position",
        event_ids=list(event_ids),
        upto=upto,
    )


def newest_of_threads(tx: Tx, roots: Sequence[str], upto: int) -> list[Event]:
    """The newest event of each of some threads."""
    return tx.all(
        Event,
        COLUMNS  # noqa: S608 - two literals
        + "WHERE position IN (SELECT max(position) FROM events"
        " WHERE relates_to IN each(:roots) AND rel_type = 'm.thread' AND position <= :upto"
        " GROUP BY relates_to)",
        roots=list(roots),
        upto=upto,
    )


def related(
    tx: Tx,
    room_id: str,
    targets: Sequence[str],
    rel_type: str | None,
    kind: str | None,
    after: int,
    upto: int,
) -> list[Event]:
    """Events that relate to some events, the oldest first; 5,000 at most."""
    return tx.all(
        Event,
        COLUMNS + "WHERE relates_to IN each(:targets) AND room_id = :room_id"
        " AND position > :after AND position <= :upto"
        " AND (CAST(:rel_type AS text) IS NULL OR rel_type = :rel_type)"
        " AND (CAST(:kind AS text) IS NULL OR type = :kind)"
        " ORDER BY position LIMIT 5000",
        targets=list(targets),
        room_id=room_id,
        rel_type=rel_type,
        kind=kind,
        after=after,
        upto=upto,
    )


def threads(tx: Tx, room_id: str, before: int, limit: int, participant: str | None) -> list[Event]:
    """The roots of a room's threads, that with the newest event first.

    Those whose newest event is older than `before`; of `participant` only: with an event of
    theirs, or started by them. The `position` of each is that of its thread's newest event.
    """
    return tx.all(
        Event,
        "SELECT t.newest, e.event_id, e.room_id, e.type, e.state_key, e.sender, e.device_id,"
        " e.txn_id, e.origin_server_ts, e.content, e.replaces, e.rel_type, e.relates_to, e.thread,"
        " e.redacts, e.redacted_by FROM (SELECT relates_to AS root, max(position) AS newest"
        " FROM events WHERE room_id = :room_id AND thread IS NOT NULL AND rel_type = 'm.thread'"
        " GROUP BY relates_to) AS t JOIN events AS e ON e.event_id = t.root"
        " AND e.room_id = :room_id"
        " WHERE t.newest < :before AND (CAST(:participant AS text) IS NULL"
        " OR e.sender = :participant OR EXISTS (SELECT 1 FROM events AS o"
        " WHERE o.relates_to = t.root AND o.rel_type = 'm.thread' AND o.sender = :participant))"
        " ORDER BY t.newest DESC LIMIT :limit",
        room_id=room_id,
        before=before,
        limit=limit,
        participant=participant,
    )


def is_there(tx: Tx, target: str, kind: str, sender: str, key: str) -> bool:
    """Whether a user has annotated an event with the same key already."""
    found = tx.all(
        str,
        "SELECT content FROM events WHERE relates_to = :target AND rel_type = 'm.annotation'"
        " AND type = :kind AND sender = :sender",
        target=target,
        kind=kind,
        sender=sender,
    )
    return any(msgspec.json.decode(each)["m.relates_to"].get("key") == key for each in found)
