"""Tables: account_data."""

from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Entry:
    """One type of account data; `content` is a JSON object as text."""

    type: str
    content: str


def put(tx: Tx, user_id: str, room_id: str, entry: Entry, position: int) -> None:
    """Store one type's content in place of the old one."""
    tx.run(
        "INSERT INTO account_data (user_id, room_id, type, content, position)"
        " VALUES (:user_id, :room_id, :type, :content, :position)"
        " ON CONFLICT (user_id, room_id, type) DO UPDATE"
        " SET content = excluded.content, position = excluded.position",
        user_id=user_id,
        room_id=room_id,
        type=entry.type,
        content=entry.content,
        position=position,
    )


def get(tx: Tx, user_id: str, room_id: str, kind: str) -> str | None:
    """One type's content."""
    content: str | None = tx.value(
        "SELECT content FROM account_data"
        " WHERE user_id = :user_id AND room_id = :room_id AND type = :type",
        user_id=user_id,
        room_id=room_id,
        type=kind,
    )
    return content


def of_user(tx: Tx, user_id: str, after: int, upto: int) -> list[Entry]:
    """What changed between two positions, apart from rooms; the oldest change first."""
    return tx.all(
        Entry,
        "SELECT type, content FROM account_data WHERE user_id = :user_id AND room_id = ''"
        " AND position > :after AND position <= :upto ORDER BY position",
        user_id=user_id,
        after=after,
        upto=upto,
    )


@dataclass(frozen=True)
class RoomEntry:
    """One type of account data of a room."""

    room_id: str
    type: str
    content: str


def of_rooms(tx: Tx, user_id: str, after: int, upto: int) -> list[RoomEntry]:
    """What changed of rooms between two positions; the oldest change first."""
    return tx.all(
        RoomEntry,
        "SELECT room_id, type, content FROM account_data WHERE user_id = :user_id"
        " AND room_id <> '' AND position > :after AND position <= :upto ORDER BY position",
        user_id=user_id,
        after=after,
        upto=upto,
    )


def delete_all(tx: Tx, user_id: str) -> None:
    """Forget all of a user's account data."""
    tx.run("DELETE FROM account_data WHERE user_id = :user_id", user_id=user_id)
