"""A process that dies while it makes a room or sends to one: all of it is there, or nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crash.conftest import SetScene
from tests.crash.victims import Scene, Victims
from tests.rooms.inside import create_room
from tests.world import Person, World

TABLES = (
    "rooms",
    "events",
    "room_state",
    "room_members",
    "notifications",
    "encrypted_events",
    "megolm_sessions",
)


@dataclass(frozen=True)
class Cast:
    """Alice and Bob, who are in a room."""

    alice: Person
    bob: Person
    room_id: str


async def furnish(world: World) -> Cast:
    alice, bob = await world.register("alice"), await world.register("bob")
    return Cast(alice, bob, await create_room(alice, bob))


async def look(world: World) -> list[int]:
    """How much there is in every table, and whether the newest event is the one that is named."""

    def count(tx: Any) -> list[int]:
        counts = [tx.value(f"SELECT count(*) FROM {table}") for table in TABLES]
        newest = tx.value("SELECT max(position) FROM events")
        counts.append(int(newest == tx.value("SELECT max(newest_position) FROM rooms")))
        return counts

    found: list[int] = await world.server.context.db.read(count)
    return found


def a_room(cast: Cast) -> dict[str, Any]:
    body = {"name": "Garden", "invite": [cast.bob.user_id], "room_alias_name": "garden"}
    return {"url": "/_matrix/client/v3/createRoom", "json": body}


def a_message(cast: Cast) -> dict[str, Any]:
    url = f"/_matrix/client/v3/rooms/{cast.room_id}/send/m.room.encrypted/1"
    return {"method": "PUT", "url": url, "json": {"algorithm": "m.megolm.v1.aes-sha2"}}


@pytest.mark.parametrize("request_of", [a_room, a_message], ids=["a room", "a message"])
def test_all_of_it_or_nothing(
    request_of: Callable[[Cast], dict[str, Any]], set_scene: SetScene, victims: Victims
) -> None:
    scene: Scene[Cast] = set_scene(furnish)
    see: Callable[[World], Awaitable[list[int]]] = look
    old = scene.seen(see)
    headers = {"authorization": f"Bearer {scene.cast.alice.token}"}
    found = scene.left_behind(victims, see, **request_of(scene.cast), headers=headers)
    new = found[-1]
    for stop_at, state in enumerate(found, 1):
        assert state in (old, new), f"stopped at statement {stop_at}"
    assert new != old, "what was answered has happened"
    assert new[-1] == old[-1] == 1
    assert found.count(old) > 5, "there must have been something to interrupt"
