"""Tables: room_members, rooms. Who is in which room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast.kit.db import Tx

_ALL = "SELECT room_id, user_id, membership, position, forgotten FROM room_members "


@dataclass(frozen=True)
class Member:
    """Somebody's part in a room. `position` is that of the member event."""

    room_id: str
    user_id: str
    membership: str
    position: int
    forgotten: int


def put(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what became of members; whoever had forgotten a room hears of it again."""
    tx.many(
        "INSERT INTO room_members (room_id, user_id, membership, position)"
        " VALUES (:room_id, :user_id, :membership, :position)"
        " ON CONFLICT (room_id, user_id) DO UPDATE SET membership = excluded.membership,"
        " position = excluded.position, forgotten = 0",
        rows,
    )


def forget(tx: Tx, room_id: str, user_id: str) -> None:
    """Let a user hear of a room no more."""
    tx.run(
        "UPDATE room_members SET forgotten = 1 WHERE room_id = :room_id AND user_id = :user_id",
        room_id=room_id,
        user_id=user_id,
    )


def one(tx: Tx, room_id: str, user_id: str) -> Member | None:
    """A user's part in a room."""
    return tx.one(
        Member,
        _ALL + "WHERE room_id = :room_id AND user_id = :user_id",
        room_id=room_id,
        user_id=user_id,
    )


def of_user(tx: Tx, user_id: str) -> list[Member]:
    """A user's part in every room that the user ever had one in."""
    return tx.all(Member, _ALL + "WHERE user_id = :user_id ORDER BY position", user_id=user_id)


def joined_rooms(tx: Tx, user_id: str) -> list[str]:
    """The rooms a user is in, the one joined first before the others."""
    return tx.all(
        str,
        "SELECT room_id FROM room_members WHERE user_id = :user_id AND membership = 'join'"
        " ORDER BY position",
        user_id=user_id,
    )


def joined(tx: Tx, room_ids: Sequence[str]) -> list[Member]:
    """Everybody who is in some rooms."""
    return tx.all(
        Member,
        _ALL + "WHERE room_id IN each(:room_ids) AND membership = 'join'",
        room_ids=list(room_ids),
    )


def sharing(tx: Tx, user_id: str) -> list[str]:
    """All users who are in a room that a user is in, the user too when there is any."""
    return tx.all(
        str,
        "SELECT DISTINCT o.user_id FROM room_members AS m JOIN room_members AS o"
        " ON o.room_id = m.room_id AND o.membership = 'join'"
        " WHERE m.user_id = :user_id AND m.membership = 'join'",
        user_id=user_id,
    )


def sharing_among(tx: Tx, user_id: str, among: Sequence[str]) -> list[str]:
    """Those of some users who are in a room that a user is in."""
    return tx.all(
        str,
        "SELECT DISTINCT o.user_id FROM room_members AS o JOIN room_members AS m"
        " ON m.room_id = o.room_id AND m.membership = 'join' AND m.user_id = :user_id"
        " WHERE o.user_id IN each(:among) AND o.membership = 'join'",
        user_id=user_id,
        among=list(among),
    )


def newcomers(tx: Tx, user_id: str, after: int) -> list[str]:
    """Who is in a room with a user since a position, because one of the two came or was named."""
    return tx.all(
        str,
        "SELECT o.user_id FROM room_members AS m JOIN room_members AS o"
        " ON o.room_id = m.room_id AND o.position > :after AND o.membership = 'join'"
        " WHERE m.user_id = :user_id AND m.membership = 'join'"
        " UNION SELECT o.user_id FROM room_members AS m JOIN room_members AS o"
        " ON o.room_id = m.room_id AND o.membership = 'join'"
        " WHERE m.user_id = :user_id AND m.membership = 'join' AND m.position > :after",
        user_id=user_id,
        after=after,
    )


def gone(tx: Tx, user_id: str, after: int) -> list[str]:
    """Who is in a room with a user no more since a position, as one of the two went."""
    return tx.all(
        str,
        "SELECT o.user_id FROM room_members AS m JOIN room_members AS o"
        " ON o.room_id = m.room_id AND o.position > :after AND o.membership IN ('leave', 'ban')"
        " WHERE m.user_id = :user_id AND m.membership = 'join'"
        " UNION SELECT o.user_id FROM room_members AS m JOIN room_members AS o"
        " ON o.room_id = m.room_id AND o.membership = 'join'"
        " WHERE m.user_id = :user_id AND m.membership IN ('leave', 'ban') AND m.position > :after",
        user_id=user_id,
        after=after,
    )


@dataclass(frozen=True)
class Count:
    """How many users are what in a room."""

    room_id: str
    membership: str
    count: int


def counts(tx: Tx, room_ids: Sequence[str]) -> list[Count]:
    """How many users are in some rooms or invited to them."""
    return tx.all(
        Count,
        "SELECT room_id, membership, count(*) FROM room_members WHERE room_id IN each(:room_ids)"
        " AND membership IN ('join', 'invite') GROUP BY room_id, membership",
        room_ids=list(room_ids),
    )


def heroes(tx: Tx, room_ids: Sequence[str], user_id: str, most: int) -> list[Member]:
    """The first others of each of some rooms: who is there before who was there."""
    return tx.all(
        Member,
        "SELECT room_id, user_id, membership, position, forgotten FROM (SELECT room_id, user_id,"
        " membership, position, forgotten, row_number() OVER (PARTITION BY room_id ORDER BY"
        " CASE WHEN membership IN ('join', 'invite') THEN 0 ELSE 1 END, position) AS place"
        " FROM room_members WHERE room_id IN each(:room_ids) AND user_id <> :user_id"
        " AND membership <> 'knock') AS placed WHERE place <= :most ORDER BY room_id, place",
        room_ids=list(room_ids),
        user_id=user_id,
        most=most,
    )


def some(tx: Tx, user_id: str, room_ids: Sequence[str]) -> list[Member]:
    """A user's part in some rooms."""
    return tx.all(
        Member,
        _ALL + "WHERE user_id = :user_id AND room_id IN each(:room_ids)",
        user_id=user_id,
        room_ids=list(room_ids),
    )


def shared_rooms(tx: Tx, user_id: str, other: str) -> list[str]:
    """The rooms that two users are both in."""
    return tx.all(
        str,
        "SELECT m.room_id FROM room_members AS m JOIN room_members AS o ON o.room_id = m.room_id"
        " AND o.user_id = :other AND o.membership = 'join'"
        " WHERE m.user_id = :user_id AND m.membership = 'join' ORDER BY m.room_id",
        user_id=user_id,
        other=other,
    )


def in_published(tx: Tx) -> list[str]:
    """Everybody who is in a room of the public directory."""
    return tx.all(
        str,
        "SELECT DISTINCT m.user_id FROM rooms AS r JOIN room_members AS m"
        " ON m.room_id = r.room_id AND m.membership = 'join' WHERE r.published_at IS NOT NULL",
    )
