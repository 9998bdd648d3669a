"""What a client does with keys, from the first upload to the last deletion.

Keys and signatures are real; they are made as the tests make them.
"""

from typing import Any, cast

from tests.device_keys.devices import Device, Identity
from tests.key_backup.backing_up import ALGORITHM, auth_data, key
from tests.world import Person
from validation.asking import Asker, Session, unique

ROOM = "!room:hold.example"
OF_USER = "/user/{userId}/account_data/{type}"
OF_ROOM = "/user/{userId}/rooms/{roomId}/account_data/{type}"
VERSION = "/room_keys/version/{version}"
ALL = "/room_keys/keys"
ONE_ROOM = f"{ALL}/{{roomId}}"
ONE_KEY = f"{ONE_ROOM}/{{sessionId}}"


def tell(asker: Asker) -> None:
    """Make every request."""
    alice, bob = asker.register(unique("alice")), asker.register(unique("bob"))
    since = alice.ask("GET", "/sync")["next_batch"]
    _keys(alice, bob)
    _messages(alice, bob)
    _account_data(alice, bob)
    _sync(alice, bob, since)
    _backup(alice)


def _device(session: Session) -> Device:
    return Device(cast("Person", session))  # only its user ID and device ID are looked at


def _keys(alice: Session, bob: Session) -> None:
    phone, laptop, bobs = _device(alice), _device(alice.asker.sign_in(alice.user_id)), _device(bob)
    for session, device in ((alice, phone), (bob, bobs), (_session_of(laptop), laptop)):
        body = {
            "device_keys": device.device_keys(),
            "one_time_keys": device.one_time_keys(2),
            "fallback_keys": device.fallback_keys(),
        }
        session.ask("POST", "/keys/upload", body)
    alice.ask("POST", "/keys/upload", {})
    foreign = {"device_keys": bobs.device_keys()}
    alice.ask("POST", "/keys/upload", foreign, status=400)
    for wanted in (alice, bob):
        identity = Identity(wanted.user_id)
        wanted.ask("POST", "/keys/device_signing/upload", identity.all_keys())
        if wanted is alice:
            _signatures(alice, bob, phone, identity)
    another = Identity(alice.user_id).all_keys()
    alice.ask("POST", "/keys/device_signing/upload", another, status=401)
    unsigned = {**another, "self_signing_key": Identity(alice.user_id).self_signing_key}
    unsigned["auth"] = alice.proof()
    alice.ask("POST", "/keys/device_signing/upload", unsigned, status=400)
    everybody = {each.user_id: list[str]() for each in (alice, bob)}
    bob.ask("POST", "/keys/query", {"device_keys": {**everybody, "@nobody:hold.example": []}})
    alice.ask("POST", "/keys/query", {"device_keys": everybody})
    for algorithm in ("signed_curve25519",) * 4 + (
        "unknown",
    ):  # the last ones are the fallback key
        claimed = {bob.user_id: {bob.device_id: algorithm}}
        alice.ask("POST", "/keys/claim", {"one_time_keys": claimed})


def _session_of(device: Device) -> Session:
    return cast("Session", device.person)


def _signatures(alice: Session, bob: Session, phone: Device, identity: Identity) -> None:
    signed = identity.sign(phone.device_keys(), identity.self_signing)
    master = phone.signed(identity.master_key)
    (master_id,) = identity.master_key["keys"].values()
    good = {phone.device_id: signed, master_id: master}
    path = "/keys/signatures/upload"
    alice.ask("POST", path, {alice.user_id: good})
    bad = {alice.user_id: {"NOTHERE": signed}, bob.user_id: {bob.device_id: signed}}
    alice.ask("POST", path, bad)


def _messages(alice: Session, bob: Session) -> None:
    path = "/sendToDevice/{eventType}/{txnId}"
    for target in (bob.device_id, "*"):
        body = {"messages": {bob.user_id: {target: {"text": "hello"}}}}
        alice.ask("PUT", path, body, eventType="org.example.hello", txnId=f"to {target}")
    alice.ask("PUT", path, {}, eventType="org.example.hello", txnId="bad", status=400)


def _account_data(alice: Session, bob: Session) -> None:
    mine = {"userId": alice.user_id, "type": "org.example.note"}
    for path, names in ((OF_USER, mine), (OF_ROOM, {**mine, "roomId": ROOM})):
        alice.ask("GET", path, status=404, **names)
        alice.ask("PUT", path, {"text": "kept"}, **names)
        alice.ask("GET", path, **names)
        bob.ask("GET", path, status=403, **names)
        bob.ask("PUT", path, {}, status=403, **names)
        alice.ask("PUT", path, [], status=400, **names)
    alice.ask("PUT", OF_USER, {}, status=405, userId=alice.user_id, type="m.push_rules")
    alice.ask("GET", OF_USER, userId=alice.user_id, type="m.push_rules")
    wrong = {**mine, "roomId": "no room"}
    alice.ask("GET", OF_ROOM, status=400, **wrong)
    alice.ask("PUT", OF_ROOM, {}, status=400, **wrong)


def _sync(alice: Session, bob: Session, since: str) -> None:
    path = "/user/{userId}/filter"
    wanted = {"room": {"timeline": {"limit": 5}}, "account_data": {"not_types": ["m.x"]}}
    made = alice.ask("POST", path, wanted, userId=alice.user_id)["filter_id"]
    one = f"{path}/{{filterId}}"
    alice.ask("GET", one, userId=alice.user_id, filterId=made)
    alice.ask("GET", one, userId=alice.user_id, filterId="none", status=404)
    alice.ask("GET", "/sync", query={"filter": made, "full_state": "true"})
    news = alice.ask("GET", "/sync", query={"since": since, "timeout": "0"})
    alice.ask("GET", "/keys/changes", query={"from": since, "to": news["next_batch"]})
    alice.ask("GET", "/keys/changes", query={"from": "nonsense", "to": since}, status=400)
    bob.ask("GET", "/sync")
    bob.ask("GET", "/sync", query={"since": "nonsense"}, status=400)


def _backup(alice: Session) -> None:
    alice.ask("GET", "/room_keys/version", status=404)
    body = {"algorithm": ALGORITHM, "auth_data": auth_data()}
    old = alice.ask("POST", "/room_keys/version", body)["version"]
    new = alice.ask("POST", "/room_keys/version", body)["version"]
    alice.ask("GET", "/room_keys/version")
    alice.ask("GET", VERSION, version=new)
    alice.ask("PUT", VERSION, {**body, "version": new}, version=new)
    alice.ask("PUT", VERSION, {**body, "version": old}, version=new, status=400)
    alice.ask("PUT", VERSION, {**body, "version": "99"}, version="99", status=404)
    alice.ask("GET", VERSION, version="99", status=404)
    _stored_keys(alice, old, new)
    alice.ask("DELETE", VERSION, version=new)
    alice.ask("DELETE", VERSION, version="99", status=404)
    alice.ask("GET", VERSION, version=new, status=404)


def _stored_keys(alice: Session, old: str, new: str) -> None:
    one: dict[str, Any] = key()
    room = {"sessions": {"session": one}}
    levels: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
        (ONE_KEY, one, {"roomId": ROOM, "sessionId": "session"}),
        (ONE_ROOM, room, {"roomId": ROOM}),
        (ALL, {"rooms": {ROOM: room}}, {}),
    )
    for path, body, names in levels:
        query = {"version": new}
        alice.ask("PUT", path, body, query=query, **names)
        alice.ask("GET", path, query=query, **names)
        alice.ask("PUT", path, body, query={"version": old}, status=403, **names)
        alice.ask("PUT", path, body, query={"version": "99"}, status=404, **names)
        alice.ask("GET", path, query={"version": "99"}, status=404, **names)
        alice.ask("DELETE", path, query={"version": "99"}, status=404, **names)
        alice.ask("DELETE", path, query=query, **names)
        status = 404 if path == ONE_KEY else 200  # of a room or of all there may be none
        alice.ask("GET", path, query=query, status=status, **names)
