"""Everything in the first request: no refusal comes first, because clients do not expect one."""

from typing import Any

import pytest

from tests.world import PASSWORD, World


async def test_removing_a_session_with_the_first_request(world: World) -> None:
    alice = await world.register("alice")
    other = await alice.another_session()
    answer = await alice.delete(f"devices/{other.device_id}", {"auth": alice.auth()})
    assert answer.status_code == 200, answer.text
    assert not await other.is_signed_in()


async def test_removing_several(world: World) -> None:
    alice = await world.register("alice")
    others = [await alice.another_session() for _ in range(3)]
    body = {"devices": [one.device_id for one in others], "auth": alice.auth()}
    assert (await alice.post("delete_devices", body)).status_code == 200
    assert list(await alice.devices()) == [alice.device_id]


async def test_registering_with_a_bare_dummy(world: World) -> None:
    body = {"username": "alice", "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
    assert (await world.post("register", body)).status_code == 200


async def test_a_wrong_try_is_told_with_the_flows(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.change_password("another fine lighthouse", auth=alice.auth("wrong"))
    assert answer.status_code == 401
    told = answer.json()
    assert told["errcode"] == "M_FORBIDDEN"
    assert {"stages": ["m.login.password"]} in told["flows"]
    assert told["completed"] == []
    assert told["session"]


async def test_being_asked_is_no_error(world: World) -> None:
    """Clients show an `errcode` as a failure; the first refusal has none."""
    alice = await world.register("alice")
    answer = await alice.post("account/deactivate")
    assert answer.status_code == 401
    told = answer.json()
    assert "errcode" not in told
    assert told["flows"] == [{"stages": ["m.login.password"]}]
    assert told["params"] == {}


async def test_the_right_password_of_somebody_else(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    answer = await alice.post("account/deactivate", {"auth": bob.auth()})
    assert answer.status_code == 401
    assert await alice.is_signed_in()
    assert await bob.is_signed_in()


MALFORMED: list[Any] = ["x", 7, [], {"type": 7}, {"type": "m.login.password", "password": {}}]
EMPTY: list[Any] = [{}, {"type": "x"}, {"type": "m.login.password"}, {"session": "unknown"}]


@pytest.mark.parametrize(
    ("auth", "status"), [(auth, 400) for auth in MALFORMED] + [(auth, 401) for auth in EMPTY]
)
async def test_what_proves_nothing_is_refused_kindly(world: World, auth: Any, status: int) -> None:
    alice = await world.register("alice")
    answer = await alice.post("account/deactivate", {"auth": auth})
    assert answer.status_code == status
    assert await alice.is_signed_in()
