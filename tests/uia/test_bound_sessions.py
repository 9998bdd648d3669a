"""A session is good for the request and the user it was opened for, and for nobody else."""

from typing import Any

import pytest

from tests.world import PASSWORD, Person, World

NEW = "another fine lighthouse"


async def proven(alice: Person) -> str:
    """A session in which Alice has proven who she is, for a change of the account password."""
    body = {"new_password": NEW}
    session = (await alice.post("account/password", body)).json()["session"]
    stage = "/_matrix/client/v3/auth/m.login.password/fallback/web"
    answer = await alice.world.call(
        "POST", stage, data={"session": session, "password": alice.password}
    )
    assert answer.status_code == 200, answer.text
    return str(session)


async def test_it_is_good_for_what_it_was_opened_for(world: World) -> None:
    alice = await world.register("alice")
    auth = {"session": await proven(alice)}
    assert (await alice.post("account/password", {"auth": auth})).status_code == 200


async def test_it_is_not_good_for_another_body(world: World) -> None:
    """Whoever asks somebody to prove who they are for one thing must not get another."""
    alice = await world.register("alice")
    auth = {"session": await proven(alice)}
    other = await alice.post(
        "account/password", {"auth": auth, "new_password": "chosen by mallory"}
    )
    assert other.status_code == 403
    assert (await world.login("alice", "chosen by mallory")).status_code == 403
    same = await alice.post("account/password", {"auth": auth, "new_password": NEW})
    assert same.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "account/deactivate"),
        ("POST", "delete_devices"),
        ("POST", "account/3pid/delete"),
        ("DELETE", "devices/OTHER"),
    ],
)
async def test_it_is_good_for_no_other_endpoint(world: World, method: str, path: str) -> None:
    alice = await world.register("alice")
    await alice.another_session(device_id="OTHER")
    body: dict[str, Any] = {"auth": {"session": await proven(alice)}, "devices": ["OTHER"]}
    answer = await world.call(method, path, json=body, token=alice.token)
    assert answer.status_code == 403
    assert answer.json()["errcode"] == "M_FORBIDDEN"
    assert await alice.is_signed_in()
    assert "OTHER" in await alice.devices()


async def test_it_is_not_good_for_another_session_to_remove(world: World) -> None:
    alice = await world.register("alice")
    for device_id in ("FIRST", "SECOND"):
        await alice.another_session(device_id=device_id)
    session = (await alice.delete("devices/FIRST")).json()["session"]
    answer = await alice.delete("devices/SECOND", {"auth": {**alice.auth(), "session": session}})
    assert answer.status_code == 403
    assert "SECOND" in await alice.devices()


async def test_it_is_not_good_for_another_user(world: World) -> None:
    alice, mallory = await world.register("alice"), await world.register("mallory")
    body = {"auth": {"session": await proven(alice)}, "new_password": NEW}
    assert (await mallory.post("account/password", body)).status_code == 403
    assert (await world.post("account/password", body)).status_code == 403
    assert (await world.login("alice")).status_code == 200
    assert (await world.login("mallory")).status_code == 200


async def test_one_of_nobody_is_not_good_for_somebody(world: World) -> None:
    alice = await world.register("alice")
    session = (await world.post("account/password", {"new_password": NEW})).json()["session"]
    body = {"auth": {**alice.auth(), "session": session}}
    assert (await alice.post("account/password", body)).status_code == 403


async def test_the_version_in_the_path_is_no_difference(world: World) -> None:
    alice = await world.register("alice")
    asked = await alice.post("/_matrix/client/r0/account/password", {"new_password": NEW})
    auth = {**alice.auth(), "session": asked.json()["session"]}
    assert (await alice.post("account/password", {"auth": auth})).status_code == 200


async def test_the_stored_body_can_be_read_by_nobody(world: World) -> None:
    """It holds the new account password until everything is proven."""
    secret = "quite unmistakable tulip"
    first = await world.post("register", {"username": "alice", "password": secret})
    rows = await world.server.context.db.read(
        lambda tx: tx.all(lambda *row: row, "SELECT * FROM uia_sessions")
    )
    assert len(rows) == 1
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in rows[0]
    )
    session = first.json()["session"]
    for known in (secret, "tulip", session, "alice"):
        assert known.encode() not in stored
    auth = {"type": "m.login.dummy", "session": session}
    assert (await world.post("register", {"auth": auth})).status_code == 200
    assert (await world.login("alice", secret)).status_code == 200
    assert secret != PASSWORD
