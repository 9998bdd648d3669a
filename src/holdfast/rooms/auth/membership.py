"""Who may join, invite, knock, leave, remove and ban ("Authorization rules", rule 4)."""

from holdfast.kit.errors import Forbidden
from holdfast.rooms.auth.power import Power
from holdfast.rooms.events import Draft
from holdfast.rooms.state import CREATE, JOIN_RULES, State

RESTRICTED = ("restricted", "knock_restricted")
KNOCKING = ("knock", "knock_restricted")
_INVITED = ("invite", *KNOCKING, "restricted")


def check(draft: Draft, state: State, power: Power) -> None:
    """Refuse a member event that the room does not allow.

    Raises:
        Forbidden: it may not be sent.
    """
    target, membership = draft.state_key, draft.content.get("membership")
    if target is None:  # rule 4.1
        raise Forbidden("A member event names its user in the state key.")
    if membership == "join":
        _join(draft, target, state, power)
    elif membership == "invite":
        _invite(draft, target, state, power)
    elif membership == "leave":
        _leave(draft, target, state, power)
    elif membership == "ban":
        _ban(draft, target, state, power)
    elif membership == "knock":
        _knock(draft, target, state)
    else:
        raise Forbidden("A membership is join, invite, leave, ban or knock.")


def join_rule(state: State) -> str:
    """The room's join rule; `invite` where none is set."""
    found = state.content(JOIN_RULES).get("join_rule")
    return found if isinstance(found, str) else "invite"


def _join(draft: Draft, target: str, state: State, power: Power) -> None:
    """Rule 4.3."""
    create = state.get(CREATE)
    if create and set(state) == {CREATE} and create.sender == target == draft.sender:
        return  # the first member is who made the room
    if draft.sender != target:
        raise Forbidden("Nobody can join a room for somebody else.")
    current, rule = state.member(target), join_rule(state)
    if current == "ban":
        raise Forbidden("You are banned from this room.")
    if rule == "public" or (current in ("join", "invite") and rule in _INVITED):
        return
    authoriser = draft.content.get("join_authorised_via_users_server")
    if rule in RESTRICTED and isinstance(authoriser, str):
        if state.member(authoriser) == "join" and power.of(authoriser) >= power.needed("invite"):
            return
        raise Forbidden("Whoever lets you in has to be in the room and may invite to it.")
    raise Forbidden("You need an invitation to join this room.")


def _invite(draft: Draft, target: str, state: State, power: Power) -> None:
    """Rule 4.4. Invitations by e-mail address are not there: no identity server takes part."""
    if "third_party_invite" in draft.content:
        raise Forbidden("This server does not invite by e-mail address. Invite by user ID.")
    _check_in_room(draft, state)
    current = state.member(target)
    if current == "join":
        raise Forbidden("That user is in the room already.")
    if current == "ban":
        raise Forbidden("That user is banned from the room. Lift the ban first.")
    if power.of(draft.sender) < power.needed("invite"):
        raise Forbidden("You may not invite anybody to this room.")


def _leave(draft: Draft, target: str, state: State, power: Power) -> None:
    """Rule 4.5: leaving, declining, removing somebody, lifting a ban."""
    current = state.member(target)
    if draft.sender == target:
        if current not in ("invite", "join", "knock"):
            raise Forbidden("You are not in this room.")
        return
    _check_in_room(draft, state)
    own = power.of(draft.sender)
    if current == "ban" and own < power.needed("ban"):
        raise Forbidden("You may not lift bans in this room.")
    if own < power.needed("kick") or power.of(target) >= own:
        raise Forbidden("You may not remove that user from this room.")


def _ban(draft: Draft, target: str, state: State, power: Power) -> None:
    """Rule 4.6."""
    _check_in_room(draft, state)
    own = power.of(draft.sender)
    if own < power.needed("ban") or power.of(target) >= own:
        raise Forbidden("You may not ban that user from this room.")


def _knock(draft: Draft, target: str, state: State) -> None:
    """Rule 4.7."""
    if join_rule(state) not in KNOCKING:
        raise Forbidden("Nobody can knock at this room.")
    if draft.sender != target:
        raise Forbidden("Nobody can knock for somebody else.")
    if state.member(target) in ("ban", "invite", "join"):
        raise Forbidden("You cannot knock: you are banned, invited, or in the room already.")


def _check_in_room(draft: Draft, state: State) -> None:
    if state.member(draft.sender) != "join":
        raise Forbidden("You are not in this room.")
