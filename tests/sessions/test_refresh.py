"""Access tokens that expire, and the refresh tokens that replace them."""

import asyncio

from tests.world import EXTRAS, PASSWORD, Answer, Person, World, person, refused

SECOND = 1000


async def signed_in(world: World) -> Person:
    await world.register("alice")
    answer = await world.login("alice", refresh_token=True)
    assert answer.json()["expires_in_ms"] == 3_600_000
    return person(world, PASSWORD, answer)


async def refresh(world: World, token: str | None) -> Answer:
    return await world.post("refresh", {"refresh_token": token})


async def works(world: World, token: str) -> bool:
    return (await world.get("account/whoami", token=token)).status_code == 200


async def test_an_access_token_expires_and_is_replaced(world: World) -> None:
    alice = await signed_in(world)
    world.clock.turn(ms=3_600_000 - 1)
    assert await alice.is_signed_in()
    world.clock.turn(ms=1)
    answer = await alice.get("account/whoami")
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is True
    new = (await refresh(world, alice.refresh_token)).json()
    assert await works(world, new["access_token"])
    assert new["refresh_token"] != alice.refresh_token
    assert new["expires_in_ms"] == 3_600_000
    devices = await Person(world, "", "", new["access_token"], "").devices()
    assert alice.device_id in devices


async def test_the_old_access_token_ends_when_the_new_one_is_used(world: World) -> None:
    alice = await signed_in(world)
    new = (await refresh(world, alice.refresh_token)).json()
    assert await alice.is_signed_in(), "the answer may have been lost on its way"
    assert await works(world, new["access_token"])
    assert not await alice.is_signed_in()


async def test_a_replaced_access_token_does_not_make_a_client_discard_its_keys(
    world: World,
) -> None:
    """A request may be under way with it, or two of a client's tabs have refreshed at once."""
    alice = await signed_in(world)
    lost = (await refresh(world, alice.refresh_token)).json()
    new = (await refresh(world, alice.refresh_token)).json()
    assert await works(world, new["access_token"])
    for token in (alice.token, lost["access_token"]):
        answer = await world.get("account/whoami", token=token)
        refused(answer, 401, "M_UNKNOWN_TOKEN")
        assert answer.json()["soft_logout"] is True


async def test_a_refresh_token_whose_answer_was_not_lost_locks_the_session(world: World) -> None:
    alice = await signed_in(world)
    first = (await refresh(world, alice.refresh_token)).json()
    second = (await refresh(world, alice.refresh_token)).json()
    answer = await refresh(world, first["refresh_token"])
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is True
    assert not await works(world, second["access_token"]), "whoever has it may be the thief"


async def test_a_lost_answer_is_survived(world: World) -> None:
    alice = await signed_in(world)
    lost = (await refresh(world, alice.refresh_token)).json()
    again = await refresh(world, alice.refresh_token)
    assert again.status_code == 200
    assert await works(world, again.json()["access_token"])
    assert not await works(world, lost["access_token"])
    assert (await refresh(world, again.json()["refresh_token"])).status_code == 200


async def test_an_old_refresh_token_locks_the_session(world: World) -> None:
    alice = await signed_in(world)
    new = (await refresh(world, alice.refresh_token)).json()
    assert await works(world, new["access_token"])
    answer = await refresh(world, alice.refresh_token)
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is True
    for token in (new["refresh_token"], alice.refresh_token):
        answer = await refresh(world, token)
        refused(answer, 401, "M_UNKNOWN_TOKEN")
        assert answer.json()["soft_logout"] is True
    assert not await works(world, new["access_token"])
    back = await world.login("alice", device_id=alice.device_id)
    assert back.json()["device_id"] == alice.device_id


async def test_using_the_new_refresh_token_ends_the_old_one_too(world: World) -> None:
    alice = await signed_in(world)
    second = (await refresh(world, alice.refresh_token)).json()
    third = (await refresh(world, second["refresh_token"])).json()
    refused(await refresh(world, alice.refresh_token), 401, "M_UNKNOWN_TOKEN")
    assert not await works(world, third["access_token"]), "whoever has it may be the thief"


async def test_an_unknown_refresh_token(world: World) -> None:
    answer = await refresh(world, "hfr_made_up")
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is False


async def test_a_removed_sessions_refresh_token(world: World) -> None:
    alice = await signed_in(world)
    await alice.post("logout")
    answer = await refresh(world, alice.refresh_token)
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is False


async def test_two_at_once_leave_one_pair_that_works(world: World) -> None:
    alice = await signed_in(world)
    answers = await asyncio.gather(*[refresh(world, alice.refresh_token) for _ in range(6)])
    assert {answer.status_code for answer in answers} == {200}
    tokens = [answer.json()["access_token"] for answer in answers]
    working = [token for token in tokens if await works(world, token)]
    assert len(working) == 1
    assert (await Person(world, "", "", working[0], "").devices()).keys() >= {alice.device_id}


async def test_refreshing_while_the_session_is_removed(world: World) -> None:
    """Whichever comes first, neither fails in an unforeseen way."""
    alice = await signed_in(world)
    for _ in range(8):
        answer = await world.login("alice", refresh_token=True)
        tablet = person(world, PASSWORD, answer)
        refreshed, gone = await asyncio.gather(
            refresh(world, tablet.refresh_token), tablet.post("logout")
        )
        assert refreshed.status_code in (200, 401), refreshed.text
        assert gone.status_code in (200, 401), gone.text
        assert tablet.device_id not in await alice.devices()


async def test_refreshing_while_the_session_is_locked(world: World) -> None:
    """No token that works comes out of it, whichever comes first."""
    alice = await signed_in(world)
    for number in range(15):
        answer = await world.login("alice", refresh_token=True, device_id=f"D{number}")
        tablet = person(world, PASSWORD, answer)
        locking = alice.post(f"{EXTRAS}/lock_devices", {"devices": [tablet.device_id]})
        refreshed, _locked = await asyncio.gather(refresh(world, tablet.refresh_token), locking)
        if refreshed.status_code == 200:
            assert not await works(world, refreshed.json()["access_token"])
        assert not await tablet.is_signed_in()


async def test_many_rotations(world: World) -> None:
    alice = await signed_in(world)
    newest = {"access_token": alice.token, "refresh_token": alice.refresh_token or ""}
    for _ in range(105):
        answer = await refresh(world, newest["refresh_token"])
        assert answer.status_code == 200
        newest = answer.json()
    assert await works(world, newest["access_token"])
    count = "SELECT count(*) FROM refresh_tokens"
    kept = await world.server.context.db.read(lambda tx: tx.value(count))
    assert kept <= 103, "old refresh tokens must not pile up for ever"
