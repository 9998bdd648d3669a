"""What a client knew and the feed make what a fresh client sees, whatever happens in between.

House rule ("How data flows"): old state plus the feed equals fresh state.
"""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rooms.inside import act, create_room, redact, set_state, try_to_send
from tests.sync.room_client import RoomClient
from tests.world import Person, World

numbers = count()


class Town:
    """Two users with two rooms, and clients of both that fall behind and catch up."""

    def __init__(self, people: list[Person], rooms: list[str]) -> None:
        self.people = people
        self.rooms = rooms
        self.clients = [
            RoomClient(person, state_after=after) for person in people for after in (False, True)
        ]
        self.said: dict[str, list[str]] = {room_id: [] for room_id in rooms}

    async def send(self, person: Person, room_id: str) -> None:
        body = {"msgtype": "m.text", "body": f"{next(numbers)}"}
        await self._note(room_id, await try_to_send(person, room_id, body))

    async def send_many(self, person: Person, room_id: str) -> None:
        for _ in range(4):
            await self.send(person, room_id)

    async def name(self, person: Person, room_id: str) -> None:
        name = {"name": f"{next(numbers)}"}
        await self._note(room_id, await set_state(person, room_id, "m.room.name", name))

    async def hide(self, person: Person, room_id: str) -> None:
        choice = ("shared", "joined", "invited", "world_readable")[next(numbers) % 4]
        said = {"history_visibility": choice}
        await set_state(person, room_id, "m.room.history_visibility", said)

    async def _note(self, room_id: str, answer: Any) -> None:
        if answer.status_code == 200:
            self.said[room_id].append(answer.json()["event_id"])

    async def redact(self, person: Person, room_id: str) -> None:
        if self.said[room_id]:
            event_id = self.said[room_id][-1]
            await person.put(f"rooms/{room_id}/redact/{event_id}/r{next(numbers)}", {})

    async def leave(self, person: Person, room_id: str) -> None:
        await act(person, room_id, "leave")

    async def join(self, person: Person, room_id: str) -> None:
        await act(person, room_id, "join")

    async def _to_the_other(self, person: Person, room_id: str, what: str) -> None:
        other = next(each for each in self.people if each is not person)
        await act(person, room_id, what, user_id=other.user_id)

    async def invite(self, person: Person, room_id: str) -> None:
        await self._to_the_other(person, room_id, "invite")

    async def kick(self, person: Person, room_id: str) -> None:
        await self._to_the_other(person, room_id, "kick")

    async def ban(self, person: Person, room_id: str) -> None:
        await self._to_the_other(person, room_id, "ban")

    async def unban(self, person: Person, room_id: str) -> None:
        await self._to_the_other(person, room_id, "unban")

    async def read(self, person: Person, room_id: str) -> None:
        if self.said[room_id]:
            kind = ("m.read", "m.read.private", "m.fully_read")[next(numbers) % 3]
            await person.post(f"rooms/{room_id}/receipt/{kind}/{self.said[room_id][-1]}")

    async def type(self, person: Person, room_id: str) -> None:
        is_typing = {"typing": next(numbers) % 2 == 0}
        await person.put(f"rooms/{room_id}/typing/{person.user_id}", is_typing)

    async def tag(self, person: Person, room_id: str) -> None:
        url = f"user/{person.user_id}/rooms/{room_id}/tags/u.{next(numbers) % 3}"
        await person.put(url, {"order": 0.5})

    async def rename(self, person: Person, _room_id: str) -> None:
        name = {"displayname": f"{next(numbers)}"}
        await person.put(f"profile/{person.user_id}/displayname", name)

    async def sync(self, person: Person, _room_id: str) -> None:
        limit = next(numbers) % 3 + 1
        for client in self.clients:
            if client.person is person:
                await client.sync(filter=f'{{"room":{{"timeline":{{"limit":{limit}}}}}}}')


OFTEN = ["send", "send_many", "sync", "sync", "join", "invite"]
ACTIONS = [
    *OFTEN,
    *("name", "hide", "redact", "leave", "kick", "ban", "unban", "read", "type", "tag", "rename"),
]
ORDERS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1), st.integers(0, 1)),
    min_size=5,
    max_size=30,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=ORDERS)
async def test_a_client_that_caught_up_knows_what_a_fresh_one_does(
    world: World, order: list[tuple[str, int, int]]
) -> None:
    names = [f"{name}{next(numbers)}" for name in ("alice", "bob")]
    people = [await world.register(name) for name in names]
    levels = {"users_default": 100}
    rooms = [
        await create_room(people[n], preset=preset, power_level_content_override=levels)
        for n, preset in enumerate(("public_chat", "private_chat"))
    ]
    town = Town(people, rooms)
    for what, who, where in order:
        await getattr(town, what)(people[who], rooms[where])
    for client in town.clients:
        await client.sync()
        fresh = RoomClient(client.person, state_after=client.state_after)
        await fresh.sync()
        assert client.knows() == fresh.knows()
        assert await client.sync() == {"join": {}, "invite": {}, "knock": {}, "leave": {}}


async def test_redacted_state_is_told(world: World) -> None:
    """The client model above knows of redactions: here is that it does."""
    alice = await world.register("alice")
    room_id = await create_room(alice, name="Old")
    client = RoomClient(alice)
    await client.sync()
    event_id = client.state[room_id]["m.room.name", ""]["event_id"]
    await redact(alice, room_id, event_id)
    await client.sync()
    fresh = RoomClient(alice)
    await fresh.sync()
    assert client.state == fresh.state
    assert client.state[room_id]["m.room.name", ""]["content"] == {}
