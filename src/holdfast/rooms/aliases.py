"""Names of rooms (Client-Server API, "Room aliases")."""

import re
from collections.abc import Mapping
from typing import Any

from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam, MatrixError, NotFound
from holdfast.rooms import state
from holdfast.rooms.auth.power import Power
from holdfast.rooms.sql import aliases as sql
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.state import CREATE, MEMBER, POWER_LEVELS
from holdfast.rooms.versions import VERSIONS

ALIAS_BYTES = 255
CANONICAL = "m.room.canonical_alias"
_ALIAS = re.compile(r"#[^\x00:\s]+:[A-Za-z0-9.\-\[\]:]+")  # Appendices, "Room Aliases"


def check_form(alias: str, server_name: str) -> None:
    """Refuse what is no alias of this server.

    Raises:
        InvalidParam: it has another form, or is another server's.
    """
    if not _ALIAS.fullmatch(alias) or len(alias.encode()) > ALIAS_BYTES:
        raise InvalidParam(f"A room alias looks like #name:{server_name}, without spaces.")
    if alias.partition(":")[2] != server_name:
        raise InvalidParam(f"Aliases can be made here only for {server_name}.")


def add(tx: Tx, alias: str, room_id: str, creator: str, now: int) -> None:
    """Give a room a name.

    Raises:
        MatrixError: 409 `M_UNKNOWN`: a room has this name already.
    """
    if not sql.insert(tx, alias, room_id, creator, now):
        raise MatrixError(409, "M_UNKNOWN", f"{alias} leads to a room already.")


def resolve(tx: Tx, alias: str) -> str:
    """The room that a name leads to.

    Raises:
        NotFound: it leads nowhere.
    """
    found = sql.some(tx, [alias])
    if not found:
        raise NotFound(f"No room here is called {alias}.")
    return found[0].room_id


def of_room(tx: Tx, room_id: str) -> list[str]:
    """All names of a room, the first one first."""
    return sql.of_room(tx, room_id)


def move(tx: Tx, old_room: str, new_room: str) -> None:
    """Let all names of one room lead to another, which takes its place in the directory, too."""
    sql.move(tx, old_room, new_room)
    found = {row.room_id: row for row in state_sql.rooms(tx, [old_room])}[old_room]
    if found.published_at is not None:
        sql.publish(tx, old_room, None)
        sql.publish(tx, new_room, found.published_at)


def check_canonical(tx: Tx, room_id: str, content: Mapping[str, Any]) -> None:
    """Refuse an `m.room.canonical_alias` that names aliases which do not lead to its room.

    What the event before it named already may stay (`PUT /rooms/{roomId}/state`).

    Raises:
        MatrixError: `M_BAD_ALIAS`; `M_INVALID_PARAM` for what is no alias.
    """
    kept = _named(state.named(tx, room_id, (CANONICAL, "")).content((CANONICAL, "")))
    wanted = [each for each in _named(content) if each not in kept]
    for alias in wanted:
        if not isinstance(alias, str) or not _ALIAS.fullmatch(alias):
            raise InvalidParam("A room alias looks like #name:server.")
    rooms = {each.alias: each.room_id for each in sql.some(tx, wanted)} if wanted else {}
    for alias in wanted:
        if rooms.get(alias) != room_id:
            raise MatrixError(400, "M_BAD_ALIAS", f"{alias} does not lead to this room.")


def _named(content: Mapping[str, Any]) -> list[Any]:
    main, others = content.get("alias"), content.get("alt_aliases")
    found = [*others] if isinstance(others, list) else []
    return found if main in (None, "") else [main, *found]


def remove(tx: Tx, alias: str, user_id: str) -> None:
    """Take a name away.

    Raises:
        NotFound: it leads nowhere.
        Forbidden: the user has not made it, and may not set the room's canonical alias either.
    """
    found = sql.some(tx, [alias])
    if not found:
        raise NotFound(f"No room here is called {alias}.")
    if found[0].creator != user_id and not may_name(tx, found[0].room_id, user_id):
        raise Forbidden("Only whoever made an alias, or runs its room, can remove it.")
    sql.delete(tx, alias)


def may_name(tx: Tx, room_id: str, user_id: str) -> bool:
    """Whether a user may say what a room is called, and whether it is in the directory."""
    rows = state_sql.rooms(tx, [room_id])
    if not rows:
        return False
    found = state.named(tx, room_id, CREATE, POWER_LEVELS, (MEMBER, user_id))
    power = Power(VERSIONS[rows[0].version], found)
    needed = power.to_send(CANONICAL, is_state=True)
    return found.member(user_id) == "join" and power.of(user_id) >= needed


def publish(tx: Tx, room_id: str, user_id: str, *, listed: bool, now: int) -> None:
    """Put a room into the public directory, or take it out.

    Raises:
        NotFound: there is no such room.
        Forbidden: the user may not.
    """
    if not state_sql.is_there(tx, room_id):
        raise NotFound("There is no such room here.")
    if not may_name(tx, room_id, user_id):
        raise Forbidden("Whether a room is in the directory is for those who run it to say.")
    sql.publish(tx, room_id, now if listed else None)


def is_published(tx: Tx, room_id: str) -> bool:
    """Whether a room is in the public directory.

    Raises:
        NotFound: there is no such room.
    """
    found = state_sql.rooms(tx, [room_id])
    if not found:
        raise NotFound("There is no such room here.")
    return found[0].published_at is not None
