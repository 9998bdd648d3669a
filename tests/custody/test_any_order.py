"""Whatever happens in whatever order, the report counts what a recount from every message counts.

People come and go, hide and show a room's history, send, redact, and store keys that begin earlier
or later; the report keeps its numbers up while that happens.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vodozemac import GroupSession

from holdfast.custody import coverage
from tests.key_backup.backing_up import begin, current, key, put, rooms
from tests.rooms.inside import act, create_room, set_state, try_to_send
from tests.world import Person, World

ENCRYPTED = "m.room.encrypted"
MEGOLM = "m.megolm.v1.aes-sha2"
numbers = count()


@dataclass
class Town:
    """Two users, of one of them two sessions, in two rooms."""

    sessions: list[Person]
    room_ids: list[str]
    megolm: dict[tuple[str, str], GroupSession] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)

    async def send(self, me: Person, room_id: str) -> None:
        session = self.megolm.setdefault((me.device_id, room_id), GroupSession())
        content = {
            "algorithm": MEGOLM,
            "ciphertext": session.encrypt(b"secret").to_base64(),
            "session_id": session.session_id,
        }
        await self._send(me, room_id, content)

    async def send_what_nobody_can_tell(self, me: Person, room_id: str) -> None:
        await self._send(me, room_id, {"algorithm": MEGOLM})

    async def _send(self, me: Person, room_id: str, content: dict[str, str]) -> None:
        answer = await try_to_send(me, room_id, content, kind=ENCRYPTED)
        if answer.status_code == 200:
            self.said.setdefault(room_id, []).append(answer.json()["event_id"])

    async def begin_a_session(self, me: Person, room_id: str) -> None:
        self.megolm.pop((me.device_id, room_id), None)

    async def redact(self, me: Person, room_id: str) -> None:
        said = self.said.get(room_id, [])
        if said:
            event_id = said.pop(next(numbers) % len(said))
            await me.put(f"rooms/{room_id}/redact/{event_id}/r{next(numbers)}", {})

    async def back_up(self, me: Person, room_id: str) -> None:
        version = (await current(me))["version"]
        first = next(numbers) % 3
        keys = {
            (room, session.session_id): key(first)
            for (_device, room), session in self.megolm.items()
            if room == room_id
        }
        await put(me, version, rooms(keys))

    async def begin_a_backup(self, me: Person, _room_id: str) -> None:
        await begin(me)

    async def delete_keys(self, me: Person, room_id: str) -> None:
        version = (await current(me))["version"]
        await me.delete(f"room_keys/keys/{room_id}?version={version}")

    async def hide(self, me: Person, room_id: str) -> None:
        choice = ("shared", "joined", "invited", "world_readable")[next(numbers) % 4]
        said = {"history_visibility": choice}
        await set_state(me, room_id, "m.room.history_visibility", said)

    async def leave(self, me: Person, room_id: str) -> None:
        await act(me, room_id, "leave")

    async def join(self, me: Person, room_id: str) -> None:
        await act(me, room_id, "join")

    async def forget(self, me: Person, room_id: str) -> None:
        await act(me, room_id, "forget")


Step = tuple[Callable[[Town, Person, str], Awaitable[None]], int, int]
ACTIONS = (
    Town.send,
    Town.send_what_nobody_can_tell,
    Town.begin_a_session,
    Town.redact,
    Town.back_up,
    Town.begin_a_backup,
    Town.delete_keys,
    Town.hide,
    Town.leave,
    Town.join,
    Town.forget,
)
STEPS = st.lists(
    st.tuples(
        # Sending is what most of life is: half of all steps.
        st.one_of(st.just(Town.send), st.sampled_from(ACTIONS)),
        st.integers(0, 2),
        st.integers(0, 1),
    ),
    min_size=5,
    max_size=30,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_the_report_counts_what_a_recount_counts(world: World, steps: list[Step]) -> None:
    number = next(numbers)
    alice, bob = await world.register(f"alice{number}"), await world.register(f"bob{number}")
    sessions = [alice, await alice.another_session(), bob]
    for person in (alice, bob):
        await begin(person)
    town = Town(sessions, [await create_room(alice, bob), await create_room(bob, alice)])
    for act_, who, where in steps:
        await act_(town, sessions[who], town.room_ids[where])
    for person in (alice, bob):
        read, user_id = world.server.context.db.read, person.user_id
        report = await read(partial(coverage.coverage, user_id=user_id))
        assert report == await read(partial(coverage.recounted, user_id=user_id))
