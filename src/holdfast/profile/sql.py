"""Tables: profile_fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Field:
    """One field of a profile; `value` is JSON."""

    name: str
    value: str


def fields(tx: Tx, user_id: str) -> list[Field]:
    """A user's fields in the order of their names."""
    return tx.all(
        Field,
        "SELECT name, value FROM profile_fields WHERE user_id = :user_id ORDER BY name",
        user_id=user_id,
    )


@dataclass(frozen=True)
class Shown:
    """What rooms show of a user; the values are JSON."""

    user_id: str
    name: str
    value: str


def shown(tx: Tx, user_ids: Sequence[str]) -> list[Shown]:
    """The names and pictures of some users."""
    return tx.all(
        Shown,
        "SELECT user_id, name, value FROM profile_fields"
        " WHERE user_id IN each(:user_ids) AND name IN ('displayname', 'avatar_url')",
        user_ids=list(user_ids),
    )


def put(tx: Tx, user_id: str, field: Field) -> None:
    """Store a field's value in place of the old one."""
    tx.run(
        "INSERT INTO profile_fields (user_id, name, value) VALUES (:user_id, :name, :value)"
        " ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value",
        user_id=user_id,
        name=field.name,
        value=field.value,
    )


def delete(tx: Tx, user_id: str, name: str) -> None:
    """Remove a field."""
    tx.run(
        "DELETE FROM profile_fields WHERE user_id = :user_id AND name = :name",
        user_id=user_id,
        name=name,
    )


def delete_all(tx: Tx, user_id: str) -> None:
    """Remove all of a user's fields."""
    tx.run("DELETE FROM profile_fields WHERE user_id = :user_id", user_id=user_id)
