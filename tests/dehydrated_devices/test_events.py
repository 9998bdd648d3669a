"""What was sent to a dehydrated device, read by a session that takes over from it."""

import vodozemac

from tests.dehydrated_devices.dehydrating import (
    PATH,
    DehydratedDevice,
    all_events,
    events,
)
from tests.device_keys.devices import Device, claim
from tests.sync.syncing import Client
from tests.to_device.mailing import send
from tests.to_device.olm import answered, begin_session, send_encrypted
from tests.world import World


async def test_a_new_session_reads_what_was_sent_meanwhile(world: World) -> None:
    """The whole way: no session is left, keys are sent, a new session decrypts them."""
    alice, bob = await world.register("alice"), Device(await world.register("bob"))
    device = await DehydratedDevice(alice).put(one_time_keys=2)
    await alice.post("logout")
    for n in range(3):  # two one-time keys, then the fallback key
        await send_encrypted(bob, device, await begin_session(bob, device), b"room key %d" % n)
    again = await world.login("alice")
    alice.token, alice.device_id = again.json()["access_token"], again.json()["device_id"]
    kept = (await alice.get(PATH)).json()
    account = vodozemac.Account.from_pickle(kept["device_data"]["device_pickle"], b"k" * 32)
    found = [answered(account, each)[1] for each in await all_events(alice, kept["device_id"])]
    assert found == [b"room key 0", b"room key 1", b"room key 2"]


async def test_the_same_one_again_keeps_what_was_sent_to_it(world: World) -> None:
    """A client that lost the answer puts it once more; keys have been claimed and used by then."""
    alice, bob = await world.register("alice"), Device(await world.register("bob"))
    device = DehydratedDevice(alice)
    body = device.body(one_time_keys=2)
    assert (await alice.put(PATH, body)).status_code == 200
    await send_encrypted(bob, device, await begin_session(bob, device), b"room key")
    assert (await alice.put(PATH, body)).status_code == 200
    (event,) = await all_events(alice, device.device_id)
    assert answered(device.account, event)[1] == b"room key"
    keys = [await claim(bob.person, device), await claim(bob.person, device)]
    left = [key for found in keys for key in found.values()]
    assert ["fallback" in key for key in left] == [False, True]
    assert left[0] in body["one_time_keys"].values()


async def test_its_messages_come_in_pages_and_stay(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    for n in range(120):
        await send(bob, {alice.user_id: {device.device_id: {"n": n}}}, transaction=f"{n}")
    for _ in range(2):  # the one who reads first may not come to the end
        found = await all_events(alice, device.device_id)
        assert [each["content"]["n"] for each in found] == list(range(120))
    first = (await events(alice, device.device_id)).json()
    assert len(first["events"]) == 100
    assert first["events"][0] == {
        "sender": bob.user_id,
        "type": "org.example.ping",
        "content": {"n": 0},
    }
    few = (await events(alice, device.device_id, limit=30)).json()
    assert len(few["events"]) == 30
    many = (await events(alice, device.device_id, limit=10**12)).json()
    assert len(many["events"]) == 100
    last = (await events(alice, device.device_id, next_batch=first["next_batch"])).json()
    end = (await events(alice, device.device_id, next_batch=last["next_batch"])).json()
    assert end == {"events": [], "next_batch": last["next_batch"]}


async def test_clients_of_today_ask_with_get(world: World) -> None:
    """They go on while there is a next_batch; with one in each answer they would never end."""
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    path = f"{PATH}/{device.device_id.replace('/', '%2F')}/events"
    assert (await alice.get(path)).json() == {"events": []}
    for n in range(200):
        await send(bob, {alice.user_id: {device.device_id: {"n": n}}}, transaction=f"{n}")
    pages = [(await alice.get(path)).json()]
    while "next_batch" in pages[-1]:
        pages.append((await alice.get(path, params={"from": pages[-1]["next_batch"]})).json())
    assert [len(page["events"]) for page in pages] == [100, 100, 0]
    few = (await alice.get(path, params={"limit": "2"})).json()
    rest = (await alice.get(path, params={"next_batch": few["next_batch"], "limit": "3"})).json()
    numbers = [event["content"]["n"] for page in (few, rest) for event in page["events"]]
    assert numbers == [0, 1, 2, 3, 4]


async def test_a_session_does_not_get_its_messages(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    device = await DehydratedDevice(alice).put()
    await send(bob, {alice.user_id: {device.device_id: {}}})
    assert (await Client(alice).ask()).json()["to_device"]["events"] == []
