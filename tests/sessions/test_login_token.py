"""Signing another client in with a token instead of the account password."""

from tests.world import World, refused

PATH = "/_matrix/client/v1/login/get_token"


async def test_it_signs_in_once(world: World) -> None:
    alice = await world.register("alice")
    body = {"type": "m.login.token", "token": await alice.login_token(), "device_id": "TABLET"}
    answer = await world.post("login", body)
    assert (answer.json()["user_id"], answer.json()["device_id"]) == (alice.user_id, "TABLET")
    refused(await world.post("login", body), 403, "M_FORBIDDEN")


async def test_it_expires_after_two_minutes(world: World) -> None:
    alice = await world.register("alice")
    answer = await alice.post(PATH, {"auth": alice.auth()})
    assert answer.json()["expires_in_ms"] == 120_000
    world.clock.turn(minutes=2)
    body = {"type": "m.login.token", "token": answer.json()["login_token"]}
    refused(await world.post("login", body), 403, "M_FORBIDDEN")


async def test_an_access_token_alone_gets_none(world: World) -> None:
    alice = await world.register("alice")
    first = await alice.post(PATH, {})
    assert first.status_code == 401
    assert first.json()["flows"] == [{"stages": ["m.login.password"]}]
    session = first.json()["session"]
    done = await alice.post(PATH, {"auth": {**alice.auth(), "session": session}})
    assert done.status_code == 200
    again = await alice.post(PATH, {"auth": {"session": session}})
    assert again.status_code == 401, "one proof, one token"


async def test_an_unknown_or_missing_token(world: World) -> None:
    refused(await world.post("login", {"type": "m.login.token", "token": "x"}), 403, "M_FORBIDDEN")
    refused(await world.post("login", {"type": "m.login.token"}), 400, "M_MISSING_PARAM")


async def test_it_ends_with_the_account(world: World) -> None:
    alice = await world.register("alice")
    token = await alice.login_token()
    await alice.post("account/deactivate", {"auth": alice.auth()})
    refused(
        await world.post("login", {"type": "m.login.token", "token": token}), 403, "M_FORBIDDEN"
    )


async def test_signing_out_everywhere_ends_it(world: World) -> None:
    alice = await world.register("alice")
    token = await alice.login_token()
    await alice.post("logout/all")
    refused(
        await world.post("login", {"type": "m.login.token", "token": token}), 403, "M_FORBIDDEN"
    )
