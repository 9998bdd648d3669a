"""Views: custody_sessions, custody_keys, custody_headers, custody_times, custody_events.

Counting what a key backup covers.
`docs/decisions/0070-custody-report.md` says why Megolm sessions are counted, and when events are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Count:
    """Messages in a room that are all one thing: `covered`, `at_risk` or `not_readable`.

    `sender` and `device_id` tell of those at risk which session sent them; times are milliseconds.
    """

    room_id: str
    sender: str
    device_id: str
    what: str
    events: int
    first_ts: int
    last_ts: int


@dataclass(frozen=True)
class Found(Count):
    """Megolm sessions of a room: all that are covered together, each of the others alone.

    `what` may also be `split`: the backup's key opens only the later messages, which follow each
    other without a gap; or `part`: some messages are not to be seen, or there are gaps. Those after
    one position, up to another are to be seen.
    """

    session_id: str
    after_position: int
    upto_position: int
    first_message_index: int | None
    first_index: int
    last_index: int

    @property
    def who(self) -> "Who":
        """Whose part of which Megolm session it is, where it is alone."""
        return self.room_id, self.session_id, self.sender, self.device_id

    def row(self) -> list[str]:
        """A part as `single_events` takes it; where there is no key, none begins early enough."""
        first = AFTER_ALL if self.first_message_index is None else self.first_message_index
        at = (self.after_position, self.upto_position, first)
        return [self.room_id, self.session_id, self.sender, self.device_id, *map(str, at)]


AFTER_ALL = 1 << 32
"""A message index has 32 bits."""


def sessions(tx: Tx, backup: int, stretches: Sequence[list[str]]) -> list[Found]:
    """The Megolm sessions with messages to be seen, joined with their keys in a backup.

    `stretches` are room ID and the positions after and up to which messages are to be seen. The
    position of its first message names a session in its room; grouping by texts is slow.
    """
    return tx.all(
        Found,
        "WITH seen AS MATERIALIZED (SELECT r.room_id,"
        " CAST(r.after_position AS bigint) AS after_position,"
        " CAST(r.upto_position AS bigint) AS upto_position"
        " FROM rows(:stretches, room_id, after_position, upto_position) AS r),"
        " judged AS (SELECT m.room_id, m.session_id, m.sender, m.device_id, m.events, m.first_ts,"
        " m.last_ts, m.first_position, m.first_index, m.last_index, s.after_position,"
        " s.upto_position, k.first_message_index,"
        " CASE WHEN m.first_position <= s.after_position OR m.last_position > s.upto_position"
        " THEN 'part' WHEN m.session_id = '' THEN 'not_readable'"
        " WHEN k.first_message_index IS NULL OR k.first_message_index > m.last_index THEN 'at_risk'"
        " WHEN k.first_message_index <= m.first_index THEN 'covered'"
        " WHEN m.gapless = 1 THEN 'split' ELSE 'part' END AS what"
        " FROM seen AS s JOIN custody_sessions AS m ON m.room_id = s.room_id"
        " AND m.last_position > s.after_position AND m.first_position <= s.upto_position"
        " LEFT JOIN custody_keys AS k ON k.backup = :backup AND k.slot = m.slot"
        " AND k.room_id = m.room_id AND k.session_id = m.session_id)"
        " SELECT room_id, max(sender), max(device_id), what, CAST(sum(events) AS bigint),"
        " min(first_ts), max(last_ts), max(session_id), after_position,"
        " max(upto_position), max(first_message_index), min(first_index), max(last_index)"
        " FROM judged GROUP BY room_id, what,"
        " after_position, CASE WHEN what = 'covered' THEN 0 ELSE first_position END",
        backup=backup,
        stretches=list(stretches),
    )


_WHO = (
    "CASE WHEN what = 'at_risk' THEN sender ELSE '' END AS sender,"
    " CASE WHEN what = 'at_risk' THEN device_id ELSE '' END AS device_id"
)
_GROUPED = " GROUP BY 1, 2, 3, 4"  # room, `_WHO` and what: the names are also those of columns


Who = tuple[str, str, str, str]
"""Room ID, session ID, sender and device ID: one session's part of a Megolm session."""


def times(tx: Tx, split: Sequence[Found]) -> dict[Who, int]:
    """When the last message was sent that the key of a split session does not open."""
    return dict(
        tx.all(
            _time,
            "SELECT h.room_id, h.session_id, h.sender, h.device_id, t.ts"
            " FROM rows(:split, room_id, session_id, sender, device_id, first) AS s"
            " JOIN custody_headers AS h ON h.room_id = s.room_id AND h.session_id = s.session_id"
            " AND h.message_index = CAST(s.first AS bigint) - 1"
            " AND h.sender = s.sender AND h.device_id = s.device_id"
            " JOIN custody_times AS t ON t.position = h.position",
            split=[[*s.who, str(s.first_message_index)] for s in split],
        )
    )


def _time(room_id: str, session_id: str, sender: str, device_id: str, ts: int) -> tuple[Who, int]:
    return (room_id, session_id, sender, device_id), ts


def single_events(tx: Tx, parts: Sequence[Found]) -> list[Count]:
    """The messages of sessions that are parts, counted one by one.

    The server's clock goes on with the positions, so that the times of the first and the last of
    some messages are the bounds of all: only those two are looked up.
    """
    return tx.all(
        Count,
        "WITH part AS (SELECT r.room_id, r.session_id, r.sender, r.device_id,"  # noqa: S608 - literals
        " CAST(r.after_position AS bigint) AS after_position,"
        " CAST(r.upto_position AS bigint) AS upto_position, CAST(r.first AS bigint) AS first"
        " FROM rows(:parts, room_id, session_id, sender, device_id, after_position,"
        " upto_position, first) AS r),"
        " single AS (SELECT p.room_id, p.sender, p.device_id, e.position,"
        " CASE WHEN p.first <= e.message_index THEN 'covered' ELSE 'at_risk' END AS what"
        " FROM part AS p JOIN custody_headers AS e ON e.room_id = p.room_id"
        " AND e.session_id = p.session_id AND e.sender = p.sender AND e.device_id = p.device_id"
        " AND e.position > p.after_position AND e.position <= p.upto_position"
        " UNION ALL SELECT p.room_id, p.sender, p.device_id, e.position, 'not_readable' AS what"
        " FROM part AS p JOIN custody_headers AS e ON p.session_id = '' AND e.room_id = p.room_id"
        " AND e.session_id IS NULL AND e.sender = p.sender AND e.device_id = p.device_id"
        " AND e.position > p.after_position AND e.position <= p.upto_position),"
        " counted AS (SELECT room_id, "
        + _WHO
        + ", what, count(*) AS events, min(position) AS first, max(position) AS last FROM single"
        + _GROUPED
        + ") SELECT c.room_id, c.sender, c.device_id, c.what, c.events, f.ts, l.ts"
        " FROM counted AS c JOIN custody_times AS f ON f.position = c.first"
        " JOIN custody_times AS l ON l.position = c.last",
        parts=[each.row() for each in parts],
    )


def every_event(tx: Tx, backup: int, stretches: Sequence[list[str]]) -> list[Count]:
    """All messages, counted one by one from their headers: what the others must come to."""
    return tx.all(
        Count,
        "SELECT room_id, "  # noqa: S608 - literals
        + _WHO
        + ", what, count(*), min(ts), max(ts) FROM"
        " (SELECT e.room_id, e.sender, e.device_id, e.ts,"
        " CASE WHEN e.session_id IS NULL THEN 'not_readable'"
        " WHEN EXISTS (SELECT 1 FROM custody_keys AS k WHERE k.backup = :backup"
        " AND k.room_id = e.room_id AND k.session_id = e.session_id"
        " AND k.first_message_index <= e.message_index) THEN 'covered' ELSE 'at_risk' END AS what"
        " FROM rows(:stretches, room_id, after_position, upto_position) AS s"
        " JOIN custody_events AS e ON e.room_id = s.room_id"
        " AND e.position > CAST(s.after_position AS bigint)"
        " AND e.position <= CAST(s.upto_position AS bigint)) AS every" + _GROUPED,
        backup=backup,
        stretches=list(stretches),
    )


@dataclass(frozen=True)
class Created:
    """The Megolm sessions that one of a user's sessions sent with since a time.

    `first_missing_ts` is when the first message was sent of those that the key backup lacks.
    """

    device_id: str
    sessions: int
    backed_up: int
    first_missing_ts: int | None


def created(tx: Tx, backup: int, user_id: str, since: int) -> list[Created]:
    """How many Megolm sessions a user's sessions created since a time, and their keys' fate."""
    return tx.all(
        Created,
        "SELECT m.device_id, count(*), count(k.slot),"
        " min(CASE WHEN k.slot IS NULL THEN m.first_ts END)"
        " FROM custody_sessions AS m LEFT JOIN custody_keys AS k ON k.backup = :backup"
        " AND k.slot = m.slot AND k.room_id = m.room_id AND k.session_id = m.session_id"
        " WHERE m.sender = :user_id AND m.session_id <> '' AND m.first_ts >= :since"
        " GROUP BY m.device_id",
        backup=backup,
        user_id=user_id,
        since=since,
    )
