"""What a client is told: everything that changed since the position it holds."""

from typing import Any

import msgspec

from holdfast.account_data import feed as entries
from holdfast.device_keys import feed as device_keys
from holdfast.device_keys import listing
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError, UnknownToken
from holdfast.kit.http import Requester
from holdfast.presence import feed as presence
from holdfast.push import rulesets as push
from holdfast.rooms.shown import Viewer
from holdfast.sync.beside import Beside, config, ephemeral
from holdfast.sync.filters import of_types, wanted
from holdfast.sync.rooms import View, rooms
from holdfast.sync.shapes import (
    Answer,
    Asked,
    DeviceLists,
    Event,
    Events,
    Found,
    Messages,
    Position,
    Presences,
    token_of,
)
from holdfast.to_device import feed as to_device


def changes(tx: Tx, me: Requester, asked: Asked, now: int) -> Found:
    """What changed since `asked.since`, or, with `full_state` or without `since`, all there is.

    Without what `complete` adds. Looks at the queue of messages in any case the first time, since
    asking acknowledges what was told before. `now` is in milliseconds.

    Raises:
        MatrixError: `M_UNKNOWN_POS`: the position lies ahead of everything.
    """
    moved, since = stream.moved(tx), asked.since
    newest = moved.newest
    _check_position(since, newest)
    device = asked.device or _own_device(tx, me)
    position, answer = Position(newest, newest), Answer("")
    whole = since is None or asked.full_state
    after = 0 if since is None or whole else since.stream
    acknowledged = used = False
    if moved.message > after or asked.device is None:
        queue = to_device.look(tx, device, 0 if since is None else since.to_device)
        answer.to_device = Messages([msgspec.Raw(text.encode()) for text in queue.messages])
        acknowledged = queue.acknowledged
        position = Position(newest, newest if queue.upto is None else queue.upto)
    beside = Beside()
    if moved.config > after or whole:
        account_data = _account_data(tx, me.user_id, after, newest, whole=whole)
        answer.account_data = Events(wanted(account_data, asked.filter.account_data))
        config(tx, beside, me.user_id, after, newest)
    if moved.ephemeral > after:
        ephemeral(tx, beside, me.user_id, after, newest, now)
        people = presence.changed(tx, me.user_id, after, newest, now)
        answer.presence = Presences(of_types(people, asked.filter.presence))
    if moved.timeline > after or list(beside.rooms()):
        answer.rooms = rooms(tx, _view(me, asked, newest, now), beside)
    if since is not None and max(moved.key, moved.member) > since.stream:
        found = device_keys.changed(
            tx, me.user_id, since.stream, newest, rooms=moved.member > since.stream
        )
        answer.device_lists = DeviceLists(sorted(found.changed), sorted(found.left))
    if since is not None and moved.key > since.stream:
        used = device_keys.fallback_key_used(tx, me.user_id, me.device_id, since.stream, newest)
    answer.next_batch = token_of(position)
    return Found(answer, position, device, acknowledged, used)


def _view(me: Requester, asked: Asked, newest: int, now: int) -> View:
    return View(
        Viewer(me.user_id, me.device_id),
        0 if asked.since is None else asked.since.stream,
        newest,
        asked.filter.room,
        asked.full_state,
        asked.state_after,
        now,
    )


def _check_position(since: Position | None, newest: int) -> None:
    if since is not None and since.stream > newest:
        # The database was put back to an earlier state, or the token is another server's.
        raise MatrixError(400, "M_UNKNOWN_POS", "That since is unknown here. Sync without it.")


def _own_device(tx: Tx, me: Requester) -> int:
    number = listing.number(tx, me.user_id, me.device_id)
    if number is None:  # every session is listed
        raise UnknownToken("This session was signed out. Sign in again.", soft_logout=False)
    return number


def _account_data(tx: Tx, user_id: str, after: int, newest: int, *, whole: bool) -> list[Event]:
    found = entries.of_user(tx, user_id, after, newest)
    events = [Event(entry.type, msgspec.Raw(entry.content.encode())) for entry in found]
    rules: Any = {"global": push.of(tx, user_id)} if whole else None
    if not whole:
        rules = push.changed(tx, user_id, after, newest)
    if rules is not None:
        events.insert(0, Event("m.push_rules", rules))
    return events


def complete(tx: Tx, me: Requester, answer: Answer) -> None:
    """Add what each answer holds: which keys the device has left. Not for looks without news."""
    answer.device_one_time_keys_count = device_keys.one_time_key_counts(
        tx, me.user_id, me.device_id
    )
    unused = device_keys.unused_fallback_key_types(tx, me.user_id, me.device_id)
    answer.device_unused_fallback_key_types = answer.old_fallback_key_types = unused


def changed_users(tx: Tx, user_id: str, since: Position) -> DeviceLists:
    """Whose keys a user must look up again, for what changed since a position until now.

    Raises:
        MatrixError: `M_UNKNOWN_POS`: the position lies ahead of everything.
    """
    newest = stream.newest(tx)
    _check_position(since, newest)
    found = device_keys.changed(tx, user_id, since.stream, newest)
    return DeviceLists(sorted(found.changed), sorted(found.left))


def acknowledge(tx: Tx, device: int, position: Position) -> None:
    """A client has everything up to a position: forget the messages it was told."""
    to_device.acknowledge(tx, device, position.to_device)
