"""What users see of a room's history, held against a simple model of the specification's text."""

from dataclasses import dataclass
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rooms.inside import act, create_room, set_state, try_to_send
from tests.world import Person, World, refused

numbers = count()
VISIBILITIES = ("world_readable", "shared", "invited", "joined")


@dataclass(frozen=True)
class Sent:
    """A message, the visibility when it was sent, and what the reader was then."""

    event_id: str
    visibility: str
    membership: str


def may_see(sent: Sent, later: list[str]) -> bool:
    """Client-Server API, "Room History Visibility"; `later` are the reader's memberships since."""
    if sent.membership == "join" or sent.visibility == "world_readable":
        return True
    if sent.visibility == "invited":
        return sent.membership == "invite"
    return sent.visibility == "shared" and "join" in later


class Story:
    """A room, its owner, and somebody who comes, goes and reads."""

    def __init__(self, owner: Person, reader: Person, room_id: str) -> None:
        self.owner = owner
        self.reader = reader
        self.room_id = room_id
        self.visibility = "shared"
        self.membership = "leave"
        self.sent: list[Sent] = []
        self.memberships: list[list[str]] = []

    async def say(self) -> None:
        text = {"msgtype": "m.text", "body": f"{next(numbers)}"}
        event_id = (await try_to_send(self.owner, self.room_id, text)).json()["event_id"]
        self.sent.append(Sent(event_id, self.visibility, self.membership))
        self.memberships.append([])

    async def show(self, visibility: str) -> None:
        said = {"history_visibility": visibility}
        answer = await set_state(self.owner, self.room_id, "m.room.history_visibility", said)
        assert answer.status_code == 200
        self.visibility = visibility

    async def become(self, what: str) -> None:
        by = self.reader if what in ("join", "leave") else self.owner
        body = {} if by is self.reader else {"user_id": self.reader.user_id}
        answer = await act(by, self.room_id, what, **body)
        if answer.status_code == 200:
            self.membership = {"kick": "leave", "unban": "leave"}.get(what, what)
            for later in self.memberships:
                later.append(self.membership)

    def visible(self) -> set[str]:
        pairs = zip(self.sent, self.memberships, strict=True)
        return {sent.event_id for sent, later in pairs if may_see(sent, later)}


STEPS = st.lists(
    st.sampled_from(
        ["say", "say", "join", "leave", "invite", "kick", "ban", "unban", *VISIBILITIES]
    ),
    min_size=3,
    max_size=25,
)


async def read(story: Story) -> set[str]:
    """Every message that the reader finds by going back from the newest, two events at a time."""
    found, start = set[str](), None
    url = f"rooms/{story.room_id}/messages"
    while True:
        params = {"dir": "b", "limit": "2"} | ({"from": start} if start else {})
        answer = await story.reader.get(url, params=params)
        if answer.status_code == 403:
            return found
        body = answer.json()
        found |= {e["event_id"] for e in body["chunk"] if e["type"] == "m.room.message"}
        start = body.get("end")
        if start is None:
            return found


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
async def test_every_way_of_reading_shows_the_same(world: World, steps: list[str]) -> None:
    owner = await world.register(f"owner{next(numbers)}")
    reader = await world.register(f"reader{next(numbers)}")
    story = Story(owner, reader, await create_room(owner))
    for step in steps:
        if step == "say":
            await story.say()
        elif step in VISIBILITIES:
            await story.show(step)
        else:
            await story.become(step)
    expected = story.visible()
    assert await read(story) == expected
    for sent in story.sent:
        for what in ("event", "context"):
            answer = await story.reader.get(f"rooms/{story.room_id}/{what}/{sent.event_id}")
            assert (answer.status_code == 200) == (sent.event_id in expected), answer.text


async def test_strangers_see_nothing(world: World) -> None:
    """And are not told whether there is such a room."""
    alice, mallory = await world.register("alice"), await world.register("mallory")
    room_id = await create_room(alice)
    for room in (room_id, "!nothing:hold.example"):
        for what in ("messages?dir=b", "state", "members", "joined_members", "aliases"):
            refused(await mallory.get(f"rooms/{room}/{what}"), 403, "M_FORBIDDEN")
        refused(await mallory.get(f"rooms/{room}/state/m.room.name"), 403, "M_FORBIDDEN")
        url = f"/_matrix/client/v1/rooms/{room}"
        refused(await mallory.get(f"{url}/threads"), 403, "M_FORBIDDEN")
        refused(await mallory.get(f"{url}/timestamp_to_event?ts=0&dir=f"), 403, "M_FORBIDDEN")
        refused(await mallory.get(f"{url}/relations/$nothing"), 404, "M_NOT_FOUND")


async def test_a_room_that_anybody_may_read(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice)
    await set_state(
        alice, room_id, "m.room.history_visibility", {"history_visibility": "world_readable"}
    )
    assert (await bob.get(f"rooms/{room_id}/messages?dir=b")).status_code == 200
    assert (await bob.get(f"rooms/{room_id}/state/m.room.create")).status_code == 200


async def test_who_has_left_sees_the_state_of_then(world: World) -> None:
    alice, bob = await world.register("alice"), await world.register("bob")
    room_id = await create_room(alice, bob, name="Before")
    await act(bob, room_id, "leave")
    await set_state(alice, room_id, "m.room.name", {"name": "After"})
    name = await bob.get(f"rooms/{room_id}/state/m.room.name")
    assert name.json() == {"name": "Before"}
    members = (await bob.get(f"rooms/{room_id}/members?membership=join")).json()["chunk"]
    assert [event["state_key"] for event in members] == [alice.user_id]
    assert (await act(bob, room_id, "forget")).status_code == 200
    refused(await bob.get(f"rooms/{room_id}/state/m.room.name"), 403, "M_FORBIDDEN")
    refused(await bob.get(f"rooms/{room_id}/messages?dir=b"), 403, "M_FORBIDDEN")
