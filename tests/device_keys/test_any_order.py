"""Whatever is uploaded, sent again and claimed in whatever order: no key twice, none lost."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.device_keys.devices import SIGNED, Device, claim
from tests.world import World

ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("upload"), st.integers(1, 4)),
        st.tuples(st.just("upload again"), st.integers(0, 10)),
        st.tuples(st.just("claim"), st.integers(1, 5)),
    ),
    max_size=15,
)


class Model:
    """What should be there: the keys of each upload that are not claimed yet, oldest first."""

    def __init__(self) -> None:
        self.uploads: list[dict[str, Any]] = []
        self.left: list[dict[str, Any]] = []
        self.claimed: dict[str, Any] = {}

    @property
    def unclaimed(self) -> int:
        return sum(map(len, self.left))

    def upload(self, keys: dict[str, Any]) -> None:
        self.uploads.append(keys)
        self.left.append(dict(keys))

    def claim(self, found: list[dict[str, Any]]) -> None:
        """Check the answers of requests that were made at the same time."""
        assert len([each for each in found if each]) == min(len(found), self.unclaimed)
        names = {name: key for each in found for name, key in each.items()}
        assert len(names) == sum(map(len, found)), "one was handed out twice"
        for batch in self.left:
            oldest = {name: batch.pop(name) for name in names.keys() & batch.keys()}
            assert oldest.items() <= names.items()
            names = {name: key for name, key in names.items() if name not in oldest}
            self.claimed.update(oldest)
            if batch:
                break  # none of a later upload while there is one of this
        assert names == {}, "claimed before, never uploaded, or too early"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=ACTIONS)
async def test_each_key_is_handed_out_once(world: World, actions: list[tuple[str, int]]) -> None:
    name = f"alice{world.clock.now}"
    world.clock.turn(ms=1)
    alice = Device(await world.register(name))
    await alice.publish()
    model = Model()

    async def upload(keys: dict[str, Any]) -> None:
        answer = await alice.upload(one_time_keys=keys)
        assert answer.json() == {"one_time_key_counts": {SIGNED: model.unclaimed}}

    async def claim_at_once(count: int) -> None:
        model.claim(await asyncio.gather(*[claim(alice.person, alice) for _ in range(count)]))

    for what, number in actions:
        if what == "upload":
            model.upload(alice.one_time_keys(number))
            await upload(model.uploads[-1])
        elif what == "upload again" and model.uploads:
            await upload(model.uploads[number % len(model.uploads)])
        elif what == "claim":
            await claim_at_once(number)
    while model.unclaimed:
        await claim_at_once(3)
    assert await claim(alice.person, alice) == {}
    assert model.claimed == {k: v for keys in model.uploads for k, v in keys.items()}
