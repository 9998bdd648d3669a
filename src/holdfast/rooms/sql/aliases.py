"""Tables: room_aliases; rooms as far as they are in the public directory."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Alias:
    """A name of a room."""

    alias: str
    room_id: str
    creator: str


_ALL = "SELECT alias, room_id, creator FROM room_aliases "


def insert(tx: Tx, alias: str, room_id: str, creator: str, now: int) -> bool:
    """Give a room a name; False when another room has it, or this one."""
    return bool(
        tx.run(
            "INSERT INTO room_aliases (alias, room_id, creator, created_at)"
            " VALUES (:alias, :room_id, :creator, :now) ON CONFLICT (alias) DO NOTHING",
            alias=alias,
            room_id=room_id,
            creator=creator,
            now=now,
        )
    )


def some(tx: Tx, aliases: Sequence[str]) -> list[Alias]:
    """Those of some aliases that lead to a room."""
    return tx.all(Alias, _ALL + "WHERE alias IN each(:aliases)", aliases=list(aliases))


def of_room(tx: Tx, room_id: str) -> list[str]:
    """All names of a room, the first one first."""
    return tx.all(
        str,
        "SELECT alias FROM room_aliases WHERE room_id = :room_id ORDER BY created_at, alias",
        room_id=room_id,
    )


def delete(tx: Tx, alias: str) -> None:
    """Take a name away."""
    tx.run("DELETE FROM room_aliases WHERE alias = :alias", alias=alias)


def move(tx: Tx, old_room: str, new_room: str) -> None:
    """Let all names of one room lead to another."""
    tx.run(
        "UPDATE room_aliases SET room_id = :new_room WHERE room_id = :old_room",
        old_room=old_room,
        new_room=new_room,
    )


def publish(tx: Tx, room_id: str, published_at: int | None) -> None:
    """Put a room into the public directory; None takes it out."""
    tx.run(
        "UPDATE rooms SET published_at = :published_at WHERE room_id = :room_id",
        room_id=room_id,
        published_at=published_at,
    )
