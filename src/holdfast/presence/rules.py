"""Who is there (Client-Server API, "Presence").

A client that syncs is there. A row is written when that changes, and once a minute besides.
"""

from typing import Literal, TypeAlias

from holdfast.kit import stream
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam
from holdfast.presence import sql
from holdfast.presence.sql import Presence
from holdfast.rooms import members

State: TypeAlias = Literal["online", "unavailable", "offline"]
STATES: tuple[State, ...] = ("online", "unavailable", "offline")
ACTIVE_MS = 60_000
AWAY_MS = 5 * 60_000
STATUS_LENGTH = 1000
NOBODY = Presence("", "offline", None, 0, 0)


def state_of(text: str) -> State:
    """A state of presence.

    Raises:
        InvalidParam: there is none of that name.
    """
    for state in STATES:
        if text == state:
            return state
    raise InvalidParam("Presence is online, unavailable or offline.")


def put(tx: Tx, user_id: str, state: State, status_msg: str | None, now: int) -> None:
    """Note what a user says of being there.

    Raises:
        InvalidParam: the status message is too long.
    """
    if len(status_msg or "") > STATUS_LENGTH:
        raise InvalidParam(f"A status message has at most {STATUS_LENGTH} characters.")
    before = sql.one(tx, user_id)
    if before is not None and (before.state, before.status_msg) == (state, status_msg):
        sql.put(tx, Presence(user_id, state, status_msg, now, before.position))
        return
    sql.put(tx, Presence(user_id, state, status_msg, now, stream.advance(tx, "ephemeral")))
    tx.wake(user_id, *members.sharing(tx, user_id))


async def seen(context: Context, user_id: str, state: State) -> None:
    """Note that a client of a user syncs; cheap where that was noted less than a minute ago."""
    if not context.settings.presence or state == "offline":
        return
    if not context.recent.is_new(("presence", user_id, state), ACTIVE_MS):
        return
    now = context.now

    def note(tx: Tx) -> None:
        before = sql.one(tx, user_id) or NOBODY
        put(tx, user_id, state, before.status_msg, now)

    await context.db.write(note)
    context.later.put(("presence", user_id), AWAY_MS + ACTIVE_MS, lambda: end(context))


async def end(context: Context) -> None:
    """Let those who were not seen for five minutes be offline."""
    before = context.now - AWAY_MS

    def over(tx: Tx) -> None:
        users = sql.away(tx, before)
        if users:
            sql.set_offline(tx, users, stream.advance(tx, "ephemeral"))
            tx.wake(*{other for user in users for other in members.sharing(tx, user)})

    await context.db.write(over)


def of(tx: Tx, asking: str, user_id: str) -> Presence:
    """Whether a user is there.

    Raises:
        Forbidden: the two share no room.
    """
    if asking != user_id and not members.sharing(tx, asking, [user_id]):
        raise Forbidden("You see only of those whether they are there who share a room with you.")
    return sql.one(tx, user_id) or NOBODY
