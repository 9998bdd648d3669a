"""The events that a new room begins with (Client-Server API, `POST /createRoom`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from holdfast.rooms.events import Draft
from holdfast.rooms.state import (
    CREATE,
    HISTORY_VISIBILITY,
    JOIN_RULES,
    MEMBER,
    POWER_LEVELS,
    Key,
)
from holdfast.rooms.versions import RoomVersion

ENCRYPTION: Key = ("m.room.encryption", "")
TOMBSTONE = "m.room.tombstone"
BY_THE_SERVER = ("creator", "room_version", "predecessor")
MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}
_PRESETS = {  # join rule, history visibility, guest access
    "private_chat": ("invite", "shared", "can_join"),
    "trusted_private_chat": ("invite", "shared", "can_join"),
    "public_chat": ("public", "shared", "forbidden"),
}


class StateBody(msgspec.Struct):
    """One event of `initial_state`."""

    type: str
    content: dict[str, Any]
    state_key: str = ""


class CreateBody(msgspec.Struct):
    """What a client asks for."""

    visibility: Literal["public", "private"] = "private"
    room_alias_name: str | None = None
    name: str | None = None
    topic: str | None = None
    invite: list[str] = []
    invite_3pid: list[Any] = []
    room_version: str | None = None
    creation_content: dict[str, Any] = {}
    initial_state: list[StateBody] = []
    preset: Literal["private_chat", "trusted_private_chat", "public_chat"] | None = None
    is_direct: bool = False
    power_level_content_override: dict[str, Any] = {}

    @property
    def chosen_preset(self) -> str:
        """The preset, which the visibility stands for where none is named."""
        return self.preset or ("public_chat" if self.visibility == "public" else "private_chat")


@dataclass(frozen=True)
class Plan:
    """What a new room is made from, beside what its creator asks for."""

    room_id: str
    version: RoomVersion
    creator: str
    device_id: str
    alias: str | None
    encrypted: bool
    shown: Mapping[str, Mapping[str, str]]
    """Names and pictures of the creator and of those invited."""
    predecessor: Mapping[str, str] | None = None


def drafts(body: CreateBody, plan: Plan) -> list[Draft]:
    """All events of the new room, in the order of the specification."""
    me = plan.creator
    found = [
        _draft(plan, CREATE, _create(body, plan)),
        _draft(plan, (MEMBER, me), {**plan.shown.get(me, {}), "membership": "join"}),
        _draft(plan, POWER_LEVELS, _levels(body, plan)),
    ]
    if plan.alias is not None:
        found.append(_draft(plan, ("m.room.canonical_alias", ""), {"alias": plan.alias}))
    found += [_draft(plan, key, content) for key, content in _state(body, plan).items()]
    for user_id in body.invite:
        content: dict[str, Any] = {**plan.shown.get(user_id, {}), "membership": "invite"}
        if body.is_direct:
            content["is_direct"] = True
        found.append(_draft(plan, (MEMBER, user_id), content))
    return found


def _draft(plan: Plan, key: Key, content: Mapping[str, Any]) -> Draft:
    kind, state_key = key
    return Draft(
        plan.room_id, kind, plan.creator, dict(content), state_key, device_id=plan.device_id
    )


def _create(body: CreateBody, plan: Plan) -> dict[str, Any]:
    content = {k: v for k, v in body.creation_content.items() if k not in BY_THE_SERVER}
    content["room_version"] = plan.version.number
    if not plan.version.redacts_in_content:
        content["creator"] = plan.creator
    if plan.predecessor is not None:
        content["predecessor"] = dict(plan.predecessor)
    if plan.version.creators_above_all and body.chosen_preset == "trusted_private_chat":
        named = content.get("additional_creators", [])
        if isinstance(named, list):  # refused with the event otherwise
            others = [user_id for user_id in body.invite if user_id != plan.creator]
            content["additional_creators"] = _once([*named, *others])
    return content


def _once(values: Sequence[Any]) -> list[Any]:
    return [value for place, value in enumerate(values) if value not in values[:place]]


def _levels(body: CreateBody, plan: Plan) -> dict[str, Any]:
    """Power levels: state is for those who run the room; version 12 guards its end above that."""
    above_all = plan.version.creators_above_all
    users = {} if above_all else {plan.creator: 100}
    if body.chosen_preset == "trusted_private_chat" and not above_all:
        users |= dict.fromkeys(body.invite, 100)
    return {
        "users": users,
        "users_default": 0,
        "events": {
            "m.room.name": 50,
            "m.room.avatar": 50,
            "m.room.canonical_alias": 50,
            "m.room.power_levels": 100,
            "m.room.history_visibility": 100,
            "m.room.encryption": 100,
            "m.room.server_acl": 100,
            TOMBSTONE: 150 if above_all else 100,
        },
        "events_default": 0,
        "state_default": 50,
        "ban": 50,
        "kick": 50,
        "redact": 50,
        "invite": 0,
        **body.power_level_content_override,
    }


def _state(body: CreateBody, plan: Plan) -> dict[Key, Mapping[str, Any]]:
    """The rest of the state; what is named later holds."""
    rule, visibility, guests = _PRESETS[body.chosen_preset]
    found: dict[Key, Mapping[str, Any]] = {
        JOIN_RULES: {"join_rule": rule},
        HISTORY_VISIBILITY: {"history_visibility": visibility},
        ("m.room.guest_access", ""): {"guest_access": guests},
    }
    if plan.encrypted:
        found[ENCRYPTION] = MEGOLM
    for each in body.initial_state:
        found[each.type, each.state_key] = each.content
    found |= dict(_named(body))
    return found


def _named(body: CreateBody) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    if body.name:
        yield ("m.room.name", ""), {"name": body.name}
    if body.topic:
        rich = {"m.text": [{"body": body.topic, "mimetype": "text/plain"}]}
        yield ("m.room.topic", ""), {"topic": body.topic, "m.topic": rich}
