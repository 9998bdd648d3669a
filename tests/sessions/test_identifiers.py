"""Every way to say who signs in, old spellings too."""

from typing import Any

import pytest

from holdfast.credentials import rules as credentials
from tests.fixtures.worlds import MakeWorld
from tests.world import PASSWORD, Answer, World, refused

MAIL = "alice@example.org"
USER = "@alice:hold.example"


async def login(world: World, path: str = "login", **who: Any) -> Answer:
    return await world.post(path, {"type": "m.login.password", "password": PASSWORD, **who})


@pytest.mark.parametrize(
    "who",
    [
        {"identifier": {"type": "m.id.user", "user": "alice"}},
        {"identifier": {"type": "m.id.user", "user": " @Alice:HOLD.example "}},
        {"identifier": {"type": "m.id.thirdparty", "medium": "email", "address": MAIL}},
        {"identifier": {"type": "m.id.thirdparty", "medium": "email", "address": MAIL.upper()}},
        {"identifier": {"type": "m.id.thirdparty", "medium": "msisdn", "address": "4915112345678"}},
        {"identifier": {"type": "m.id.phone", "country": "DE", "phone": "0151 1234 5678"}},
        {"identifier": {"type": "m.id.phone", "country": "de", "number": "0151 12345678"}},
        {"identifier": {"type": "m.id.phone", "country": "GB", "phone": "+49 151 12345678"}},
        {"user": "alice"},
        {"user": USER},
        {"medium": "email", "address": MAIL},
    ],
)
async def test_all_lead_to_the_account(world: World, who: dict[str, Any]) -> None:
    await world.register("alice", email=MAIL)
    number = "4915112345678"
    await world.server.context.db.write(
        lambda tx: credentials.add_address(tx, USER, "msisdn", number, validated_at=1, now=1)
    )
    answer = await login(world, **who)
    assert answer.json().get("user_id") == USER, answer.text


@pytest.mark.parametrize(
    ("who", "errcode"),
    [
        ({}, "M_MISSING_PARAM"),
        ({"identifier": {"type": "m.id.user"}}, "M_MISSING_PARAM"),
        ({"identifier": {"type": "m.id.thirdparty", "medium": "email"}}, "M_MISSING_PARAM"),
        ({"identifier": {"type": "m.id.phone", "country": "DE"}}, "M_MISSING_PARAM"),
        ({"identifier": {"type": "m.id.seal", "user": "alice"}}, "M_INVALID_PARAM"),
        (
            {"identifier": {"type": "m.id.thirdparty", "medium": "fax", "address": "1"}},
            "M_INVALID_PARAM",
        ),
        (
            {"identifier": {"type": "m.id.phone", "country": "DE", "phone": "me"}},
            "M_INVALID_PARAM",
        ),
    ],
)
async def test_what_is_no_identifier(world: World, who: dict[str, Any], errcode: str) -> None:
    refused(await login(world, **who), 400, errcode)


async def test_a_user_of_another_server(world: World) -> None:
    await world.register("alice")
    refused(await world.login("@alice:elsewhere.example"), 403, "M_FORBIDDEN")


@pytest.mark.parametrize("prefix", ["r0", "v1", "v3"])
async def test_every_prefix_that_clients_call(world: World, prefix: str) -> None:
    await world.register("alice")
    answer = await login(world, f"/_matrix/client/{prefix}/login", user="alice")
    if prefix == "v1":
        refused(answer, 404, "M_UNRECOGNIZED")
        return
    assert answer.status_code == 200


async def test_a_server_whose_name_has_capital_letters(make_world: MakeWorld) -> None:
    async with make_world(HOLDFAST_SERVER_NAME="Hold.Example") as world:
        alice = await world.register("alice")
        assert alice.user_id == "@alice:Hold.Example"
        for name in ("alice", alice.user_id, "@ALICE:hold.example"):
            assert (await world.login(name)).json().get("user_id") == alice.user_id


async def test_a_type_that_is_not_offered(world: World) -> None:
    refused(await world.post("login", {"type": "m.login.cas"}), 400, "M_UNKNOWN")


async def test_the_ways_to_sign_in(world: World) -> None:
    flows = (await world.get("login")).json()["flows"]
    assert {flow["type"] for flow in flows} >= {"m.login.password", "m.login.token"}


async def test_a_missing_password_is_named(world: World) -> None:
    who = {"type": "m.id.user", "user": "alice"}
    answer = await world.post("login", {"type": "m.login.password", "identifier": who})
    refused(answer, 400, "M_MISSING_PARAM")


async def test_a_deactivated_account_says_so_to_its_owner_alone(world: World) -> None:
    alice = await world.register("alice")
    await alice.post("account/deactivate", {"auth": alice.auth()})
    refused(await world.login("alice", "wrong"), 403, "M_FORBIDDEN")
    refused(await world.login("alice"), 403, "M_USER_DEACTIVATED")


async def test_passwords_are_hashed_anew_when_the_parameters_rise(world: World) -> None:
    await world.register("alice")
    old = await stored_hash(world)
    await world.login("alice")
    assert await stored_hash(world) == old
    world.server.context.hasher.close()
    raised = type(world.server.context.hasher)(64, 2)
    object.__setattr__(world.server.context, "hasher", raised)
    assert (await world.login("alice", "wrong")).status_code == 403
    assert await stored_hash(world) == old
    assert (await world.login("alice")).status_code == 200
    new = await stored_hash(world)
    assert "t=1" in old
    assert "t=2" in new
    assert (await world.login("alice")).status_code == 200


async def stored_hash(world: World) -> str:
    account = await world.server.context.db.read(lambda tx: credentials.account(tx, USER))
    assert account is not None
    return account.password_hash or ""
