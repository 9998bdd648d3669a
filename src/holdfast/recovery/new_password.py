"""Replacing the account password, whoever asked for it and however they proved who they are."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.custody.coverage import coverage
from holdfast.journal import rules as journal
from holdfast.journal.rules import What
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.kit.mail.kinds import (
    PasswordChanged,
    PasswordNotice,
    PasswordReset,
    PasswordResetByAdmin,
    PasswordResetByKey,
)
from holdfast.notices import rules as notices
from holdfast.notices.rules import Fates
from holdfast.sessions import rules as sessions
from holdfast.sessions.rules import Choices, Fate, Outcome
from holdfast.uia import addresses as proofs

DEFAULT = "default"
How = Literal["changed", "reset", "reset_by_key", "reset_by_admin"]


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


_NOTICES: dict[How, type[PasswordNotice]] = {
    "changed": PasswordChanged,
    "reset": PasswordReset,
    "reset_by_key": PasswordResetByKey,
    "reset_by_admin": PasswordResetByAdmin,
}


@dataclass(frozen=True)
class Covered:
    """What the notice of a new account password says about the key backup."""

    messages: int
    at_risk: int


async def covered(context: Context, user_id: str) -> Covered:
    """Count it, before the transaction: it takes longer than everything else does."""
    rooms = await context.db.read(lambda tx: coverage(tx, user_id))
    return Covered(sum(room.events for room in rooms), sum(room.at_risk for room in rooms))


def replace_password(
    tx: Tx,
    request: Request,
    user_id: str,
    new_hash: str,
    *,
    old_hash: str | None,
    own_session: str | None,
    decided: Choices,
    how: How,
    covered: Covered,
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
    kept, locked, removed = map(len, (outcome.kept, outcome.locked, outcome.removed))
    fates = Fates(kept, locked, removed, covered.messages, covered.at_risk)
    notices.new_password(tx, request, user_id, _NOTICES[how], fates)
    what: What = "password_changed" if how == "changed" else "password_reset"
    counts = {"kept": kept, "locked": locked, "removed": removed}
    journal.note(tx, request, user_id, what, **counts)
    if outcome.removed:
        gone = {"device_ids": outcome.removed, "why": what}
        journal.note(tx, request, user_id, "sessions_removed", **gone)
    return outcome
