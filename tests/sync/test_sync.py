"""What a client is told, and when nothing is to be told."""

import asyncio
from typing import Any

import pytest

from tests.sync.syncing import TYPE, Client, put
from tests.world import Person, World


async def client(world: World) -> Client:
    return Client(await world.register("alice"))


async def test_the_first_answer(world: World) -> None:
    alice = await client(world)
    await put(alice.person, theme="dark")
    answer = (await alice.ask(timeout=30_000)).json()
    events = answer["account_data"]["events"]
    assert [event["type"] for event in events] == ["m.push_rules", TYPE]
    assert events[0]["content"] == (await alice.person.get("pushrules/")).json()
    assert events[1]["content"] == {"theme": "dark"}
    del answer["account_data"]
    assert answer == {
        "next_batch": answer["next_batch"],
        "rooms": {"join": {}, "invite": {}, "knock": {}, "leave": {}},
        "presence": {
            "events": [
                {
                    "type": "m.presence",
                    "sender": alice.person.user_id,
                    "content": {
                        "presence": "online",
                        "last_active_ago": 0,
                        "currently_active": True,
                    },
                }
            ]
        },
        "to_device": {"events": []},
        "device_lists": {"changed": [], "left": []},
        "device_one_time_keys_count": {"signed_curve25519": 0},
        "device_unused_fallback_key_types": [],
        "org.matrix.msc2732.device_unused_fallback_key_types": [],
    }


async def test_afterwards_only_what_changed(world: World) -> None:
    alice = await client(world)
    await put(alice.person, "org.example.old", n=1)
    await alice.sync()
    assert await alice.sync() == {}
    await put(alice.person, n=1)
    await put(alice.person, n=2)
    assert await alice.sync() == {TYPE: {"n": 2}}
    assert await alice.sync() == {}


async def test_the_oldest_change_comes_first(world: World) -> None:
    alice = await client(world)
    await alice.sync()
    for kind in ("b", "c", "a", "b"):
        await put(alice.person, kind)
    assert list(await alice.sync()) == ["c", "a", "b"]


async def test_a_position_can_be_asked_from_again(world: World) -> None:
    """An answer that is lost on its way costs nothing."""
    alice = await client(world)
    await alice.sync()
    await put(alice.person, n=1)
    assert (await alice.ask()).json() == (await alice.ask()).json()


async def test_other_users_data_is_theirs(world: World) -> None:
    alice, bob = await client(world), Client(await world.register("bob"))
    await alice.sync()
    await put(alice.person, secret=True)
    assert TYPE not in await bob.sync()


async def test_data_of_rooms_is_not_the_users(world: World) -> None:
    alice = await client(world)
    await alice.sync()
    me = alice.person
    await me.put(f"user/{me.user_id}/rooms/!a:hold.example/account_data/{TYPE}", {"n": 1})
    assert await alice.sync() == {}


async def test_full_state_tells_everything_at_once(world: World) -> None:
    alice = await client(world)
    await put(alice.person, n=1)
    await alice.sync()
    told = await alice.sync(full_state="true", timeout=30_000)
    assert set(told) == {"m.push_rules", TYPE}
    assert await alice.sync(full_state="false") == {}


@pytest.mark.parametrize(
    "query",
    [
        {"since": ""},
        {"since": "5"},
        {"since": "s-1"},
        {"since": "s01"},
        {"since": "s\N{ARABIC-INDIC DIGIT FOUR}"},
        {"since": "s" + "9" * 30},
        {"since": "s72594_4483_1934"},
        {"since": "s1_"},
        {"since": "s1_1"},
        {"since": "s1_2"},
        {"since": "s2_01"},
        {"since": "s2_-1"},
        {"since": "s2_1 "},
        {"timeout": "soon"},
        {"timeout": "-1"},
        {"timeout": "1e3"},
        {"timeout": "\N{SUPERSCRIPT TWO}"},
        {"timeout": ""},
        {"full_state": "perhaps"},
        {"filter": "unknown"},
        {"filter": "\0"},
        {"filter": '{"account_data": {"limit": 0}}'},
    ],
)
async def test_what_cannot_be_asked(world: World, query: dict[str, str]) -> None:
    alice = await world.register("alice")
    answer = await alice.get("sync", params=query)
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_INVALID_PARAM")


async def test_a_position_from_the_future_is_unknown(world: World) -> None:
    """After a database was put back to an earlier state a client must begin anew."""
    alice = await world.register("alice")
    answer = await alice.get("sync", params={"since": "s999999", "timeout": 30_000})
    assert (answer.status_code, answer.json()["errcode"]) == (400, "M_UNKNOWN_POS")


@pytest.mark.parametrize(
    "query",
    [
        {"set_presence": "offline"},
        {"org.matrix.msc4222.use_state_after": "true"},
        {"use_state_after": "true"},
        {"full_state": ""},
        {"filter": ""},
        {"timeout": 10**17},
    ],
)
async def test_what_stock_clients_ask_besides(world: World, query: dict[str, Any]) -> None:
    assert (await (await client(world)).ask(**query)).status_code == 200


async def test_somebody_has_to_ask(world: World) -> None:
    assert (await world.get("sync")).json()["errcode"] == "M_MISSING_TOKEN"


async def test_a_sync_makes_few_statements(world: World) -> None:
    """Token, token once more in the snapshot, position, device, its queue; then what moved.

    An answer also takes two for the keys that are left.
    """
    alice = await client(world)
    for n in range(20):
        await put(alice.person, f"org.example.{n}", n=n)
    await alice.sync()
    assert await world.count_statements(alice.sync) == 5 + 2
    await put(alice.person, n=1)
    assert await world.count_statements(alice.sync) == 5 + 3 + 2
    alice.since = None
    assert await world.count_statements(alice.sync) == 5 + 5 + 2


async def test_a_sync_that_goes_to_sleep_makes_fewer(world: World) -> None:
    """And, woken for nothing, it does not look its device up again."""
    alice = await client(world)
    laptop = await alice.person.another_session()
    await alice.sync()
    await world.housekeeping()
    world.statements.clear()
    async with alice.waiting() as waiting:
        assert len(world.asked_for()) == 5
        to_laptop: dict[str, Any] = {alice.person.user_id: {laptop.device_id: {}}}
        await laptop.put("sendToDevice/a/1", {"messages": to_laptop})
        await asyncio.sleep(0.1)
        looks = [each for each in world.statements if each.startswith("SELECT number FROM")]
        assert len(looks) == 1
        assert not any("one_time_keys" in each for each in world.statements)
        assert not waiting.done()


async def test_what_clients_ask_at_their_start(world: World) -> None:
    alice = await world.register("alice")
    assert (await alice.get("joined_rooms")).json() == {"joined_rooms": []}
    nothing = {"chunk": [], "total_room_count_estimate": 0}
    assert (await alice.get("publicRooms")).json() == nothing
    assert (await world.get("publicRooms")).json() == nothing
    assert (await alice.post("publicRooms", {"limit": 20})).json() == nothing
    assert (await alice.get("voip/turnServer")).json() == {}
    assert (await alice.get("thirdparty/protocols")).json() == {}


async def test_the_old_version_prefix(world: World) -> None:
    alice: Person = await world.register("alice")
    assert (await alice.get("/_matrix/client/r0/sync")).status_code == 200
