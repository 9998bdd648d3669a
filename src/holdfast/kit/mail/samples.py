"""One example of each kind of mail, to try an operator's templates with before they are needed."""

from functools import partial
from typing import Any

from holdfast.kit.mail import kinds
from holdfast.kit.mail.kinds import Kind

_LINK = "https://matrix.example.org/reset#example"
_ALICE = "@alice:example.org"


def samples() -> list[Kind]:
    """An example of every kind, with each field filled in."""
    here: dict[str, Any] = {
        "user_id": _ALICE,
        "address": "203.0.113.7",
        "client": "Firefox (Linux)",
        "lock_link": "https://matrix.example.org/_holdfast/not-me/example",
    }
    when = 1_700_000_000_000
    fates: dict[str, Any] = {"kept": 0, "locked": 1, "removed": 0, "messages": 3, "at_risk": 1}
    changed = partial(kinds.PasswordChanged, **here, when=when)
    reset = partial(kinds.PasswordReset, **here, when=when)
    return [
        kinds.RegisterConfirm(link=_LINK, minutes=60),
        kinds.AddressConfirm(link=_LINK, minutes=60),
        kinds.AddressTaken(),
        kinds.ResetLinkPortal(link=_LINK, minutes=60, user_id=_ALICE),
        kinds.ResetConfirmClient(link=_LINK, minutes=60, user_id=_ALICE),
        changed(kept=1, locked=3, removed=1, messages=1240, at_risk=12),
        kinds.PasswordResetByKey(**here, when=when, **fates),
        kinds.PasswordResetByAdmin(**here, when=when, **fates),
        reset(kept=0, locked=0, removed=0, messages=0, at_risk=0),
        kinds.NewSession(**here, when=when, session="Element on Alice's laptop"),
        kinds.AddressAdded(**here, when=when, email="alice@example.com"),
        kinds.AddressRemoved(**here, when=when, email="alice@example.com"),
        kinds.PhoneAdded(**here, when=when, phone="+491711234567"),
        kinds.PhoneRemoved(**here, when=when, phone="+491711234567"),
        kinds.AccountDeactivated(**here, when=when),
        kinds.KeyBackupDeleted(**here, when=when, keys=1240, days=30),
        kinds.KeyBackupReplaced(**here, when=when, keys=1240, days=30),
        kinds.RoomKeysDeleted(**here, when=when, keys=12, days=30),
        kinds.IdentityReplaced(**here, when=when),
        kinds.AccountLocked(**here, when=when, sessions=3),
        kinds.RecoveryResetOn(**here, when=when),
        kinds.RecoveryResetOff(**here, when=when),
        kinds.MissedMessages(user_id=_ALICE, messages=12, rooms=3),
    ]
