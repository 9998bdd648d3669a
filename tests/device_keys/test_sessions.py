"""What becomes of published keys when a session is locked, removed, or brought back."""

from holdfast.device_keys import listing
from holdfast.kit.db import Tx
from holdfast.sessions import rules as sessions
from tests.device_keys.devices import SIGNED, Device, Identity, claim, query
from tests.world import World

NEW = "nimbus orchard vagrant"


async def a_phone(world: World) -> tuple[Device, Device]:
    """Somebody's second session, with keys, and somebody else."""
    alice = await world.register("alice")
    phone = Device(await alice.another_session(device_id="PHONE"))
    await phone.publish(3)
    return phone, Device(await world.register("bob"))


async def test_a_locked_sessions_keys_stay(world: World) -> None:
    phone, bob = await a_phone(world)
    alice = (await world.login("alice")).json()
    assert alice["user_id"] == phone.user_id
    body = {"auth": phone.person.auth(), "new_password": NEW, "logout_devices": True}
    answer = await world.post("account/password", body, token=alice["access_token"])
    assert answer.status_code == 200, answer.text
    assert not await phone.person.is_signed_in()
    found = (await query(bob.person, phone.user_id))["device_keys"][phone.user_id]
    assert found["PHONE"]["keys"] == phone.device_keys()["keys"]
    assert len(await claim(bob.person, phone)) == 1
    phone.person.password = NEW
    phone.person = await phone.person.another_session(device_id="PHONE")
    answer = await phone.upload()
    assert answer.json() == {"one_time_key_counts": {SIGNED: 2}}


async def test_a_removed_sessions_keys_are_gone_until_it_is_brought_back(world: World) -> None:
    phone, bob = await a_phone(world)
    identity = Identity(phone.user_id)
    await identity.publish(phone.person)
    signed = identity.sign(phone.device_keys(), identity.self_signing)
    await phone.person.post("keys/signatures/upload", {phone.user_id: {"PHONE": signed}})
    before = await query(bob.person, phone.user_id)
    assert before["device_keys"] == {phone.user_id: {"PHONE": signed}}
    claimed = await claim(bob.person, phone)
    await phone.person.post("logout")
    assert (await query(bob.person, phone.user_id))["device_keys"] == {phone.user_id: {}}
    assert await claim(bob.person, phone) == {}

    def restore(tx: Tx) -> str | None:
        (removed,) = listing.removed(tx, phone.user_id)
        return sessions.restore(tx, phone.user_id, removed.number, world.clock.now)

    assert await world.server.context.db.write(restore) == "PHONE"
    assert await query(bob.person, phone.user_id) == before
    for _ in range(2):
        claimed = {**claimed, **await claim(bob.person, phone)}
    assert len(claimed) == 3
    assert await claim(bob.person, phone) == {}


async def test_another_session_of_the_same_name_has_none_of_them(world: World) -> None:
    phone, bob = await a_phone(world)
    identity = Identity(phone.user_id)
    await identity.publish(phone.person)
    signed = identity.sign(phone.device_keys(), identity.self_signing)
    await phone.person.post("keys/signatures/upload", {phone.user_id: {"PHONE": signed}})
    await phone.person.post("logout")
    new = Device(await phone.person.another_session(device_id="PHONE"))
    assert (await query(bob.person, phone.user_id))["device_keys"] == {phone.user_id: {}}
    assert await claim(bob.person, phone) == {}
    await new.publish(1)
    found = (await query(bob.person, phone.user_id))["device_keys"]
    assert found == {phone.user_id: {"PHONE": new.device_keys()}}
    assert len(await claim(bob.person, phone)) == 1
    assert await claim(bob.person, phone) == {}
