"""Who is in which room; for other features, too."""

from collections.abc import Sequence

from holdfast.kit.db import Tx
from holdfast.rooms.sql import members as sql
from holdfast.rooms.sql.members import Member

__all__ = ["Member"]


def member(tx: Tx, room_id: str, user_id: str) -> Member | None:
    """A user's part in a room; None where there never was one."""
    return sql.one(tx, room_id, user_id)


def of_user(tx: Tx, user_id: str) -> list[Member]:
    """A user's part in every room that the user ever had one in, the last change last."""
    return sql.of_user(tx, user_id)


def joined_rooms(tx: Tx, user_id: str) -> list[str]:
    """The rooms a user is in, the one joined first before the others."""
    return sql.joined_rooms(tx, user_id)


def joined(tx: Tx, room_ids: Sequence[str]) -> list[Member]:
    """Everybody who is in some rooms."""
    return sql.joined(tx, room_ids)


def sharing(tx: Tx, user_id: str, among: Sequence[str] | None = None) -> list[str]:
    """The users, or those of `among`, who are in a room that a user is in.

    The user too, if in a room at all.
    """
    if among is None:
        return sql.sharing(tx, user_id)
    return sql.sharing_among(tx, user_id, among) if among else []


def came_and_went(tx: Tx, user_id: str, after: int) -> tuple[set[str], set[str]]:
    """Who shares a room with a user that did not before a position, and who shares none any more.

    Some of the first shared one before. Without the user.
    """
    came = set(sql.newcomers(tx, user_id, after)) - {user_id}
    gone = set(sql.gone(tx, user_id, after)) - {user_id}
    if gone:
        gone -= set(sql.sharing_among(tx, user_id, sorted(gone)))
    return came, gone


def parts_in(tx: Tx, user_id: str, room_ids: Sequence[str]) -> dict[str, str]:
    """What a user is in some rooms: the membership by room, where there is one."""
    return {each.room_id: each.membership for each in sql.some(tx, user_id, room_ids)}


def shared_rooms(tx: Tx, user_id: str, other: str) -> list[str]:
    """The rooms that two users are both in."""
    return sql.shared_rooms(tx, user_id, other)


def visible_users(tx: Tx, user_id: str) -> set[str]:
    """Everybody who shares a room with a user or is in a room of the public directory."""
    return {*sql.sharing(tx, user_id), *sql.in_published(tx)}
