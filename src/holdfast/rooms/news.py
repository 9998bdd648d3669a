"""Handing new events to those whose business they are: push rules, and counts of what is unread."""

from collections.abc import Mapping, Sequence

import msgspec

from holdfast.kit.db import Tx
from holdfast.profile import rules as profile
from holdfast.push import counting
from holdfast.push.counting import Happened
from holdfast.rooms.auth.power import Power
from holdfast.rooms.events import Event
from holdfast.rooms.sql.members import Member
from holdfast.rooms.state import MEMBER, State
from holdfast.rooms.versions import RoomVersion


def tell(
    tx: Tx,
    rooms: Sequence[tuple[RoomVersion, State, str]],
    events: Sequence[Event],
    members: Sequence[Member],
) -> None:
    """Let new events count as unread for those who are in their rooms, or were invited to them.

    `members` are those who were in the rooms before; `rooms` their versions, state and IDs.
    """
    audience: dict[str, set[str]] = {room_id: set() for _version, _state, room_id in rooms}
    for member in members:
        audience[member.room_id].add(member.user_id)
    levels = {room_id: Power(version, state) for version, state, room_id in rooms}
    happened, gone = [], list[tuple[str, str]]()
    for event in events:
        content, there = msgspec.json.decode(event.content), audience[event.room_id]
        happened.append(_happened(event, content, levels[event.room_id], there))
        if event.type == MEMBER and event.state_key is not None:
            user_id, membership = event.state_key, content.get("membership")
            if membership == "invite":
                there.add(user_id)
            elif membership in ("leave", "ban"):
                gone.append((user_id, event.room_id))
            elif membership == "join" and user_id not in there:  # has seen the invitation
                counting.read_up_to(tx, user_id, event.room_id, event.position, None)
    counting.forget_rooms(tx, gone)
    for user_id, room_id in gone:
        audience[room_id].discard(user_id)

    def names(user_ids: Sequence[str]) -> dict[str, str]:
        shown = profile.shown(tx, user_ids)
        return {user_id: each.get("displayname", "") for user_id, each in shown.items()}

    counting.notify(tx, happened, {r: sorted(users) for r, users in audience.items()}, names)


def _happened(
    event: Event, content: Mapping[str, object], power: Power, there: set[str]
) -> Happened:
    own = power.of(event.sender)
    return Happened(
        event.position,
        event.event_id,
        event.room_id,
        event.type,
        event.state_key,
        event.sender,
        content,
        event.thread,
        event.origin_server_ts,
        len(there),
        lambda key: own >= power.to_notify(key),
    )
