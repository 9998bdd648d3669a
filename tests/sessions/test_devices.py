"""Looking at one's sessions, naming them, signing them out and removing them."""

import asyncio

import pytest

from holdfast.kit.db import DatabaseUnavailable
from holdfast.sessions import last_seen
from tests.world import EXTRAS, World, refused


async def test_what_is_told_of_a_session(world: World) -> None:
    await world.register("alice")
    answer = await world.post(
        "login",
        {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": "alice"},
            "password": "wandering ember stadium",
            "device_id": "PHONE",
            "initial_device_display_name": "Phone",
        },
        headers={"user-agent": "Element/1.2 (Android)"},
    )
    token = answer.json()["access_token"]
    told = (await world.get("devices/PHONE", token=token)).json()
    assert told == {
        "device_id": "PHONE",
        "display_name": "Phone",
        "last_seen_ts": world.clock.now,
        "last_seen_ip": "127.0.0.1",
        "org.matrix.msc3852.last_seen_user_agent": "Element/1.2 (Android)",
        "dev.holdfast.state": "signed_in",
    }
    assert told in (await world.get("devices", token=token)).json()["devices"]


async def test_last_seen_moves_on(world: World) -> None:
    alice = await world.register("alice")
    world.clock.turn(minutes=5)
    await alice.get("account/whoami", headers={"user-agent": "Newer"})
    await world.store_last_seen()
    told = (await alice.devices())[alice.device_id]
    assert told["last_seen_ts"] == world.clock.now
    assert told["org.matrix.msc3852.last_seen_user_agent"] == "Newer"


async def test_a_database_that_is_away_for_a_moment_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await world.register("alice")
    world.clock.turn(minutes=5)
    await alice.get("account/whoami", headers={"user-agent": "Odd\0 one"})

    async def away(_rule: object) -> None:
        raise DatabaseUnavailable("gone")

    monkeypatch.setattr(last_seen, "STORE_EVERY_S", 0.01)
    with monkeypatch.context() as broken:
        broken.setattr(world.server.context.db, "write", away)
        storing = asyncio.create_task(world.server.last_seen.keep_storing())
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.1)
    told = (await alice.devices())[alice.device_id]
    assert told["last_seen_ts"] == world.clock.now
    assert told["org.matrix.msc3852.last_seen_user_agent"] == "Odd one"
    storing.cancel()
    await storing


async def test_a_locked_session_is_not_seen(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    seen = (await alice.devices())[phone.device_id]["last_seen_ts"]
    await alice.post(f"{EXTRAS}/lock_devices", {"devices": [phone.device_id]})
    world.clock.turn(minutes=5)
    await phone.get("account/whoami")
    await world.store_last_seen()
    assert (await alice.devices())[phone.device_id]["last_seen_ts"] == seen


async def test_naming_a_session(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    path = f"devices/{phone.device_id}"
    assert (await alice.put(path, {"display_name": "Télé 📱"})).json() == {}
    assert (await alice.get(path)).json()["display_name"] == "Télé 📱"
    assert (await alice.put(path, {})).status_code == 200
    assert (await alice.get(path)).json()["display_name"] == "Télé 📱"
    refused(await alice.put(path, {"display_name": "x" * 256}), 400, "M_INVALID_PARAM")


async def test_other_peoples_sessions_do_not_exist(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    path = f"devices/{bob.device_id}"
    refused(await alice.get(path), 404, "M_NOT_FOUND")
    refused(await alice.put(path, {"display_name": "mine"}), 404, "M_NOT_FOUND")
    refused(await alice.put(path, {}), 404, "M_NOT_FOUND")
    assert (await alice.delete(path, {"auth": alice.auth()})).status_code == 200
    await alice.post("delete_devices", {"devices": [bob.device_id], "auth": alice.auth()})
    await alice.post(f"{EXTRAS}/lock_devices", {"devices": [bob.device_id]})
    assert await bob.is_signed_in()
    assert list(await alice.devices()) == [alice.device_id]


async def test_removing_one_takes_proof(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    path = f"devices/{phone.device_id}"
    first = await alice.delete(path)
    assert first.status_code == 401
    assert await phone.is_signed_in()
    auth = {**alice.auth(), "session": first.json()["session"]}
    assert (await alice.delete(path, {"auth": auth})).json() == {}
    answer = await phone.get("account/whoami")
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is False


async def test_a_proof_for_one_session_removes_no_other(world: World) -> None:
    alice = await world.register("alice")
    phone, tablet = await alice.another_session(), await alice.another_session()
    first = await alice.delete(f"devices/{phone.device_id}")
    auth = {**alice.auth(), "session": first.json()["session"]}
    answer = await alice.delete(f"devices/{tablet.device_id}", {"auth": auth})
    refused(answer, 403, "M_FORBIDDEN")
    assert await tablet.is_signed_in()


async def test_removing_several(world: World) -> None:
    alice = await world.register("alice")
    others = [await alice.another_session() for _ in range(3)]
    gone = [other.device_id for other in others[:2]]
    first = await alice.post("delete_devices", {"devices": gone})
    assert first.status_code == 401
    auth = {**alice.auth(), "session": first.json()["session"]}
    assert (await alice.post("delete_devices", {"auth": auth})).status_code == 200
    assert set(await alice.devices()) == {alice.device_id, others[2].device_id}
    assert await others[2].is_signed_in()


async def test_no_more_statements_for_many_than_for_one(world: World) -> None:
    alice = await world.register("alice")
    await world.many_sessions(alice, 501)
    few = await world.count_statements(
        lambda: alice.post("delete_devices", {"devices": ["MANY0"], "auth": alice.auth()})
    )
    all_of_them = [f"MANY{number}" for number in range(501)]
    many = await world.count_statements(
        lambda: alice.post("delete_devices", {"devices": all_of_them, "auth": alice.auth()})
    )
    assert many == few
    assert list(await alice.devices()) == [alice.device_id]


@pytest.mark.parametrize("path", ["logout", "/_matrix/client/r0/logout"])
async def test_signing_out_removes_the_session(world: World, path: str) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    assert (await phone.post(path)).json() == {}
    answer = await phone.get("account/whoami")
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is False
    assert list(await alice.devices()) == [alice.device_id]


async def test_signing_out_everywhere(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session()
    bob = await world.register("bob")
    assert (await alice.post("logout/all")).json() == {}
    for session in (alice, phone):
        answer = await session.get("account/whoami")
        assert answer.json()["soft_logout"] is False
    assert await bob.is_signed_in()


async def test_signing_in_again_on_the_same_device(world: World) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE", initial_device_display_name="Mine")
    again = await alice.another_session(device_id="PHONE", initial_device_display_name="Other")
    assert again.device_id == "PHONE"
    answer = await phone.get("account/whoami")
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is True
    assert (await again.devices())["PHONE"]["display_name"] == "Mine"
    assert len(await again.devices()) == 2


async def test_a_request_without_a_token(world: World) -> None:
    for path in ("devices", "account/whoami", "account/3pid", "pushers", "capabilities"):
        refused(await world.get(path), 401, "M_MISSING_TOKEN")
    basic = {"authorization": "Basic YWxpY2U6cGFzcw=="}
    refused(await world.get("devices", headers=basic), 401, "M_MISSING_TOKEN")


async def test_a_token_in_the_query_works_too(world: World) -> None:
    alice = await world.register("alice")
    answer = await world.get(f"account/whoami?access_token={alice.token}")
    assert answer.json()["device_id"] == alice.device_id


async def test_looking_up_a_token_is_one_statement(world: World) -> None:
    alice = await world.register("alice")
    assert await world.count_statements(lambda: alice.get("account/whoami")) == 1
    assert await world.count_statements(lambda: alice.get("devices")) == 2
