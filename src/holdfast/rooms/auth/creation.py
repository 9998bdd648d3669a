"""What an `m.room.create` event may say (Room Version 12, "Authorization rules", rule 1)."""

from holdfast.credentials.identifiers import is_user_id
from holdfast.kit.errors import Forbidden, InvalidParam
from holdfast.rooms.events import Draft
from holdfast.rooms.state import CREATE, State
from holdfast.rooms.versions import RoomVersion


def check(version: RoomVersion, draft: Draft, state: State) -> None:
    """Refuse a second create event, and a first one that names no users where it should.

    Raises:
        Forbidden: the room has been created already, or the event has no state key.
        InvalidParam: the additional creators are no list of user IDs.
    """
    if draft.state_key != "" or state.get(CREATE) is not None:
        raise Forbidden("A room is created once.")
    named = draft.content.get("additional_creators", [])
    if not version.creators_above_all:
        return
    if not (isinstance(named, list) and all(isinstance(u, str) and is_user_id(u) for u in named)):
        raise InvalidParam("additional_creators is a list of user IDs.")
