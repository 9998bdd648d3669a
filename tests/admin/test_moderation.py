"""What administrators do to accounts, and what users report to them."""

import asyncio
from typing import Any

import pytest

from holdfast.admin import reports
from holdfast.credentials import rules as credentials
from tests.rooms.inside import act, create_room, do, redact, say, try_to_send
from tests.world import Person, World, refused

V1 = "/_matrix/client/v1/admin"


async def admin(world: World, name: str = "admin") -> Person:
    person = await world.register(name)
    await world.server.context.db.write(
        lambda tx: credentials.set_admin(tx, person.user_id, is_admin=True)
    )
    return person


async def restrict(by: Person, what: str, whom: Person, on: bool = True) -> Any:
    name = {"lock": "locked", "suspend": "suspended"}[what]
    return await by.put(f"{V1}/{what}/{whom.user_id}", {name: on})


async def test_a_locked_account_keeps_everything_and_comes_back(world: World) -> None:
    boss, bob = await admin(world), await world.register("bob")
    room_id = await create_room(boss, bob)
    waiting = asyncio.create_task(bob.get("sync?timeout=30000&since=s0"))
    assert (await restrict(boss, "lock", bob)).json() == {"locked": True}
    await waiting
    answer = await bob.get("account/whoami")
    refused(answer, 401, "M_USER_LOCKED")
    assert answer.json()["soft_logout"] is True
    refused(await world.login(bob.user_id), 401, "M_USER_LOCKED")
    refused(await world.login(bob.user_id, "wrong"), 403, "M_FORBIDDEN")
    assert (await boss.get(f"{V1}/lock/{bob.user_id}")).json() == {"locked": True}
    assert (await restrict(boss, "lock", bob, False)).json() == {"locked": False}
    assert (await bob.get("account/whoami")).json()["device_id"] == bob.device_id
    await say(bob, room_id, "here I am again")


async def test_a_suspended_account_reads_and_leaves(world: World) -> None:
    boss, bob = await admin(world), await world.register("bob")
    room_id, other = await create_room(boss, bob), await create_room(boss)
    mine, theirs = await say(bob, room_id, "mine"), await say(boss, room_id, "theirs")
    assert (await restrict(boss, "suspend", bob)).json() == {"suspended": True}
    refusals = [
        await try_to_send(bob, room_id),
        await act(bob, other, "join"),
        await act(bob, room_id, "invite", user_id=boss.user_id),
        await bob.post("createRoom"),
        await bob.put(f"rooms/{room_id}/state/m.room.name", {"name": "B"}),
        await bob.put(f"profile/{bob.user_id}/displayname", {"displayname": "B"}),
        await bob.put(f"rooms/{room_id}/redact/{theirs}/1", {}),
        await bob.post(f"knock/{other}"),
    ]
    for refusal in refusals:
        refused(refusal, 403, "M_USER_SUSPENDED")
    await redact(bob, room_id, mine)
    assert (await bob.get(f"rooms/{room_id}/messages?dir=b")).status_code == 200
    assert (await bob.get("sync")).status_code == 200
    other_session = await bob.another_session()
    refused(await try_to_send(other_session, room_id), 403, "M_USER_SUSPENDED")
    await do(bob, room_id, "leave")
    assert (await restrict(boss, "suspend", bob, False)).json() == {"suspended": False}
    assert (await act(bob, room_id, "join")).status_code == 200
    await say(other_session, room_id, "again")


async def test_locked_and_suspended_are_two_things(world: World) -> None:
    boss, bob = await admin(world), await world.register("bob")
    room_id = await create_room(boss, bob)
    for what, on in (("suspend", True), ("lock", True), ("lock", True), ("lock", False)):
        assert (await restrict(boss, what, bob, on)).status_code == 200
    refused(await try_to_send(bob, room_id), 403, "M_USER_SUSPENDED")
    entries = await world.server.context.db.read(
        lambda tx: tx.all(
            str,
            "SELECT what FROM journal WHERE user_id = :u AND what LIKE 'account_%' ORDER BY number",
            u=bob.user_id,
        )
    )
    assert entries[1:] == ["account_suspended", "account_locked", "account_unlocked"]


@pytest.mark.parametrize("what", ["lock", "suspend"])
async def test_who_may_not(world: World, what: str) -> None:
    boss, other = await admin(world), await admin(world, "other")
    bob, mallory = await world.register("bob"), await world.register("mallory")
    for user_id in (bob.user_id, "@nobody:hold.example", "@a:other.example"):
        url = f"{V1}/{what}/{user_id}"
        refused(await mallory.get(url), 403, "M_FORBIDDEN")
        refused(await mallory.put(url, {"locked": True, "suspended": True}), 403, "M_FORBIDDEN")
    refused(await restrict(boss, what, other), 403, "M_FORBIDDEN")
    refused(await restrict(boss, what, boss), 403, "M_FORBIDDEN")
    refused(await boss.get(f"{V1}/{what}/@nobody:hold.example"), 404, "M_NOT_FOUND")
    refused(await boss.get(f"{V1}/{what}/@a:other.example"), 400, "M_INVALID_PARAM")
    refused(await boss.put(f"{V1}/{what}/{bob.user_id}", {}), 400, "M_MISSING_PARAM")
    assert await bob.is_signed_in()


async def test_administrators_know_that_they_are(world: World) -> None:
    boss, bob = await admin(world), await world.register("bob")
    for person, able in ((boss, True), (bob, False)):
        found = (await person.get("capabilities")).json()["capabilities"]
        assert found["m.account_moderation"] == {"lock": able, "suspend": able}


async def test_where_a_user_was_seen(world: World) -> None:
    boss, bob = await admin(world), await world.register("bob")
    await bob.get("account/whoami")
    await world.store_last_seen()
    for person in (boss, bob):
        told = (await person.get(f"admin/whois/{bob.user_id}")).json()
        (connection,) = told["devices"][bob.device_id]["sessions"][0]["connections"]
        assert connection["ip"] == "127.0.0.1"
    refused(await bob.get(f"admin/whois/{boss.user_id}"), 403, "M_FORBIDDEN")
    refused(await boss.get("admin/whois/@nobody:hold.example"), 404, "M_NOT_FOUND")


async def told(world: World) -> list[tuple[Any, ...]]:
    found = await world.server.context.db.read(reports.open_reports)
    return [(r.reporter, r.room_id, r.event_id, r.user_id, r.reason) for r in found]


async def test_reports_are_kept_for_the_administrators(world: World) -> None:
    alice, bob, mallory = [await world.register(name) for name in ("alice", "bob", "mallory")]
    room_id = await create_room(alice, bob)
    event = await say(alice, room_id, "rude")
    url = f"rooms/{room_id}/report"
    for path in (url, f"{url}/{event}"):
        assert (await bob.post(path, {"reason": "rude", "score": -100})).json() == {}
    assert (await bob.post(f"users/{alice.user_id}/report", {})).json() == {}
    assert (await bob.post("users/@nobody:hold.example/report", {})).json() == {}
    refused(await mallory.post(f"{url}/{event}", {}), 404, "M_NOT_FOUND")
    refused(await mallory.post(url, {}), 404, "M_NOT_FOUND")
    refused(await bob.post(url, {"reason": "x" * 2001}), 400, "M_INVALID_PARAM")
    refused(await bob.post(url, {"reason": 7}), 400, "M_BAD_JSON")
    assert await told(world) == [
        (bob.user_id, room_id, None, None, "rude"),
        (bob.user_id, room_id, event, alice.user_id, "rude"),
        (bob.user_id, None, None, alice.user_id, ""),
    ]
