"""Tables: events, room_state, room_members, rooms. What a client must learn of many rooms at once.

Each takes any number of rooms with one statement, and looks only at rows that it answers: a room's
size costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx
from holdfast.rooms.events import Event

_EVENT = (
    "SELECT e.position, e.event_id, e.room_id, e.type, e.state_key, e.sender, e.device_id,"
    " e.txn_id, e.origin_server_ts, e.content, e.replaces, e.rel_type, e.relates_to, e.thread,"
    " e.redacts, e.redacted_by FROM "
)


@dataclass(frozen=True)
class Part:
    """A user's part in a room, and when something happened there last."""

    room_id: str
    membership: str
    position: int
    forgotten: int
    newest: int


def parts(tx: Tx, user_id: str, after: int) -> list[Part]:
    """A user's part in every room where something happened after a position."""
    return tx.all(
        Part,
        "SELECT m.room_id, m.membership, m.position, m.forgotten, r.newest_position"
        " FROM room_members AS m JOIN rooms AS r ON r.room_id = m.room_id"
        " WHERE m.user_id = :user_id AND r.newest_position > :after ORDER BY r.newest_position",
        user_id=user_id,
        after=after,
    )


def newest(tx: Tx, wanted: Sequence[tuple[str, str, str]], limit: int) -> list[Event]:
    """The newest events of rooms, at most `limit` of each, the oldest first.

    `wanted` names a room, and the positions after which and up to which to look, as texts.
    """
    return tx.all(
        Event,
        _EVENT  # noqa: S608 - two literals
        + "rows(:wanted, room_id, since, upto) AS w JOIN events AS e"
        " ON e.room_id = w.room_id AND e.position > CAST(w.since AS bigint)"
        " AND e.position <= CAST(w.upto AS bigint)"
        " AND e.position >= coalesce((SELECT x.position FROM events AS x"
        " WHERE x.room_id = w.room_id AND x.position <= CAST(w.upto AS bigint)"
        " ORDER BY x.position DESC LIMIT 1 OFFSET :before), 0) ORDER BY e.position",
        wanted=[list(each) for each in wanted],
        before=limit - 1,
    )


def state(
    tx: Tx,
    wanted: Sequence[tuple[str, str, str]],
    members: Sequence[tuple[str, str]] | None,
) -> list[Event]:
    """The state of rooms right after a position, as far as it is newer than another.

    `wanted` names a room, the position after which state is news, and that up to which it counts.
    Of members only those whom `members` names, by room and user ID; None: all of them.
    """
    return tx.all(
        Event,
        _EVENT  # noqa: S608 - two literals
        + "rows(:wanted, room_id, since, upto) AS w"
        " JOIN room_state AS s ON s.room_id = w.room_id JOIN events AS e ON e.position ="
        " (SELECT max(h.position) FROM events AS h WHERE h.room_id = s.room_id"
        " AND h.type = s.type AND h.state_key = s.state_key"
        " AND h.position <= CAST(w.upto AS bigint))"
        " WHERE e.position > CAST(w.since AS bigint) AND (s.type <> 'm.room.member'"
        " OR :everybody = 1 OR (s.room_id, s.state_key) IN rows(:members, room_id, user_id))"
        " ORDER BY e.position",
        wanted=[list(each) for each in wanted],
        everybody=int(members is None),
        members=[list(each) for each in members or ()],
    )


def members(tx: Tx, wanted: Sequence[tuple[str, str, str]]) -> list[Event]:
    """The member events of some users in rooms that held right after a position.

    `wanted` names a room, a user and the position.
    """
    return tx.all(
        Event,
        _EVENT  # noqa: S608 - two literals
        + "rows(:wanted, room_id, user_id, upto) AS w JOIN events AS e ON e.position ="
        " (SELECT max(h.position) FROM events AS h WHERE h.room_id = w.room_id"
        " AND h.type = 'm.room.member' AND h.state_key = w.user_id"
        " AND h.position <= CAST(w.upto AS bigint)) ORDER BY e.position",
        wanted=[list(each) for each in wanted],
    )


@dataclass(frozen=True)
class Bumped:
    """Where somebody said something in a room last."""

    room_id: str
    position: int


def bumped(tx: Tx, room_ids: Sequence[str]) -> list[Bumped]:
    """Where somebody said something last in each of some rooms, or it was made."""
    return tx.all(
        Bumped,
        "SELECT r.room_id, coalesce((SELECT e.position FROM events AS e"
        " WHERE e.room_id = r.room_id AND e.type IN ('m.room.message', 'm.room.encrypted',"
        " 'm.sticker', 'm.call.invite', 'm.poll.start', 'm.room.create')"
        " ORDER BY e.position DESC LIMIT 1), r.newest_position)"
        " FROM rooms AS r WHERE r.room_id IN each(:room_ids)",
        room_ids=list(room_ids),
    )
