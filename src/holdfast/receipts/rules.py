"""How far people have read (Client-Server API, "Receipts" and "Fully read markers")."""

from holdfast.account_data import rules as account_data
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam
from holdfast.push import counting
from holdfast.receipts import sql
from holdfast.rooms import members, reading
from holdfast.rooms.events import Event

PUBLIC, PRIVATE, FULLY_READ = "m.read", "m.read.private", "m.fully_read"
MAIN = "main"
NO_THREAD = ""


def read(
    tx: Tx, user_id: str, room_id: str, kinds: dict[str, str], thread: str | None, now: int
) -> None:
    """Note how far a user has read: an event ID by each kind of receipt or marker.

    Only ever forwards; a receipt for what was read before changes nothing. `thread` is a root's
    event ID or `main`; None: everything up to there. `now` is in milliseconds.

    Raises:
        Forbidden: the user is not in the room.
        NotFound: there is no such event, or none that the user may see.
        InvalidParam: the event is not in that thread.
    """
    member = members.member(tx, room_id, user_id)
    if member is None or member.membership != "join":
        raise Forbidden("You are not in this room.")
    for kind, event_id in kinds.items():
        event = reading.event(tx, user_id, room_id, event_id)
        _check_thread(event, thread)
        of = thread or NO_THREAD
        if sql.read_to(tx, room_id, user_id, kind, of) < event.position:
            _note(tx, user_id, event, kind, of, now)


def check(kind: str, thread: str | None) -> None:
    """Refuse receipts that there are none of.

    Raises:
        InvalidParam: the kind is unknown, or a thread is named that cannot be.
    """
    if kind not in (PUBLIC, PRIVATE, FULLY_READ):
        raise InvalidParam(f"A receipt is {PUBLIC}, {PRIVATE} or {FULLY_READ}.")
    if thread is not None and (kind == FULLY_READ or not thread):
        raise InvalidParam("This receipt cannot be of that thread: leave thread_id out.")


def _check_thread(event: Event, thread: str | None) -> None:
    of = {event.thread or MAIN, event.event_id}  # a root is in the thread that it begins, too
    if thread is not None and thread not in of:
        raise InvalidParam("That event is not in the thread that thread_id names.")


def _note(tx: Tx, user_id: str, event: Event, kind: str, thread: str, now: int) -> None:
    sql.put(
        tx,
        {
            "room_id": event.room_id,
            "user_id": user_id,
            "type": kind,
            "thread": thread,
            "event_id": event.event_id,
            "event_position": event.position,
            "at": now,
            "position": stream.advance(tx, "ephemeral"),
        },
    )
    if kind == FULLY_READ:
        account_data.put_fully_read(tx, user_id, event.room_id, event.event_id)
        return
    counted = {NO_THREAD: None, MAIN: counting.MAIN}.get(thread, thread)
    counting.read_up_to(tx, user_id, event.room_id, event.position, counted)
    if kind == PRIVATE:
        tx.wake(user_id)
    else:
        tx.wake(*(member.user_id for member in members.joined(tx, [event.room_id])))
