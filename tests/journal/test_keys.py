"""What is done to an account's keys is in its journal, and nothing of the keys themselves."""

import json
from typing import Any

from tests.device_keys.devices import Device, Identity
from tests.key_backup.backing_up import ALGORITHM, HISTORY, RESTORE, auth_data, key, rooms
from tests.world import EXTRAS, Person, World

STORED = "room_keys/keys?version=1"
DEFAULT_KEY = "m.secret_storage.default_key"


async def journal(alice: Person) -> list[dict[str, Any]]:
    """The entries, the oldest first."""
    answer = await alice.get(f"{EXTRAS}/journal")
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["entries"]))


async def use_every_key(alice: Person) -> list[str]:
    """Set up everything, store, delete and bring back; return what must stay a secret."""
    identity, device = Identity(alice.user_id), Device(alice)
    await device.publish(2, fallback=True)
    await identity.publish(alice)
    data, secret = auth_data(), "ciphertext-of-a-room-key"
    begin = {"algorithm": ALGORITHM, "auth_data": data}
    stored = rooms({("!r:hold.example", "session"): key(secret=secret)})
    of_user = f"user/{alice.user_id}/account_data"
    mine = {"iv": "the-iv", "ciphertext": "ciphertext-of-a-secret", "mac": "the-mac"}
    steps = [
        alice.post("room_keys/version", begin),
        alice.put(STORED, stored),
        alice.delete(STORED),
        alice.put(STORED, stored),
        alice.put(f"{of_user}/m.megolm_backup.v1", {"encrypted": {"one": mine}}),
        alice.put(f"{of_user}/{DEFAULT_KEY}", {"key": "one"}),
        alice.post("room_keys/version", {**begin, "auth_data": auth_data()}),
        alice.delete("room_keys/version/2"),
    ]
    for step in steps:
        answer = await step
        assert answer.status_code == 200, answer.text
    (first, *_) = [
        each for each in (await alice.get(HISTORY)).json()["versions"] if each["version"] == "1"
    ]
    answer = await alice.post(RESTORE, {"id": first["id"], "auth": alice.auth()})
    assert answer.status_code == 200, answer.text
    own_keys = [value["key"] for value in device.one_time_keys(1).values()]
    return [secret, data["public_key"], alice.token, alice.password, *mine.values(), *own_keys]


async def test_keys_of_every_kind(world: World) -> None:
    alice = await world.register("alice")
    await use_every_key(alice)
    entries = await journal(alice)
    assert [(entry["what"], entry["facts"]) for entry in entries[1:]] == [
        ("identity_created", {"keys": ["master", "self_signing", "user_signing"]}),
        ("key_backup_created", {"version": 1}),
        ("room_keys_deleted", {"version": 1, "keys": 1, "rooms": 1}),
        ("secret_storage_changed", {"before": None, "after": "one"}),
        ("key_backup_created", {"version": 2, "superseded": 1, "keys_in_it": 1}),
        ("key_backup_deleted", {"version": 2, "keys": 0}),
        ("key_backup_restored", {"version": 1, "keys": 1}),
    ]
    assert {entry["by_device"] for entry in entries[1:]} == {alice.device_id}
    assert {entry["by_address"] for entry in entries} == {"127.0.0.1"}


async def test_nothing_of_the_keys_is_told(world: World) -> None:
    alice = await world.register("alice")
    secrets = await use_every_key(alice)
    told = json.dumps(await journal(alice))
    assert len(secrets) > 6
    assert [secret for secret in secrets if secret in told] == []


async def test_a_session_that_comes_back(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE")
    await Device(phone).publish(1)
    assert (await alice.delete("devices/PHONE", {"auth": alice.auth()})).status_code == 200
    (removed,) = (await alice.get(HISTORY)).json()["sessions"]
    answer = await alice.post(RESTORE, {"id": removed["id"], "auth": alice.auth()})
    assert answer.status_code == 200, answer.text
    assert [(entry["what"], entry["facts"]) for entry in (await journal(alice))[-2:]] == [
        ("sessions_removed", {"device_ids": ["PHONE"]}),
        ("session_restored", {"device_id": "PHONE"}),
    ]
