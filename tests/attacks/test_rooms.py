"""Hostile texts wherever a request about a room has one: in its path, in its query, in its body."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.attacks.complete import HERE, filled
from tests.attacks.hostile import TEXTS, must_be_an_answer
from tests.rooms.inside import MEGOLM, create_room, say
from tests.world import World

V1 = "/_matrix/client/v1"
SLIDING = "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync"
ANNOTATION = {"rel_type": "m.annotation", "event_id": "EVENT"}
RULE = {"actions": ["notify"], "conditions": []}
_GETS = [
    *(f"rooms/{HERE}/{what}" for what in ("messages?dir=b", "state", "members", "aliases")),
    *(f"rooms/ROOM/{what}/{HERE}" for what in ("event", "context", "state", "state/m.room.name")),
    f"rooms/ROOM/messages?dir={HERE}",
    f"rooms/ROOM/messages?dir=b&from={HERE}",
    f"rooms/ROOM/messages?dir=b&to={HERE}",
    f"rooms/ROOM/messages?dir=b&limit={HERE}",
    f"rooms/ROOM/messages?dir=b&filter={HERE}",
    f'rooms/ROOM/messages?dir=b&filter={{"types":["{HERE}"]}}',
    f"rooms/ROOM/members?at={HERE}&membership={HERE}",
    f"{V1}/rooms/ROOM/relations/{HERE}/{HERE}/{HERE}",
    f"{V1}/rooms/ROOM/relations/EVENT/{HERE}/{HERE}",
    f"{V1}/rooms/ROOM/threads?include={HERE}",
    f"{V1}/rooms/ROOM/threads?from={HERE}",
    f"{V1}/rooms/ROOM/timestamp_to_event?dir=f&ts={HERE}",
    f"{V1}/rooms/{HERE}/hierarchy",
    f"{V1}/rooms/ROOM/hierarchy?from={HERE}&limit={HERE}",
    f"{V1}/room_summary/{HERE}",
    f"{V1}/mutual_rooms?user_id={HERE}",
    f"{V1}/media/download/{HERE}/{HERE}",
    f"{V1}/media/thumbnail/hold.example/{HERE}?width=1&height=1",
    f"{V1}/admin/lock/{HERE}",
    f"directory/room/{HERE}",
    f"directory/list/room/{HERE}",
    f"publicRooms?since={HERE}&server={HERE}",
    f"publicRooms?limit={HERE}",
    f"presence/{HERE}/status",
    f"admin/whois/{HERE}",
    f"notifications?from={HERE}",
    f"pushrules/global/{HERE}/{HERE}",
    f"user/{HERE}/rooms/ROOM/tags",
    f"sync?since={HERE}",
    f"sync?filter={HERE}",
    f'sync?filter={{"room":{{"rooms":["{HERE}"],"timeline":{{"types":["{HERE}"]}}}}}}',
    f"thirdparty/protocol/{HERE}",
]
_POSTS: list[tuple[str, Any]] = [
    ("createRoom", {"name": HERE, "topic": HERE}),
    ("createRoom", {"room_alias_name": HERE}),
    ("createRoom", {"room_version": HERE}),
    ("createRoom", {"invite": [HERE]}),
    ("createRoom", {"preset": HERE, "visibility": HERE}),
    ("createRoom", {"creation_content": {HERE: HERE, "type": HERE}}),
    ("createRoom", {"creation_content": {"additional_creators": [HERE]}}),
    ("createRoom", {"initial_state": [{"type": HERE, "state_key": HERE, "content": {HERE: HERE}}]}),
    ("createRoom", {"power_level_content_override": {"users": {HERE: 1}, HERE: HERE}}),
    (f"join/{HERE}", {"reason": HERE}),
    (f"knock/{HERE}", {"reason": HERE}),
    ("rooms/ROOM/invite", {"user_id": HERE}),
    ("rooms/ROOM/ban", {"user_id": HERE, "reason": HERE}),
    ("rooms/ROOM/kick", {"user_id": HERE}),
    ("rooms/ROOM/upgrade", {"new_version": HERE}),
    ("rooms/ROOM/upgrade", {"new_version": "12", "additional_creators": [HERE]}),
    (f"rooms/ROOM/receipt/{HERE}/{HERE}", {"thread_id": HERE}),
    ("rooms/ROOM/receipt/m.read/EVENT", {"thread_id": HERE}),
    ("rooms/ROOM/read_markers", {"m.read": HERE, "m.fully_read": HERE}),
    ("rooms/ROOM/report/EVENT", {"reason": HERE}),
    (f"users/{HERE}/report", {"reason": HERE}),
    ("publicRooms", {"filter": {"generic_search_term": HERE, "room_types": [HERE]}}),
    ("publicRooms", {"since": HERE}),
    ("user_directory/search", {"search_term": HERE}),
    ("search", {"search_categories": {"room_events": {"search_term": HERE}}}),
    (SLIDING, {"conn_id": HERE, "txn_id": HERE, "room_subscriptions": {HERE: {}}}),
    (
        SLIDING,
        {
            "lists": {
                HERE: {
                    "ranges": [[0, 9]],
                    "required_state": [[HERE, HERE]],
                    "filters": {"tags": [HERE]},
                }
            }
        },
    ),
    (SLIDING, {"extensions": {"to_device": {"enabled": True, "since": HERE}}}),
]
_PUTS: list[tuple[str, Any]] = [
    (f"rooms/ROOM/send/{HERE}/{HERE}", {HERE: HERE}),
    ("rooms/ROOM/send/m.room.message/1", {"body": HERE, "msgtype": HERE}),
    ("rooms/ROOM/send/m.room.message/2", {"m.relates_to": {"rel_type": HERE, "event_id": HERE}}),
    ("rooms/ROOM/send/m.reaction/3", {"m.relates_to": {**ANNOTATION, "key": HERE}}),
    ("rooms/ROOM/send/m.room.message/4", {"m.mentions": {"user_ids": [HERE]}}),
    ("rooms/ROOM/send/m.room.encrypted/5", {**MEGOLM, "session_id": HERE, "ciphertext": HERE}),
    (f"rooms/ROOM/state/{HERE}/{HERE}", {HERE: HERE}),
    ("rooms/ROOM/state/m.room.join_rules/", {"join_rule": HERE, "allow": [{"room_id": HERE}]}),
    ("rooms/ROOM/state/m.room.canonical_alias/", {"alias": HERE, "alt_aliases": [HERE]}),
    ("rooms/ROOM/state/m.room.power_levels/", {"users": {HERE: 1}, "events": {HERE: 1}}),
    ("rooms/ROOM/state/m.room.history_visibility/", {"history_visibility": HERE}),
    (f"rooms/ROOM/redact/{HERE}/{HERE}", {"reason": HERE}),
    (f"rooms/ROOM/typing/{HERE}", {"typing": True}),
    (f"directory/room/{HERE}", {"room_id": "ROOM"}),
    ("directory/room/%23a:hold.example", {"room_id": HERE}),
    (f"pushrules/global/override/{HERE}", RULE),
    (f"pushrules/global/override/one?before={HERE}", RULE),
    ("pushrules/global/override/two", {**RULE, "conditions": [{"kind": HERE, "key": HERE}]}),
    ("pushrules/global/content/three", {"actions": ["notify"], "pattern": HERE}),
    ("presence/ME/status", {"presence": "online", "status_msg": HERE}),
    ("profile/ME/displayname", {"displayname": HERE}),
    (f"user/ME/rooms/ROOM/tags/{HERE}", {HERE: HERE}),
]


def requests(text: str) -> list[tuple[str, str, Any]]:
    """Method, path and body of each, with `text` in its place."""
    every: list[tuple[str, str, Any]] = [("GET", path, None) for path in _GETS]
    every += [("POST", *each) for each in _POSTS] + [("PUT", *each) for each in _PUTS]
    safe = quote(text[:2000], safe="")
    return [(method, filled(path, safe), filled(body, text)) for method, path, body in every]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:12]))
async def test_texts_in_every_place(world: World, text: str) -> None:
    """And afterwards the room still works, for those who were not asked."""
    mallory, alice = await world.register("mallory"), await world.register("alice")
    room_id = await create_room(mallory, alice)
    event_id = await say(mallory, room_id, "one")
    for method, path, body in requests(text):
        url = path.replace("ROOM", room_id).replace("EVENT", event_id)
        url = url.replace("ME", mallory.user_id)
        sent = {} if body is None else {"json": filled(body, text)}
        must_be_an_answer(await world.call(method, url, token=mallory.token, **sent))
    for person in (mallory, alice):
        assert (await person.get("sync")).status_code == 200
        assert (await person.get(f"rooms/{room_id}/messages?dir=b&limit=100")).status_code == 200
