"""What a client is told: everything that changed since the position it holds."""

import msgspec

from holdfast.account_data import feed as entries
from holdfast.device_keys import feed as device_keys
from holdfast.device_keys import listing
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError, UnknownToken
from holdfast.kit.http import Requester
from holdfast.push.default_rules import ruleset
from holdfast.sync.filters import wanted
from holdfast.sync.shapes import (
    Answer,
    Asked,
    DeviceLists,
    Event,
    Events,
    Found,
    Messages,
    Position,
    token_of,
)
from holdfast.to_device import feed as to_device


def changes(tx: Tx, me: Requester, asked: Asked) -> Found:
    """What changed since `asked.since`, or, with `full_state` or without `since`, all there is.

    Without what `complete` adds. Looks at the queue of messages in any case the first time, since
    asking acknowledges what was told before.

    Raises:
        MatrixError: `M_UNKNOWN_POS`: the position lies ahead of everything.
    """
    newest, since = stream.newest(tx), asked.since
    _check_position(since, newest)
    device = asked.device or _own_device(tx, me)
    position, answer = Position(newest, newest), Answer("")
    moved = since is None or asked.full_state or since.stream != newest
    acknowledged = used = False
    if moved or asked.device is None:
        queue = to_device.look(tx, device, 0 if since is None else since.to_device)
        answer.to_device = Messages([msgspec.Raw(text.encode()) for text in queue.messages])
        acknowledged = queue.acknowledged
        position = Position(newest, newest if queue.upto is None else queue.upto)
    if moved:
        account_data = _account_data(tx, me.user_id, asked, newest)
        answer.account_data = Events(wanted(account_data, asked.filter.account_data))
    if moved and since is not None:
        after, user_id = since.stream, me.user_id
        answer.device_lists = DeviceLists(device_keys.changed(tx, user_id, after, newest))
        used = device_keys.fallback_key_used(tx, user_id, me.device_id, after, newest)
    answer.next_batch = token_of(position)
    return Found(answer, position, device, acknowledged, used)


def _check_position(since: Position | None, newest: int) -> None:
    if since is not None and since.stream > newest:
        # The database was put back to an earlier state, or the token is another server's.
        raise MatrixError(400, "M_UNKNOWN_POS", "That since is unknown here. Sync without it.")


def _own_device(tx: Tx, me: Requester) -> int:
    number = listing.number(tx, me.user_id, me.device_id)
    if number is None:  # every session is listed
        raise UnknownToken("This session was signed out. Sign in again.", soft_logout=False)
    return number


def _account_data(tx: Tx, user_id: str, asked: Asked, newest: int) -> list[Event]:
    whole = asked.since is None or asked.full_state
    after = 0 if asked.since is None or asked.full_state else asked.since.stream
    found = entries.of_user(tx, user_id, after, newest)
    events = [Event(entry.type, msgspec.Raw(entry.content.encode())) for entry in found]
    if whole:  # the push rules never change yet
        events.insert(0, Event("m.push_rules", ruleset(user_id)))
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
    return DeviceLists(device_keys.changed(tx, user_id, since.stream, newest))


def acknowledge(tx: Tx, device: int, position: Position) -> None:
    """A client has everything up to a position: forget the messages it was told."""
    to_device.acknowledge(tx, device, position.to_device)
