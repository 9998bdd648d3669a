"""Messages, device lists and account data, told in whatever order they and the syncs come."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.device_keys.devices import Device
from tests.sync.syncing import Client, put
from tests.to_device.mailing import send
from tests.world import Answer, Person, World

MORE_THAN_ONE_ANSWER_TELLS = 110
numbers = count()


class Follower(Client):
    """A client, and what it must have been told in the end."""

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self.received: list[int] = []
        self.sent: list[int] = []
        self.must_hear_of_keys = False

    def take(self, answer: Answer) -> dict[str, Any]:
        self.look_at(answer)
        self.must_hear_of_keys = False
        self.received += messages(answer)
        return super().take(answer)

    def look_at(self, answer: Answer) -> None:
        """What changed since the client's position is in the answer, and nothing else is."""
        owner = [self.person.user_id] if self.must_hear_of_keys else []
        assert answer.json()["device_lists"]["changed"] == owner

    async def start_anew(self) -> None:
        """Forget the position; what was not acknowledged comes once more."""
        self.since, self.must_hear_of_keys = None, False
        before = set(self.received)
        answer = await self.ask()
        again = [number for number in messages(answer) if number in before]
        assert again == self.received[len(self.received) - len(again) :]
        self.received = self.received[: len(self.received) - len(again)]
        self.take(answer)


def messages(answer: Answer) -> list[int]:
    return [event["content"]["n"] for event in answer.json()["to_device"]["events"]]


class Household:
    """Somebody with three clients, who write to each other."""

    def __init__(self, owner: Person, clients: list[Follower]) -> None:
        self.owner = owner
        self.clients = clients

    async def put(self, n: int) -> None:
        number = next(numbers)
        await put(self.clients[n].person, f"org.example.{number % 3}", n=number)

    async def send(self, n: int) -> None:
        await self._send([self.clients[n]])

    async def send_many(self, n: int) -> None:
        for _ in range(MORE_THAN_ONE_ANSWER_TELLS):
            await self.send(n)

    async def send_to_all(self, _n: int) -> None:
        await self._send(self.clients)

    async def _send(self, to: list[Follower]) -> None:
        number = next(numbers)
        by_device = {client.person.device_id: {"n": number} for client in to}
        await send(self.owner, {self.owner.user_id: by_device}, transaction=f"{number}")
        for client in to:
            client.sent.append(number)

    async def new_keys(self, n: int) -> None:
        await Device(self.clients[n].person).publish()
        for client in self.clients:
            client.must_hear_of_keys = True

    async def sync(self, n: int) -> None:
        await self.clients[n].sync()

    async def lose_the_answer(self, n: int) -> None:
        self.clients[n].look_at(await self.clients[n].ask())

    async def start_anew(self, n: int) -> None:
        await self.clients[n].start_anew()


ACTIONS = ["put", "send", "send_many", "send_to_all", "new_keys", "start_anew"]
SYNCS = ["sync", "lose_the_answer"]
ORDERS = st.lists(
    st.tuples(st.sampled_from(ACTIONS) | st.sampled_from(SYNCS), st.integers(0, 2)), max_size=25
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=ORDERS)
async def test_nothing_is_lost_or_told_twice(world: World, order: list[tuple[str, int]]) -> None:
    owner = await world.register(f"alice{next(numbers)}")
    people = [owner, await owner.another_session(), await owner.another_session()]
    home = Household(owner, [Follower(person) for person in people])
    for client in home.clients:
        await client.sync()
    for what, n in order:
        await getattr(home, what)(n)
    fresh: dict[str, Any] = await Client(owner).sync()
    for client in home.clients:
        await client.sync()
        while len(client.received) < len(client.sent):
            before = len(client.received)
            await client.sync()
            assert len(client.received) > before
        assert client.received == client.sent
        assert client.known == fresh
        assert messages(await client.ask()) == []
