"""What a user may read of a room, and reading its state and single events."""

from collections.abc import Sequence

from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, NotFound
from holdfast.rooms import members, state
from holdfast.rooms.events import Event
from holdfast.rooms.sql import events as sql
from holdfast.rooms.sql import history
from holdfast.rooms.sql import state as state_sql
from holdfast.rooms.state import MEMBER, Key
from holdfast.rooms.visibility import FOREVER, Stretch, sees, visible

NEAR_IN_TIME = 100


def readable(tx: Tx, user_id: str, room_id: str) -> list[Stretch]:
    """What a user may see of a room's history, which is something.

    Raises:
        Forbidden: it is nothing. Whether there is such a room is not told.
    """
    member = members.member(tx, room_id, user_id)
    found = visible(tx, user_id, [room_id])[room_id]
    if not found or (member is not None and member.forgotten):
        raise Forbidden("You are not in this room, so you cannot read it.")
    return found


def current_state(tx: Tx, user_id: str, room_id: str) -> list[Event]:
    """The state of a room; for whoever has left it, that of then.

    Raises:
        Forbidden: the user may not see it.
    """
    return state_at(tx, user_id, room_id, FOREVER)


def state_at(tx: Tx, user_id: str, room_id: str, position: int) -> list[Event]:
    """The state of a room right after a position, as far as a user was there to see it.

    Raises:
        Forbidden: the user may not see it.
    """
    last = min(readable(tx, user_id, room_id)[-1].upto, position)
    return state.current(tx, room_id) if last == FOREVER else state.at(tx, room_id, last)


def state_event(tx: Tx, user_id: str, room_id: str, key: Key) -> Event:
    """One event of what `current_state` answers.

    Raises:
        Forbidden: the user may not see the room.
        NotFound: there is no such state.
    """
    last = readable(tx, user_id, room_id)[-1].upto
    if last == FOREVER:
        found = state_sql.named(tx, [(room_id, *key)])
    else:
        found = [e for e in state.at(tx, room_id, last) if (e.type, e.state_key) == key]
    if not found:
        raise NotFound("The room has no state of this type and key.")
    return found[0]


def event(tx: Tx, user_id: str, room_id: str, event_id: str) -> Event:
    """One event that a user may see.

    Raises:
        NotFound: there is none, or none for this user.
    """
    found = sql.by_ids(tx, [event_id])
    if not found or found[0].room_id != room_id:
        raise _unseen()
    try:
        stretches = readable(tx, user_id, room_id)
    except Forbidden as error:
        raise _unseen() from error
    if not sees(stretches, found[0].position):
        raise _unseen()
    return found[0]


def _unseen() -> NotFound:
    return NotFound("There is no such event in this room, or none that you may see.")


def events_by_id(tx: Tx, user_id: str, event_ids: Sequence[str]) -> list[Event]:
    """Those of some events that a user may see, in the order of the history.

    One's own memberships are among them: who is invited is told of it without being in the room.
    """
    found = sql.by_ids(tx, event_ids) if event_ids else []
    stretches = visible(tx, user_id, sorted({each.room_id for each in found}))
    return [
        each
        for each in found
        if (each.type, each.state_key) == (MEMBER, user_id)
        or sees(stretches[each.room_id], each.position)
    ]


def near(tx: Tx, user_id: str, room_id: str, at: int, *, forwards: bool) -> Event:
    """The event that a user may see nearest to a time, in milliseconds, in one direction.

    Raises:
        Forbidden: the user may not see the room.
        NotFound: there is none.
    """
    stretches = readable(tx, user_id, room_id)
    look = history.from_time if forwards else history.until_time
    for found in look(tx, room_id, at, NEAR_IN_TIME):
        if sees(stretches, found.position):
            return found
    raise NotFound("There is no event on that side of this time.")


def members_at(
    tx: Tx, user_id: str, room_id: str, position: int, only: str | None, but: str | None
) -> list[Event]:
    """The member events of a room at a position; of one membership, or without one.

    Raises:
        Forbidden: the user may not see the room.
    """
    found = state_at(tx, user_id, room_id, position)
    chosen = []
    for each in found:
        if each.type == MEMBER:
            said = state.State([each]).member(each.state_key or "")
            if only in (None, said) and said != but:
                chosen.append(each)
    return chosen
