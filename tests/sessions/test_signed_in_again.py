"""What becomes of a session's old tokens when its owner signs in to it again.

A second tab, or a client put back from a backup, still holds them. A hard sign-out would make it
discard the keys it shares with the first.
"""

import asyncio
from typing import Any

import pytest

from tests.world import PASSWORD, Answer, Person, World, person, refused

KEPT = 10


async def sign_in(world: World, **body: Any) -> Person:
    answer = await world.login("alice", device_id="PHONE", **body)
    assert answer.status_code == 200, answer.text
    return person(world, PASSWORD, answer)


def says(answer: Answer, *, soft_logout: bool) -> None:
    refused(answer, 401, "M_UNKNOWN_TOKEN")
    assert answer.json()["soft_logout"] is soft_logout


async def refresh(world: World, tab: Person) -> Answer:
    return await world.post("refresh", {"refresh_token": tab.refresh_token})


async def test_the_old_tokens_are_told_to_sign_in_again(world: World) -> None:
    await world.register("alice")
    old = await sign_in(world, refresh_token=True)
    new = await sign_in(world, refresh_token=True)
    answer = await old.get("account/whoami")
    says(answer, soft_logout=True)
    assert "its keys are still there" in answer.json()["error"]
    says(await refresh(world, old), soft_logout=True)
    says(await old.post("logout"), soft_logout=True)
    assert await new.is_signed_in()
    assert (await refresh(world, new)).status_code == 200


async def test_an_old_refresh_token_does_not_lock_the_session(world: World) -> None:
    """Also one that was used before, and one whose generation the new sign-in has passed."""
    await world.register("alice")
    old = await sign_in(world, refresh_token=True)
    spent = old.refresh_token
    for _ in range(3):
        renewed = (await refresh(world, old)).json()
        old.token, old.refresh_token = renewed["access_token"], renewed["refresh_token"]
        assert await old.is_signed_in()
    new = await sign_in(world, refresh_token=True)
    for _ in range(3):
        for token in (spent, old.refresh_token):
            says(await world.post("refresh", {"refresh_token": token}), soft_logout=True)
        says(await old.get("account/whoami"), soft_logout=True)
        renewed = (await refresh(world, new)).json()
        new.token, new.refresh_token = renewed["access_token"], renewed["refresh_token"]
        assert await new.is_signed_in()
    assert (await new.devices())["PHONE"]["dev.holdfast.state"] == "signed_in"


async def test_a_new_refresh_token_that_is_reused_still_locks_it(world: World) -> None:
    await world.register("alice")
    await sign_in(world, refresh_token=True)
    new = await sign_in(world, refresh_token=True)
    renewed = (await refresh(world, new)).json()
    assert (await world.get("account/whoami", token=renewed["access_token"])).status_code == 200
    says(await refresh(world, new), soft_logout=True)
    says(await world.get("account/whoami", token=renewed["access_token"]), soft_logout=True)


async def test_a_lost_answer_is_survived_after_it_too(world: World) -> None:
    """The pair that was never used must be the new sign-in's, not one of the same generation."""
    await world.register("alice")
    old = await sign_in(world, refresh_token=True)
    assert (await refresh(world, old)).status_code == 200
    new = await sign_in(world, refresh_token=True)
    lost, again = (await refresh(world, new)).json(), (await refresh(world, new)).json()
    assert (await world.get("account/whoami", token=again["access_token"])).status_code == 200
    says(await world.get("account/whoami", token=lost["access_token"]), soft_logout=True)


async def test_a_waiting_sync_ends(world: World) -> None:
    await world.register("alice")
    old = await sign_in(world)
    since = (await old.get("sync")).json()["next_batch"]
    waiting = asyncio.create_task(old.get(f"sync?since={since}&timeout=30000"))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await sign_in(world)
    says(await waiting, soft_logout=True)


async def test_the_tokens_of_the_last_sign_ins_are_remembered(world: World) -> None:
    await world.register("alice")
    tabs = [await sign_in(world, refresh_token=True) for _ in range(KEPT + 2)]
    answers = [await tab.get("account/whoami") for tab in tabs]
    says(answers[0], soft_logout=False)
    says(await refresh(world, tabs[0]), soft_logout=False)
    for answer in answers[1:-1]:
        says(answer, soft_logout=True)
    says(await refresh(world, tabs[1]), soft_logout=True)
    assert answers[-1].status_code == 200
    count = "SELECT count(*) FROM access_tokens WHERE device_id = 'PHONE'"
    kept = await world.server.context.db.read(lambda tx: tx.value(count))
    assert kept == KEPT + 1


@pytest.mark.parametrize("how", ["sign out", "remove"])
async def test_of_a_removed_session_all_are_gone(world: World, how: str) -> None:
    alice = await world.register("alice")
    old, new = await sign_in(world, refresh_token=True), await sign_in(world)
    if how == "sign out":
        await new.post("logout")
    else:
        await alice.delete("devices/PHONE", {"auth": alice.auth()})
    says(await old.get("account/whoami"), soft_logout=False)
    says(await refresh(world, old), soft_logout=False)
    await sign_in(world)
    says(await old.get("account/whoami"), soft_logout=False)


async def test_locking_it_and_signing_in_again(world: World) -> None:
    alice = await world.register("alice")
    old = await sign_in(world, refresh_token=True)
    new = await sign_in(world)
    path = "/_matrix/client/unstable/dev.holdfast/lock_devices"
    await alice.post(path, {"devices": ["PHONE"]})
    back = await sign_in(world)
    for tab in (old, new):
        says(await tab.get("account/whoami"), soft_logout=True)
    says(await refresh(world, old), soft_logout=True)
    assert await back.is_signed_in()
