"""What clients do in rooms: every endpoint of theirs, with its refusals."""

from typing import Any

from validation.asking import Asker, Session, unique

ROOM = "/rooms/{roomId}"
EVENT = f"{ROOM}/send/{{eventType}}/{{txnId}}"
STATE = f"{ROOM}/state/{{eventType}}/{{stateKey}}"
RELATIONS = f"{ROOM}/relations/{{eventId}}"
TAGS = "/user/{userId}/rooms/{roomId}/tags"
RULE = "/pushrules/global/{kind}/{ruleId}"
NOWHERE = {"roomId": "!nowhere:hold.example"}


def tell(asker: Asker) -> None:
    """Make every request."""
    alice, bob = asker.register(unique("alice")), asker.register(unique("bob"))
    room = _making(alice, bob)
    event = _sending(alice, bob, room)
    _reading(alice, bob, room, event)
    _relating(alice, bob, room, event)
    _beside(alice, bob, room, event)
    _finding(alice, bob, room)
    _notifying(alice)
    _coming_and_going(alice, bob, room)
    _syncing(alice)


def _making(alice: Session, bob: Session) -> dict[str, str]:
    body = {
        "preset": "public_chat",
        "name": "Garden",
        "topic": "Flowers",
        "room_alias_name": unique("garden"),
        "visibility": "public",
    }
    made = alice.ask("POST", "/createRoom", body)
    alice.ask("POST", "/createRoom", {"room_version": "1"}, status=400)
    alice.ask("POST", "/createRoom", body, status=400)
    room = {"roomId": made["room_id"]}
    bob.ask("GET", f"{ROOM}/state", status=403, **room)
    bob.ask("POST", "/join/{roomIdOrAlias}", {}, roomIdOrAlias=made["room_id"])
    return room


def _sending(alice: Session, bob: Session, room: dict[str, str]) -> str:
    text = {"msgtype": "m.text", "body": "hello"}
    names = {**room, "eventType": "m.room.message"}
    sent = alice.ask("PUT", EVENT, text, txnId="one", **names)["event_id"]
    alice.ask("PUT", EVENT, {"n": 1.5}, txnId="bad", status=400, **names)
    alice.ask("PUT", EVENT, text, txnId="x", status=404, **{**names, **NOWHERE})
    topic = {**room, "eventType": "m.room.topic", "stateKey": ""}
    alice.ask("PUT", STATE, {"topic": "Trees"}, **topic)
    bob.ask("PUT", STATE, {"topic": "Mine"}, status=403, **topic)
    alice.ask("GET", STATE, **topic)
    alice.ask("GET", STATE, status=404, **{**topic, "eventType": "org.example.none"})
    redact = f"{ROOM}/redact/{{eventId}}/{{txnId}}"
    slip = alice.ask("PUT", EVENT, text, txnId="two", **names)["event_id"]
    bob.ask("PUT", redact, {}, eventId=slip, txnId="r", status=403, **room)
    alice.ask("PUT", redact, {"reason": "slip"}, eventId=slip, txnId="r", **room)
    return str(sent)


def _reading(alice: Session, bob: Session, room: dict[str, str], event: str) -> None:
    for query in ({"dir": "b", "limit": "5"}, {"dir": "f"}):
        alice.ask("GET", f"{ROOM}/messages", query=query, **room)
    alice.ask("GET", f"{ROOM}/messages", query={"dir": "b"}, status=403, **NOWHERE)
    for path in (f"{ROOM}/event/{{eventId}}", f"{ROOM}/context/{{eventId}}"):
        bob.ask("GET", path, eventId=event, **room)
        bob.ask("GET", path, eventId="$nothing", status=404, **room)
    for path in ("state", "members", "joined_members", "aliases"):
        alice.ask("GET", f"{ROOM}/{path}", **room)
    alice.ask("GET", "/joined_rooms")
    near = f"{ROOM}/timestamp_to_event"
    alice.ask("GET", near, query={"ts": "0", "dir": "f"}, api="v1", **room)
    alice.ask("GET", near, query={"ts": "0", "dir": "b"}, status=404, api="v1", **room)
    search = {"search_categories": {"room_events": {"search_term": "hello"}}}
    alice.ask("POST", "/search", search)


def _relating(alice: Session, bob: Session, room: dict[str, str], event: str) -> None:
    def related(kind: str, rel_type: str, **more: Any) -> None:
        content = {"m.relates_to": {"rel_type": rel_type, "event_id": event, **more}}
        said = {"msgtype": "m.text", "body": "more", **content}
        bob.ask("PUT", EVENT, said, eventType=kind, txnId=unique("t"), **room)

    related("m.room.message", "m.thread")
    related("m.reaction", "m.annotation", key="+1")
    alice.ask("GET", RELATIONS, api="v1", eventId=event, **room)
    kinds = {"eventId": event, "relType": "m.thread", **room}
    alice.ask("GET", f"{RELATIONS}/{{relType}}", api="v1", **kinds)
    typed = f"{RELATIONS}/{{relType}}/{{eventType}}"
    alice.ask("GET", typed, api="v1", eventType="m.room.message", **kinds)
    alice.ask("GET", RELATIONS, api="v1", eventId="$nothing", status=404, **room)
    alice.ask("GET", f"{ROOM}/threads", api="v1", **room)


def _beside(alice: Session, bob: Session, room: dict[str, str], event: str) -> None:
    receipt = f"{ROOM}/receipt/{{receiptType}}/{{eventId}}"
    bob.ask("POST", receipt, {}, receiptType="m.read", eventId=event, **room)
    bob.ask("POST", receipt, {}, receiptType="m.none", eventId=event, status=400, **room)
    bob.ask("POST", f"{ROOM}/read_markers", {"m.fully_read": event}, **room)
    typing = f"{ROOM}/typing/{{userId}}"
    bob.ask("PUT", typing, {"typing": True, "timeout": 1000}, userId=bob.user_id, **room)
    mine = {"userId": alice.user_id, **room}
    alice.ask("PUT", f"{TAGS}/{{tag}}", {"order": 0.5}, tag="u.work", **mine)
    alice.ask("GET", TAGS, **mine)
    alice.ask("DELETE", f"{TAGS}/{{tag}}", tag="u.work", **mine)
    status = {"presence": "online", "status_msg": "here"}
    alice.ask("PUT", "/presence/{userId}/status", status, userId=alice.user_id)
    bob.ask("GET", "/presence/{userId}/status", userId=alice.user_id)
    bob.ask("POST", f"{ROOM}/report/{{eventId}}", {"reason": "rude"}, eventId=event, **room)
    bob.ask("POST", f"{ROOM}/report", {"reason": "rude"}, **room)
    bob.ask("POST", "/users/{userId}/report", {"reason": "rude"}, userId=alice.user_id)
    alice.ask("GET", "/admin/whois/{userId}", userId=alice.user_id)


def _finding(alice: Session, bob: Session, room: dict[str, str]) -> None:
    for query in ({}, {"limit": "1"}):
        bob.ask("GET", "/publicRooms", query=query)
    bob.ask("POST", "/publicRooms", {"filter": {"generic_search_term": "gard"}})
    alias = f"#{unique('name')}:{alice.user_id.partition(':')[2]}"
    alice.ask("PUT", "/directory/room/{roomAlias}", {"room_id": room["roomId"]}, roomAlias=alias)
    alice.ask("GET", "/directory/room/{roomAlias}", roomAlias=alias)
    bob.ask("DELETE", "/directory/room/{roomAlias}", roomAlias=alias, status=403)
    alice.ask("DELETE", "/directory/room/{roomAlias}", roomAlias=alias)
    alice.ask("GET", "/directory/room/{roomAlias}", roomAlias=alias, status=404)
    alice.ask("GET", "/directory/list/room/{roomId}", **room)
    alice.ask("PUT", "/directory/list/room/{roomId}", {"visibility": "private"}, **room)
    summary = "/room_summary/{roomIdOrAlias}"
    bob.ask("GET", summary, api="v1", roomIdOrAlias=room["roomId"])
    bob.ask("GET", summary, api="v1", roomIdOrAlias="!no:x", status=404)
    bob.ask("GET", f"{ROOM}/hierarchy", api="v1", **room)
    bob.ask("GET", "/mutual_rooms", api="v1", query={"user_id": alice.user_id})
    bob.ask("POST", "/user_directory/search", {"search_term": "alice"})
    alice.ask("GET", "/voip/turnServer")
    alice.ask("GET", "/thirdparty/protocols")


def _notifying(alice: Session) -> None:
    rule = {"kind": "content", "ruleId": "cake"}
    alice.ask("PUT", RULE, {"actions": ["notify"], "pattern": "cake"}, **rule)
    alice.ask("GET", RULE, **rule)
    alice.ask("PUT", f"{RULE}/enabled", {"enabled": False}, **rule)
    alice.ask("GET", f"{RULE}/enabled", **rule)
    alice.ask("PUT", f"{RULE}/actions", {"actions": []}, **rule)
    alice.ask("GET", f"{RULE}/actions", **rule)
    alice.ask("GET", "/pushrules/")
    alice.ask("GET", "/pushrules/global/")
    alice.ask("DELETE", RULE, **rule)
    alice.ask("GET", RULE, status=404, **rule)
    alice.ask("GET", "/notifications")


def _coming_and_going(alice: Session, bob: Session, room: dict[str, str]) -> None:
    other = {"user_id": bob.user_id}
    bob.ask("POST", f"{ROOM}/leave", {}, **room)
    bob.ask("POST", f"{ROOM}/forget", {}, **room)
    alice.ask("POST", f"{ROOM}/invite", other, **room)
    bob.ask("POST", f"{ROOM}/join", {"reason": "again"}, **room)
    alice.ask("POST", f"{ROOM}/invite", other, status=403, **room)
    for what in ("kick", "ban", "unban"):
        alice.ask("POST", f"{ROOM}/{what}", other, **room)
    bob.ask("POST", "/knock/{roomIdOrAlias}", {}, roomIdOrAlias=room["roomId"], status=403)
    knocking = {**room, "eventType": "m.room.join_rules", "stateKey": ""}
    alice.ask("PUT", STATE, {"join_rule": "knock"}, **knocking)
    bob.ask("POST", "/knock/{roomIdOrAlias}", {"reason": "hm"}, roomIdOrAlias=room["roomId"])
    new = {"new_version": "12"}
    bob.ask("POST", f"{ROOM}/upgrade", new, status=403, **room)
    alice.ask("POST", f"{ROOM}/upgrade", new, **room)


def _syncing(alice: Session) -> None:
    for query in ({}, {"full_state": "true"}, {"use_state_after": "true"}):
        alice.ask("GET", "/sync", query=query)
