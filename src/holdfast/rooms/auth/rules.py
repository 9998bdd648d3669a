"""The authorization rules, in the order in which the room versions list them."""

from holdfast.kit.errors import Forbidden
from holdfast.rooms.events import Draft
from holdfast.rooms.state import CREATE, State
from holdfast.rooms.versions import RoomVersion


def check(version: RoomVersion, draft: Draft, state: State) -> None:
    """Refuse an event that the state of its room does not allow.

    `state` has at least what `needed.keys` names.

    Raises:
        Forbidden: it may not be sent.
    """
    if (draft.type, draft.state_key) == CREATE:
        return
    if draft.type != "m.room.member" and state.member(draft.sender) != "join":
        raise Forbidden(f"You are not in this room, whose version is {version.number}.")
