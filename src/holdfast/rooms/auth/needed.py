"""Which state events decide about an event (Server-Server API, "Auth events selection")."""

from collections.abc import Iterator

from holdfast.rooms.events import Draft
from holdfast.rooms.state import CREATE, JOIN_RULES, MEMBER, POWER_LEVELS, Key
from holdfast.rooms.versions import RoomVersion


def keys(draft: Draft) -> list[Key]:
    """The type and state key of everything that the rules look at for `draft`."""
    if (draft.type, draft.state_key) == CREATE:
        return []
    found = [CREATE, POWER_LEVELS, (MEMBER, draft.sender)]
    if draft.type == MEMBER and draft.state_key is not None:
        found += _of_member(draft, draft.state_key)
    return list(dict.fromkeys(found))


def _of_member(draft: Draft, target: str) -> Iterator[Key]:
    membership = draft.content.get("membership")
    yield (MEMBER, target)
    if membership in ("join", "invite", "knock"):
        yield JOIN_RULES
    authoriser = draft.content.get("join_authorised_via_users_server")
    if membership == "join" and isinstance(authoriser, str):
        yield (MEMBER, authoriser)


def named(version: RoomVersion, draft: Draft) -> list[Key]:
    """Those of `keys` that the event names in `auth_events`: since version 12 without the create
    event, which is the room ID."""
    return [key for key in keys(draft) if not (version.creators_above_all and key == CREATE)]
