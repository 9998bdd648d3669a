"""What is left of a redacted event (Room Versions 10 and 11, "Redactions").

It is also what event IDs and signatures are made from, so that they outlive a redaction.
"""

from typing import Any

from holdfast.rooms.versions import RoomVersion

_TOP = frozenset(
    {
        "event_id",
        "type",
        "room_id",
        "sender",
        "state_key",
        "content",
        "hashes",
        "signatures",
        "depth",
        "prev_events",
        "auth_events",
        "origin_server_ts",
    }
)
_LEVELS = frozenset(
    {
        "ban",
        "events",
        "events_default",
        "kick",
        "redact",
        "state_default",
        "users",
        "users_default",
    }
)
_MEMBER = frozenset({"membership", "join_authorised_via_users_server"})
_CONTENT_V10: dict[str, frozenset[str]] = {
    "m.room.member": _MEMBER,
    "m.room.create": frozenset({"creator"}),
    "m.room.join_rules": frozenset({"join_rule", "allow"}),
    "m.room.power_levels": _LEVELS,
    "m.room.history_visibility": frozenset({"history_visibility"}),
}
_CONTENT_V11 = {
    **_CONTENT_V10,
    "m.room.power_levels": _LEVELS | {"invite"},
    "m.room.redaction": frozenset({"redacts"}),
}


def redacted(version: RoomVersion, pdu: dict[str, Any]) -> dict[str, Any]:
    """An event without everything that its sender could take back.

    No event of ours has the further top-level keys (`origin`, `membership`, `prev_state`) that
    version 10 keeps.
    """
    kept = {name: value for name, value in pdu.items() if name in _TOP}
    kept["content"] = redacted_content(version, pdu["type"], pdu["content"])
    return kept


def redacted_content(version: RoomVersion, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """What is left of the content of an event of type `kind`."""
    if not version.redacts_in_content:
        return _only(content, _CONTENT_V10.get(kind, frozenset()))
    if kind == "m.room.create":
        return content
    left = _only(content, _CONTENT_V11.get(kind, frozenset()))
    invite = content.get("third_party_invite")
    if kind == "m.room.member" and isinstance(invite, dict) and "signed" in invite:
        left["third_party_invite"] = {"signed": invite["signed"]}
    return left


def _only(content: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name in names}
