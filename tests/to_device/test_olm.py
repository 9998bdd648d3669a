"""Two clients exchange a room key, encrypted with Olm, and read what it encrypts."""

from typing import Any

import vodozemac

from tests.device_keys.devices import Device, query
from tests.sync.syncing import Client
from tests.to_device.olm import answered, begin_session, received, send_encrypted
from tests.world import World


async def the_message(client: Client) -> dict[str, Any]:
    """The only one that a sync brings."""
    answer = await client.ask()
    client.take(answer)
    (event,) = answer.json()["to_device"]["events"]
    found: dict[str, Any] = event
    return found


async def test_a_room_key_arrives(world: World) -> None:
    alice, bob = Device(await world.register("alice")), Device(await world.register("bob"))
    await alice.publish(2)
    await bob.publish(2, fallback=True)
    listed = (await query(alice.person, bob.user_id))["device_keys"][bob.user_id][bob.device_id]
    assert listed["keys"][f"curve25519:{bob.device_id}"] == bob.account.curve25519_key.to_base64()
    group = vodozemac.GroupSession()
    session = await begin_session(alice, bob)
    room_key = group.session_key.to_base64().encode()
    await send_encrypted(alice, bob, session, room_key)
    phone, laptop = Client(bob.person), Client(alice.person)
    arrived = await the_message(phone)
    assert (arrived["sender"], arrived["type"]) == (alice.user_id, "m.room.encrypted")
    back, text = answered(bob.account, arrived)
    inbound = vodozemac.InboundGroupSession(vodozemac.SessionKey(text.decode()))
    assert inbound.decrypt(group.encrypt(b"hello")).plaintext == b"hello"
    await send_encrypted(bob, alice, back, b"got it")
    _sender_key, message = received(alice.account, await the_message(laptop))
    assert session.decrypt(message) == b"got it"
    assert (await phone.ask()).json()["device_one_time_keys_count"] == {"signed_curve25519": 1}
