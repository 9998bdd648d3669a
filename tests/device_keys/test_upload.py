"""Publishing keys: device keys, one-time keys and fallback keys."""

from typing import Any

from tests.device_keys.devices import SIGNED, Device
from tests.world import Answer, World, refused


async def a_device(world: World, name: str = "alice") -> Device:
    return Device(await world.register(name))


def counted(answer: Answer, count: int, **others: int) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"one_time_key_counts": {SIGNED: count, **others}}


async def test_everything_at_once(world: World) -> None:
    device = await a_device(world)
    body: dict[str, Any] = {
        "device_keys": device.device_keys(),
        "one_time_keys": device.one_time_keys(3),
        "fallback_keys": device.fallback_keys(),
    }
    counted(await device.upload(**body), 3)
    counted(await device.upload(**body), 3)
    counted(await device.upload(), 3)


async def test_one_thing_after_the_other(world: World) -> None:
    device = await a_device(world)
    counted(await device.upload(), 0)
    counted(await device.upload(device_keys=device.device_keys()), 0)
    counted(await device.upload(one_time_keys=device.one_time_keys(2), device_keys=None), 2)
    counted(await device.upload(fallback_keys=device.fallback_keys()), 2)
    counted(await device.upload(**{"org.matrix.msc2732.fallback_keys": device.fallback_keys()}), 2)


async def test_keys_that_nobody_signs(world: World) -> None:
    device = await a_device(world)
    key = device.account.curve25519_key.to_base64()
    counted(await device.upload(one_time_keys={"curve25519:A": key}), 0, curve25519=1)
    refused(await device.upload(one_time_keys={"curve25519:B": "x"}), 400, "M_INVALID_PARAM")
    refused(await device.upload(one_time_keys={"curve25519:B": {}}), 400, "M_INVALID_PARAM")


async def test_the_older_prefix(world: World) -> None:
    device = await a_device(world)
    answer = await device.person.post(
        "/_matrix/client/r0/keys/upload", {"device_keys": device.device_keys()}
    )
    counted(answer, 0)


async def test_a_key_id_is_used_once(world: World) -> None:
    """Clients recognise this answer by its text, and drop their key."""
    device = await a_device(world)
    keys = await device.publish(2)
    name = next(iter(keys))
    other = device.signed({"key": device.account.curve25519_key.to_base64()})
    more = {name: other, **device.one_time_keys(1)}
    answer = await device.upload(one_time_keys=more)
    refused(answer, 400, "M_INVALID_PARAM")
    assert answer.json()["error"].startswith(f"One time key {name} already exists. Old key: {{")
    assert "; new key: {" in answer.json()["error"]
    counted(await device.upload(), 2)


async def test_a_client_that_lost_its_store(world: World) -> None:
    """It has new keys and counts their IDs from the start again."""
    old = await a_device(world)
    await old.publish(3, fallback=True)
    new = Device(old.person)
    refused(await new.upload(one_time_keys=new.one_time_keys(1)), 400, "M_INVALID_SIGNATURE")
    new = Device(old.person)
    counted(await new.upload(device_keys=new.device_keys(), one_time_keys=new.one_time_keys(2)), 2)


async def test_other_algorithms_leave_the_one_time_keys(world: World) -> None:
    device = await a_device(world)
    await device.publish(3)
    keys = device.device_keys(algorithms=["m.olm.v1.curve25519-aes-sha2"])
    counted(await device.upload(device_keys=keys), 3)


async def test_a_hundred_keys_take_no_more_statements_than_one(world: World) -> None:
    device = await a_device(world)
    await device.publish(0)

    async def statements(count: int) -> int:
        keys = device.one_time_keys(count)
        return await world.count_statements(lambda: device.upload(one_time_keys=keys))

    one = await statements(1)
    many = await statements(100)
    assert many == one, world.statements
    assert one <= 7  # token, look, lock, look again, insert, begin, count
