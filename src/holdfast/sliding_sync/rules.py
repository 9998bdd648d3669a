"""One look at what a client of Simplified Sliding Sync must be told (MSC4186)."""

from dataclasses import dataclass
from typing import Any

import msgspec

from holdfast.device_keys import listing
from holdfast.kit import stream
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError, UnknownToken
from holdfast.kit.http import Requester
from holdfast.rooms.shown import Viewer
from holdfast.sliding_sync import extensions, sql
from holdfast.sliding_sync.lists import window
from holdfast.sliding_sync.rooms import View, rooms
from holdfast.sliding_sync.shapes import Answer, Body, Told
from holdfast.sliding_sync.sql import Connection

MOST_CONNECTIONS = 20


@dataclass(frozen=True)
class Asked:
    """A request; `pos` None: a new connection."""

    body: Body
    pos: int | None
    timeout_ms: int


@dataclass(frozen=True)
class Found:
    """An answer, what the client knows with it, and what it knew before.

    `acknowledged`: messages up to there have arrived and can be deleted.
    """

    answer: Answer
    told: Told
    before: str
    device: int
    acknowledged: bool
    has_news: bool


def look(tx: Tx, me: Requester, asked: Asked, now: int) -> Found:
    """What is new for a client. `now` is in milliseconds.

    Raises:
        MatrixError: `M_UNKNOWN_POS`: the connection is not known, or has gone on since.
    """
    before = _told(tx, me, asked)
    told = msgspec.json.decode(before, type=Told)
    newest, body = stream.newest(tx), asked.body
    if told.upto > newest:
        raise _unknown()
    after, known = told.upto, set(told.rooms)
    device = listing.number(tx, me.user_id, me.device_id)
    if device is None:
        raise UnknownToken("This session was signed out. Sign in again.", soft_logout=False)
    seen = window(tx, me.user_id, body)
    view = View(Viewer(me.user_id, me.device_id), newest, now)
    answer = Answer("", txn_id=body.txn_id)
    answer.rooms = rooms(tx, view, seen, told)
    answer.lists = {name: {"count": count} for name, count in seen.counts.items()}
    starts = {r: after if r in known else 0 for r in told.rooms}
    news, acknowledged = _extend(tx, me, asked, answer, device, (after, newest, now), starts)
    news = news or bool(answer.rooms) or told.lists != seen.counts or asked.pos is None
    told.upto, told.lists = newest, seen.counts
    return Found(answer, told, before, device, acknowledged, news)


def _told(tx: Tx, me: Requester, asked: Asked) -> str:
    """What a client knows that asks from a position, as JSON."""
    if asked.pos is None:
        return msgspec.json.encode(Told()).decode()
    found = sql.one(tx, me, asked.body.conn_id)
    if found is not None and found.pos == asked.pos:
        return found.told
    if found is not None and found.pos == asked.pos + 1:  # the last answer did not arrive
        return found.told_before
    raise _unknown()


def _unknown() -> MatrixError:
    return MatrixError(400, "M_UNKNOWN_POS", "That position is unknown here. Begin without one.")


def _extend(
    tx: Tx,
    me: Requester,
    asked: Asked,
    answer: Answer,
    device: int,
    span: tuple[int, int, int],
    starts: dict[str, int],
) -> tuple[bool, bool]:
    """Add what the client wants beside rooms; whether that is news, and acknowledges messages."""
    wanted, (after, newest, now) = asked.body.extensions, span
    told: dict[str, Any] = {}
    news = acknowledged = False
    if wanted.to_device.enabled:
        told["to_device"], acknowledged = extensions.messages(tx, wanted.to_device, device, newest)
        news = bool(told["to_device"]["events"])
    if wanted.e2ee.enabled:
        told["e2ee"], changed = extensions.keys(tx, me, after, newest)
        news = news or changed
    parts = {
        "account_data": wanted.account_data.enabled
        and extensions.data(tx, me.user_id, after, newest, starts),
        "receipts": wanted.receipts.enabled
        and _rooms(extensions.read(tx, me.user_id, after, newest, starts)),
        "typing": wanted.typing.enabled
        and _rooms(extensions.typers(tx, after, newest, starts, now)),
    }
    for name, part in parts.items():
        if part:
            told[name], news = part, True
    answer.extensions = told
    return news, acknowledged


def _rooms(found: dict[str, Any]) -> dict[str, Any]:
    return {"rooms": found} if found else {}


def remember(tx: Tx, me: Requester, asked: Asked, found: Found, now: int) -> int:
    """Store what a client is being told; return the position of the answer."""
    pos = 1 if asked.pos is None else asked.pos + 1
    told = msgspec.json.encode(found.told).decode()
    sql.put(tx, me, asked.body.conn_id, Connection(pos, told, found.before), now)
    if asked.pos is None:
        sql.forget_others(tx, me, MOST_CONNECTIONS)
    return pos


def forget_old(tx: Tx, before: int) -> int:
    """Forget a batch of connections that were not used since a time; return how many there were."""
    return sql.forget_old(tx, before)
