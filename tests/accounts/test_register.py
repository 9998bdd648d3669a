"""Creating an account."""

import asyncio

import pytest

from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, Answer, World, person, refused

DUMMY = {"type": "m.login.dummy"}


async def register(world: World, **body: object) -> Answer:
    return await world.post("register", {"password": PASSWORD, "auth": DUMMY, **body})


async def test_the_new_account_is_signed_in(world: World) -> None:
    answer = await register(
        world, username="alice", device_id="PHONE", initial_device_display_name="Phone"
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["user_id"] == "@alice:hold.example"
    alice = person(world, PASSWORD, answer)
    assert alice.device_id == "PHONE"
    assert (await alice.devices())["PHONE"]["display_name"] == "Phone"
    assert (await world.login("alice")).status_code == 200


async def test_element_asks_before_it_has_a_name(world: World) -> None:
    flows = await world.post("register", {})
    assert flows.status_code == 401
    assert "errcode" not in flows.json()
    assert {"stages": ["m.login.dummy"]} in flows.json()["flows"]
    assert {"stages": ["m.login.email.identity"]} in flows.json()["flows"]
    assert (await world.get("register/available?username=alice")).json() == {"available": True}
    session = flows.json()["session"]
    answer = await register(world, username="alice", auth={**DUMMY, "session": session})
    assert answer.json()["user_id"] == "@alice:hold.example"


async def test_the_first_body_may_be_left_out_later(world: World) -> None:
    first = await world.post("register", {"username": "alice", "password": PASSWORD})
    answer = await world.post("register", {"auth": {**DUMMY, "session": first.json()["session"]}})
    assert answer.json()["user_id"] == "@alice:hold.example"
    assert (await world.login("alice")).status_code == 200


@pytest.mark.parametrize("name", ["a", "alice.b-c_d=e/f+g", "0123", "a" * 241])
async def test_names_the_specification_allows(world: World, name: str) -> None:
    assert (await register(world, username=name)).json()["user_id"] == f"@{name}:hold.example"
    assert (await world.login(f"@{name}:hold.example")).status_code == 200


@pytest.mark.parametrize(
    "name", ["", "Alice", "al ice", "älice", "a:b", "@alice", "a\0", "_bot", "a" * 242, "a\n", "𝐚"]
)
async def test_names_it_does_not_allow(world: World, name: str) -> None:
    refused(await register(world, username=name), 400, "M_INVALID_USERNAME")
    available = await world.get("register/available", params={"username": name})
    refused(available, 400, "M_INVALID_USERNAME")


async def test_a_name_that_is_taken_is_said_before_anything_is_asked_for(world: World) -> None:
    await world.register("alice")
    refused(await world.post("register", {"username": "alice"}), 400, "M_USER_IN_USE")
    refused(await register(world, username="alice"), 400, "M_USER_IN_USE")
    refused(await world.get("register/available?username=alice"), 400, "M_USER_IN_USE")


async def test_who_chooses_no_name_gets_one(world: World) -> None:
    first, second = await register(world), await register(world)
    assert first.status_code == second.status_code == 200
    assert first.json()["user_id"] != second.json()["user_id"]


async def test_inhibit_login(world: World) -> None:
    answer = await register(world, username="alice", inhibit_login=True)
    assert answer.status_code == 200
    assert answer.json()["user_id"] == "@alice:hold.example"
    assert "access_token" not in answer.json()
    assert "device_id" not in answer.json()
    alice = person(world, PASSWORD, await world.login("alice"))
    assert list(await alice.devices()) == [alice.device_id]


async def test_clients_that_can_refresh_get_a_refresh_token(world: World) -> None:
    assert "refresh_token" not in (await register(world, username="alice")).json()
    body = (await register(world, username="bob", refresh_token=True)).json()
    assert body["refresh_token"]
    assert body["expires_in_ms"] == 3_600_000


async def test_guests_are_refused(world: World) -> None:
    refused(await world.post("register?kind=guest", {}), 403, "M_GUEST_ACCESS_FORBIDDEN")
    assert (await world.post("register?kind=user", {})).status_code == 401


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("seven77", "too_short"),
        ("x" * 513, "too_long"),
        ("password123", "common"),
        ("qwertyuiop", "common"),
        ("alice loves ember", "contains_name"),
        ("ALICE loves ember", "contains_name"),
    ],
)
async def test_weak_passwords_are_refused_before_anything_is_asked_for(
    world: World, password: str, reason: str
) -> None:
    answer = await world.post("register", {"username": "alice", "password": password})
    refused(answer, 400, "M_WEAK_PASSWORD")
    assert answer.json()["dev.holdfast.reason"] == reason
    assert "flows" not in answer.json()
    assert (await world.get("register/available?username=alice")).status_code == 200


async def test_the_policy_can_be_switched_off(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_PASSWORD_POLICY="off") as world:
        assert (await register(world, username="alice", password="1")).status_code == 200
        refused(await register(world, password="x" * 513), 400, "M_WEAK_PASSWORD")


async def test_a_password_is_needed_in_the_end(world: World) -> None:
    answer = await world.post("register", {"username": "alice", "auth": DUMMY})
    refused(answer, 400, "M_MISSING_PARAM")


async def test_a_closed_server(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_REGISTRATION="closed") as world:
        refused(await register(world, username="alice"), 403, "M_FORBIDDEN")


async def test_two_who_want_the_same_name_at_the_same_moment(world: World) -> None:
    answers = await asyncio.gather(*[register(world, username="alice") for _ in range(5)])
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 400, 400, 400, 400]


async def test_a_bad_device_id_is_refused(world: World) -> None:
    for device_id in ("", "x" * 256, "a\nb"):
        answer = await register(world, username="alice", device_id=device_id)
        refused(answer, 400, "M_INVALID_PARAM")
