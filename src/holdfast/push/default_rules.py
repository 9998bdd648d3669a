"""The push rules every user begins with (Client-Server API, "Predefined Rules").

They are evaluated by clients and, for their pushers, by the server. The order within a kind
matters: the first rule that matches decides. The user's own rules would come before these.
"""

from typing import Any, TypeAlias

Rule: TypeAlias = dict[str, Any]

_NOTIFY = ["notify"]
_AUDIBLY = ["notify", {"set_tweak": "sound", "value": "default"}]
_RINGING = ["notify", {"set_tweak": "sound", "value": "ring"}]
_HIGHLIGHTED = ["notify", {"set_tweak": "highlight"}]
_AUDIBLY_HIGHLIGHTED = [*_AUDIBLY, {"set_tweak": "highlight"}]


def _rule(name: str, actions: list[Any], *conditions: Rule, enabled: bool = True) -> Rule:
    return {
        "rule_id": f".m.rule.{name}",
        "default": True,
        "enabled": enabled,
        "conditions": list(conditions),
        "actions": actions,
    }


def _matches(key: str, pattern: str) -> Rule:
    return {"kind": "event_match", "key": key, "pattern": pattern}


def _is(key: str, value: Any) -> Rule:
    return {"kind": "event_property_is", "key": key, "value": value}


def _type(name: str) -> Rule:
    return _matches("type", name)


_NO_STATE_KEY = _matches("state_key", "")
_TWO_PEOPLE = {"kind": "room_member_count", "is": "2"}
_MAY_CALL_EVERYBODY = {"kind": "sender_notification_permission", "key": "room"}


def ruleset(user_id: str) -> Rule:
    """The default rules of one user, by kind: the content of `m.push_rules`."""
    mentioned = {
        "kind": "event_property_contains",
        "key": r"content.m\.mentions.user_ids",
        "value": user_id,
    }
    invited = (
        _type("m.room.member"),
        _matches("content.membership", "invite"),
        _matches("state_key", user_id),
    )
    override = [
        _rule("master", [], enabled=False),
        _rule("suppress_notices", [], _matches("content.msgtype", "m.notice")),
        _rule("invite_for_me", _AUDIBLY, *invited),
        _rule("member_event", [], _type("m.room.member")),
        _rule("is_user_mention", _AUDIBLY_HIGHLIGHTED, mentioned),
        _rule(
            "is_room_mention",
            _HIGHLIGHTED,
            _is(r"content.m\.mentions.room", True),
            _MAY_CALL_EVERYBODY,
        ),
        _rule("tombstone", _HIGHLIGHTED, _type("m.room.tombstone"), _NO_STATE_KEY),
        _rule("reaction", [], _type("m.reaction")),
        _rule("room.server_acl", [], _type("m.room.server_acl"), _NO_STATE_KEY),
        _rule("suppress_edits", [], _is(r"content.m\.relates_to.rel_type", "m.replace")),
    ]
    underride = [
        _rule("call", _RINGING, _type("m.call.invite")),
        _rule("encrypted_room_one_to_one", _AUDIBLY, _TWO_PEOPLE, _type("m.room.encrypted")),
        _rule("room_one_to_one", _AUDIBLY, _TWO_PEOPLE, _type("m.room.message")),
        _rule("message", _NOTIFY, _type("m.room.message")),
        _rule("encrypted", _NOTIFY, _type("m.room.encrypted")),
    ]
    kinds = {"override": override, "content": [], "room": [], "sender": [], "underride": underride}
    return {"global": kinds}
