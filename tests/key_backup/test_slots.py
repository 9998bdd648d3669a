"""Keys are found by a short digest; two keys for which it is the same stay two keys."""

import pytest

from tests.key_backup.backing_up import (
    OTHER,
    ROOM,
    begin,
    current,
    history,
    key,
    ok,
    put,
    restore,
    rooms,
    stored,
)
from tests.world import World, refused


@pytest.mark.parametrize("part", ["session_slot", "room_slot"])
async def test_where_everything_has_the_same_digest(
    world: World, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(f"holdfast.kit.slots.{part}", lambda _text: "00")
    alice = await world.register("alice")
    await begin(alice)
    names = [(room, session) for room in (ROOM, OTHER) for session in ("a", "b", "c")]
    keys = {name: key(5, secret="".join(name)) for name in names}
    assert (await put(alice, "1", rooms(keys)))["count"] == 6
    better = {name: key(4, secret="better") for name in names[:2]}
    assert (await put(alice, "1", rooms(better)))["count"] == 6
    assert await stored(alice, "1") == {**keys, **better}
    of_room = ok(await alice.get(f"room_keys/keys/{OTHER}?version=1"))["sessions"]
    assert of_room == {session: keys[OTHER, session] for session in ("a", "b", "c")}
    assert ok(await alice.get(f"room_keys/keys/{ROOM}/c?version=1")) == keys[ROOM, "c"]
    refused(await alice.get(f"room_keys/keys/{ROOM}/d?version=1"), 404, "M_NOT_FOUND")
    assert ok(await alice.delete(f"room_keys/keys/{ROOM}/a?version=1"))["count"] == 5
    assert ok(await alice.delete(f"room_keys/keys/{OTHER}?version=1"))["count"] == 2
    for change in (await history(alice))["changes"]:
        await restore(alice, change["id"])
    assert await stored(alice, "1") == keys
    assert (await current(alice))["count"] == 6
