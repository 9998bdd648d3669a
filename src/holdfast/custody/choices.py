"""What each choice about the other sessions would cost: keep all, lock all, remove all."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from holdfast.sessions.clients import Keeps

Verdict = Literal["safe", "loss", "no_way_back"]


class Reason(msgspec.Struct):
    """Why a verdict is what it is, or what it cannot know."""

    code: str
    text: str


class Choice(msgspec.Struct):
    """A choice; `at_risk` are the messages that would lose their last known holder."""

    verdict: Verdict
    at_risk: int
    reasons: list[Reason]


class Choices(msgspec.Struct):
    """The three choices, each for all other sessions."""

    keep: Choice
    lock: Choice
    remove: Choice


class Standing(msgspec.Struct):
    """What the choices depend on: the messages, and the way in to the backup.

    `by_others` are those at risk that no session of the account is known to hold. `backup` says
    whether there is a key backup, `way_in` whether the recovery key opens it; `own` whether a
    session is asking, which stays.
    """

    readable: int
    by_others: int
    backup: bool
    way_in: bool
    proven: bool
    own: bool


class Other(msgspec.Struct):
    """A session about which is decided, and the messages that it alone is known to hold."""

    locked: bool
    keeps: Keeps
    held: int


def choices(standing: Standing, others: Iterable[Other]) -> Choices:
    """The cost of each choice. What is locked already loses nothing by being locked."""
    known = list(others)
    to_lock = [each for each in known if not each.locked]
    discarding = [each for each in to_lock if each.keeps != "yes"]
    after_lock = standing.own or len(discarding) < len(known)
    return Choices(
        _choice(standing, [], "", stays=standing.own or bool(known)),
        _choice(standing, discarding, "may_discard_keys", stays=after_lock),
        _choice(standing, known, "removed_sessions_hold_keys", stays=standing.own),
    )


_NO_BACKUP = "There is no key backup, so a new session can read nothing by itself."
_NO_WAY_IN = "No recovery key opens the key backup, so a new session can read nothing by itself."
_TEXTS = {
    "may_discard_keys": "{sessions} of the sessions may discard their keys when they are locked.",
    "removed_sessions_hold_keys": "{sessions} sessions would lose their keys.",
}


def _choice(standing: Standing, losing: list[Other], why: str, *, stays: bool) -> Choice:
    at_risk = sum(each.held for each in losing)
    reasons = []
    if losing:
        reasons.append(Reason(why, _TEXTS[why].format(sessions=len(losing))))
    reasons += _of_the_account(standing)
    if standing.readable and not stays and not standing.way_in:
        return Choice("no_way_back", at_risk, reasons)
    return Choice("loss" if at_risk else "safe", at_risk, reasons)


def _of_the_account(standing: Standing) -> list[Reason]:
    reasons = []
    if not standing.way_in:
        text = _NO_WAY_IN if standing.backup else _NO_BACKUP
        reasons.append(Reason("no_way_in", text))
    elif not standing.proven:
        text = "The recovery key was never tested, so it is not known whether you still have it."
        reasons.append(Reason("recovery_key_not_proven", text))
    if standing.by_others:
        text = (
            f"The key backup does not cover {standing.by_others} messages that were sent by other"
            " people, or by sessions that are gone. Which of your sessions can open them cannot be"
            " known."
        )
        reasons.append(Reason("messages_of_others", text))
    return reasons
