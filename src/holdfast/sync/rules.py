"""What a client is told: everything that changed since the position it holds."""

import msgspec

from holdfast.account_data import feed as account_data
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

    Looks at the queue of messages in any case the first time, since
    asking acknowledges what was told before.

    Raises:
        MatrixError: `M_UNKNOWN_POS`: the position lies ahead of everything.
    """
    newest, since = stream.newest(tx), asked.since
    if since is not None and since.stream > newest:
        # The database was put back to an earlier state, or the token is another server's.
        raise MatrixError(400, "M_UNKNOWN_POS", "That since is unknown here. Sync without it.")
    device = asked.device or _own_device(tx, me)
    moved = since is None or asked.full_state or since.stream != newest
    position, acknowledged, answer = Position(newest, newest), False, Answer("")
    if moved or asked.device is None:
        queue = to_device.look(tx, device, 0 if since is None else since.to_device)
        answer.to_device = Messages([msgspec.Raw(text.encode()) for text in queue.messages])
        acknowledged = queue.acknowledged
        if queue.upto is not None:
            position = Position(newest, queue.upto)
    if moved:
        answer.account_data = Events(
            wanted(_account_data(tx, me.user_id, asked, newest), asked.filter.account_data)
        )
    answer.next_batch = token_of(position)
    return Found(answer, position, device, acknowledged)


def _own_device(tx: Tx, me: Requester) -> int:
    number = listing.number(tx, me.user_id, me.device_id)
    if number is None:  # every session is listed
        raise UnknownToken("This session was signed out. Sign in again.", soft_logout=False)
    return number


def _account_data(tx: Tx, user_id: str, asked: Asked, newest: int) -> list[Event]:
    whole = asked.since is None or asked.full_state
    after = 0 if asked.since is None or asked.full_state else asked.since.stream
    entries = account_data.of_user(tx, user_id, after, newest)
    events = [Event(entry.type, msgspec.Raw(entry.content.encode())) for entry in entries]
    if whole:  # the push rules never change yet
        events.insert(0, Event("m.push_rules", ruleset(user_id)))
    return events


def acknowledge(tx: Tx, device: int, position: Position) -> None:
    """A client has everything up to a position: forget the messages it was told."""
    to_device.acknowledge(tx, device, position.to_device)
