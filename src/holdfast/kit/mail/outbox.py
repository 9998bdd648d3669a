"""The table of mails that must not be lost. The only place that names it.

A row is written by the transaction that causes the mail, claimed by one worker at a time, and
finished once: sent, or given up. Its recipient and what it tells are encrypted (`kit.mail.seal`)
and wiped when it is finished.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from holdfast.kit.db import Tx
from holdfast.kit.mail.kinds import KINDS, Kind
from holdfast.kit.mail.seal import Seal, Unreadable

_BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Row:
    """A mail that waits. `lease` is the value of `next_try_at` under which it was claimed."""

    id: str
    created_at: int
    expires_at: int | None
    tries: int
    lease: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to queue: to whom, in which language, and what it tells.

    `id` names its row and makes its Message-ID. `expires_at` (milliseconds, or None) is when it
    stops being useful, because the link in it has died.
    """

    id: str
    to: str
    language: str
    kind: Kind
    expires_at: int | None = None


class _Sealed(msgspec.Struct, array_like=True, frozen=True):
    """What is sealed in a row."""

    to: str
    language: str
    kind: str
    fields: dict[str, Any]
    deliver: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What a row holds."""

    to: str
    language: str
    kind: Kind
    deliver: bool


def insert(tx: Tx, seal: Seal, drafts: Iterable[Draft], *, deliver: bool, now: int) -> None:
    """Store mails that are due at once, with one statement however many they are.

    Whether a mail is to be delivered is sealed with it, so that the rows tell nobody which
    addresses are known.
    """
    rows = [
        {
            "id": draft.id,
            "now": now,
            "expires_at": draft.expires_at,
            "sealed": seal.close(draft.id, msgspec.msgpack.encode(_sealed(draft, deliver))),
        }
        for draft in drafts
    ]
    tx.many(
        "INSERT INTO outbox (id, created_at, expires_at, sealed, next_try_at)"
        " VALUES (:id, :now, :expires_at, :sealed, :now)",
        rows,
    )


def _sealed(draft: Draft, deliver: bool) -> _Sealed:
    return _Sealed(draft.to, draft.language, draft.kind.name, asdict(draft.kind), deliver)


def unseal(seal: Seal, mail_id: str, sealed: bytes) -> Contents:
    """What a row holds.

    Raises:
        Unreadable: it was sealed under another key, or by a Holdfast with other kinds of mail.
    """
    try:
        found = msgspec.msgpack.decode(seal.open(mail_id, sealed), type=_Sealed)
        kind = msgspec.convert(found.fields, _BY_NAME[found.kind])
    except (msgspec.ValidationError, KeyError) as error:
        raise Unreadable("it was queued by a Holdfast that knows other kinds of mail") from error
    return Contents(found.to, found.language, kind, found.deliver)


def claim(tx: Tx, now: int, lease: int) -> Row | None:
    """Take the mail that is due longest, for this worker alone until `lease` (milliseconds).

    The outer condition repeats the inner one: when two workers of PostgreSQL pick the same row,
    the second waits for the first's commit, looks at the row again and finds it taken.
    """
    return tx.one(
        Row,
        "UPDATE outbox SET next_try_at = :lease, tries = tries + 1"
        " WHERE position = (SELECT position FROM outbox WHERE next_try_at <= :now"
        " ORDER BY next_try_at, position LIMIT 1) AND next_try_at <= :now"
        " RETURNING id, created_at, expires_at, tries, next_try_at, sealed",
        now=now,
        lease=lease,
    )


def next_due(tx: Tx) -> int | None:
    """When the next mail is due, in milliseconds; None when none waits."""
    due: int | None = tx.value("SELECT min(next_try_at) FROM outbox WHERE next_try_at IS NOT NULL")
    return due


def mark_sent(tx: Tx, mail_id: str, now: int) -> None:
    """A mail server has accepted it: wipe what it said."""
    tx.run(
        "UPDATE outbox SET sent_at = :now, next_try_at = NULL, sealed = NULL, last_error = NULL"
        " WHERE id = :id",
        id=mail_id,
        now=now,
    )


def mark_kept(tx: Tx, mail_id: str, now: int) -> None:
    """The development mailbox shows it: it counts as sent but keeps what it says."""
    tx.run(
        "UPDATE outbox SET sent_at = :now, next_try_at = NULL WHERE id = :id", id=mail_id, now=now
    )


def mark_given_up(tx: Tx, mail_id: str, error: str, now: int) -> None:
    """It will never be sent: wipe what it said, keep why."""
    tx.run(
        "UPDATE outbox SET given_up_at = :now, next_try_at = NULL, sealed = NULL,"
        " last_error = :error WHERE id = :id AND sent_at IS NULL",
        id=mail_id,
        error=error,
        now=now,
    )


def try_again(tx: Tx, row: Row, at: int, error: str) -> None:
    """Put a mail back until `at`, unless another worker has taken it over meanwhile."""
    tx.run(
        "UPDATE outbox SET next_try_at = :at, last_error = :error"
        " WHERE id = :id AND next_try_at = :lease",
        id=row.id,
        at=at,
        error=error,
        lease=row.lease,
    )


def discard(tx: Tx, mail_id: str) -> None:
    """Drop a mail that was only stored so that it takes the same time as a real one."""
    tx.run("DELETE FROM outbox WHERE id = :id", id=mail_id)


def forget(tx: Tx, before: int) -> None:
    """Drop what is left of mails that were finished before a time in milliseconds.

    What a development mailbox kept, when there was one, is wiped from the others.
    """
    tx.run("UPDATE outbox SET sealed = NULL WHERE next_try_at IS NULL AND sealed IS NOT NULL")
    tx.run(
        "DELETE FROM outbox WHERE next_try_at IS NULL AND sent_at < :before OR"
        " next_try_at IS NULL AND given_up_at < :before",
        before=before,
    )


def forget_kept(tx: Tx, most: int) -> None:
    """Keep the newest `most` finished mails for the development mailbox."""
    tx.run(
        "DELETE FROM outbox WHERE next_try_at IS NULL AND position NOT IN (SELECT position"
        " FROM outbox WHERE next_try_at IS NULL ORDER BY position DESC LIMIT :most)",
        most=most,
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the development mailbox, still sealed."""

    id: str
    created_at: int
    sealed: bytes


def kept(tx: Tx, most: int) -> list[Kept]:
    """The newest `most` mails whose contents are still there, sent or not, newest first."""
    return tx.all(
        Kept,
        "SELECT id, created_at, sealed FROM outbox WHERE sealed IS NOT NULL"
        " ORDER BY position DESC LIMIT :most",
        most=most,
    )


def kept_one(tx: Tx, mail_id: str) -> Kept | None:
    """One mail whose contents are still there."""
    return tx.one(
        Kept,
        "SELECT id, created_at, sealed FROM outbox WHERE id = :id AND sealed IS NOT NULL",
        id=mail_id,
    )
