"""The authorization rules, in the order in which the room versions list them.

Rules about events of other servers are left out: there are none here. What is left of rule 1 for
the create event is in `creation`.
"""

from holdfast.kit.errors import Forbidden
from holdfast.rooms.auth import creation, levels, membership
from holdfast.rooms.auth.power import Power
from holdfast.rooms.events import Draft
from holdfast.rooms.state import CREATE, MEMBER, POWER_LEVELS, State
from holdfast.rooms.versions import RoomVersion

REDACTION = "m.room.redaction"


def check(version: RoomVersion, draft: Draft, state: State) -> None:
    """Refuse an event that the state of its room does not allow.

    `state` has at least what `needed.keys` names.

    Raises:
        Forbidden: it may not be sent.
    """
    if draft.type == CREATE[0]:
        creation.check(version, draft, state)
        return
    power = Power(version, state)
    if draft.type == MEMBER:
        membership.check(draft, state, power)
        return
    if state.member(draft.sender) != "join":  # rule 5
        raise Forbidden("You are not in this room.")
    if draft.type == "m.room.third_party_invite" and draft.state_key is not None:  # rule 6
        if power.of(draft.sender) < power.needed("invite"):
            raise Forbidden("You may not invite anybody to this room.")
        return
    _check_power(draft, power)
    if (draft.type, draft.state_key) == POWER_LEVELS:  # rule 9
        levels.check(version, draft, state)


def _check_power(draft: Draft, power: Power) -> None:
    """Rules 7 and 8."""
    needed = power.to_send(draft.type, is_state=draft.state_key is not None)
    own = power.of(draft.sender)
    if own < needed:
        raise Forbidden(
            f"Sending {draft.type} to this room needs the power level {needed}; yours is {own}."
        )
    state_key = draft.state_key or ""
    if state_key.startswith("@") and state_key != draft.sender:
        raise Forbidden("A state key that is a user ID belongs to that user alone.")
