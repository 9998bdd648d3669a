"""Leaving every room, when an account ends."""

from holdfast.kit.db import Tx
from holdfast.kit.signer import Signer
from holdfast.rooms import members
from holdfast.rooms.append import append
from holdfast.rooms.events import Draft
from holdfast.rooms.state import MEMBER


def leave_all(tx: Tx, signer: Signer, user_id: str, now: int) -> None:
    """Let a user leave all rooms, decline all invitations and stop knocking.

    The rules of the rooms are not asked: nobody can be kept. The number of statements is fixed.
    """
    drafts = [
        Draft(each.room_id, MEMBER, user_id, {"membership": "leave"}, user_id)
        for each in members.of_user(tx, user_id)
        if each.membership in ("join", "invite", "knock")
    ]
    if drafts:
        append(tx, signer, drafts, now, check=False)
