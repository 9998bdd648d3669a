"""What a client is told: everything that changed since the position it holds."""

import msgspec

from holdfast.account_data import feed as account_data
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError
from holdfast.push.default_rules import ruleset
from holdfast.sync.filters import Filter, wanted
from holdfast.sync.shapes import Answer, Asked, Event, Events, token_of


def changes(tx: Tx, user_id: str, asked: Asked) -> Answer:
    """What changed since `asked.since`, or, with `full_state` or without `since`, all there is.

    Raises:
        MatrixError: `M_UNKNOWN_POS`: the position lies ahead of everything.
    """
    newest, since = stream.newest(tx), asked.since
    if since is not None and since > newest:
        # The database was put back to an earlier state, or the token is another server's.
        raise MatrixError(400, "M_UNKNOWN_POS", "That since is unknown here. Sync without it.")
    whole = since is None or asked.full_state
    answer = Answer(token_of(newest))
    if whole or since != newest:
        after = 0 if since is None or asked.full_state else since
        events = _account_data(tx, user_id, after, newest, whole=whole)
        answer.account_data = _chosen(events, asked.filter)
    return answer


def _account_data(tx: Tx, user_id: str, after: int, upto: int, *, whole: bool) -> list[Event]:
    entries = account_data.of_user(tx, user_id, after, upto)
    events = [Event(entry.type, msgspec.Raw(entry.content.encode())) for entry in entries]
    if whole:  # the push rules never change yet
        events.insert(0, Event("m.push_rules", ruleset(user_id)))
    return events


def _chosen(events: list[Event], chosen: Filter) -> Events:
    return Events(wanted(events, chosen.account_data))
