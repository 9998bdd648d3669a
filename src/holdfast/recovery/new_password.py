"""Replacing the account password, whoever asked for it and however they proved who they are."""

from typing import Literal

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.journal import rules as journal
from holdfast.journal.rules import What
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.notices import rules as notices
from holdfast.notices.rules import Fates
from holdfast.sessions import rules as sessions
from holdfast.sessions.rules import Choices, Fate, Outcome
from holdfast.uia import addresses as proofs

DEFAULT = "default"


class Sessions(msgspec.Struct):
    """What happened to the other sessions, by device ID, as the API tells it."""

    kept: list[str]
    locked: list[str]
    removed: list[str]


def shown(outcome: Outcome) -> Sessions:
    """An outcome as the API tells it."""
    return Sessions(outcome.kept, outcome.locked, outcome.removed)


def choices(wanted: dict[str, Fate] | None, otherwise: Fate) -> Choices:
    """What shall happen to the other sessions: `wanted` names some and perhaps a `default`."""
    by_device = dict(wanted or {})
    return Choices(by_device.pop(DEFAULT, otherwise), by_device)


def replace_password(
    tx: Tx,
    request: Request,
    user_id: str,
    new_hash: str,
    *,
    old_hash: str | None,
    own_session: str | None,
    decided: Choices,
    how: Literal["changed", "reset"],
) -> Outcome:
    """Everything a new account password brings with it, in the caller's one transaction.

    The new hash; the other sessions kept, locked or removed, with their pushers; no open reset
    link, login token or half-finished proof left; an entry in the journal, and a notice to the
    account's addresses.

    Raises:
        Forbidden: the account password is not `old_hash` any more.
    """
    now = request.context.now
    credentials.set_password(tx, user_id, new_hash, old=old_hash)
    outcome = sessions.decide(tx, user_id, own_session, decided, now)
    proofs.void_of(tx, user_id, now)
    fates = Fates(len(outcome.kept), len(outcome.locked), len(outcome.removed))
    tell = notices.password_changed if how == "changed" else notices.password_reset
    tell(tx, request, user_id, fates)
    what: What = "password_changed" if how == "changed" else "password_reset"
    counts = {"kept": fates.kept, "locked": fates.locked, "removed": fates.removed}
    journal.note(tx, request, user_id, what, **counts)
    if outcome.removed:
        removed = {"device_ids": outcome.removed, "why": what}
        journal.note(tx, request, user_id, "sessions_removed", **removed)
    return outcome
