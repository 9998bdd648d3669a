"""A process that dies while a key backup changes leaves the old backup or the new one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crash.conftest import SetScene
from tests.crash.victims import Scene, Victims
from tests.key_backup.backing_up import (
    ALGORITHM,
    RESTORE,
    STORING,
    auth_data,
    begin,
    history,
    many,
    ok,
    put,
    stored,
)
from tests.world import Person, World

MAIL = "alice@example.org"
URL = "/_matrix/client/v3/room_keys"


@dataclass(frozen=True)
class State:
    """All that can be seen of a key backup."""

    version: str
    count: int
    etag: str
    keys: dict[tuple[str, str], int]
    by_session: int
    old_keys: int
    old_versions: list[tuple[str, int]]
    mails: int


async def furnish(world: World) -> Person:
    """Alice with a backup of twenty keys, some of which were replaced before."""
    alice = await world.register("alice", email=MAIL)
    await begin(alice)
    await put(alice, "1", many(20, of_rooms=4, first=5))
    await put(alice, "1", many(3, of_rooms=4, first=4))
    await world.letters(MAIL)
    return alice


def look(alice: Person) -> Callable[[World], Awaitable[State]]:
    """What the backup is like, seen through the API (and the outbox, which no API shows)."""

    async def seen(world: World) -> State:
        me = Person(world, alice.user_id, alice.password, alice.token, alice.device_id)
        count_mails = "SELECT count(*) FROM outbox"
        mails = await world.server.context.db.read(lambda tx: tx.value(count_mails))
        now, past = ok(await me.get("room_keys/version")), await history(me)
        found = await stored(me, now["version"])
        return State(
            version=now["version"],
            count=now["count"],
            etag=now["etag"],
            keys={name: each["first_message_index"] for name, each in found.items()},
            by_session=sum(s["count"] for s in ok(await me.get(STORING))["sessions"]),
            old_keys=sum(change["count"] for change in past["changes"]),
            old_versions=[(each["version"], each["count"]) for each in past["versions"]],
            mails=mails,
        )

    return seen


def better_keys(alice: Person) -> dict[str, Any]:
    """Keys of which some are new, some are better and some are not."""
    body = many(30, of_rooms=4, first=3)
    body["rooms"]["!r0:hold.example"]["sessions"]["session0"]["first_message_index"] = 9
    return {"method": "PUT", "url": f"{URL}/keys?version=1", "json": body, **signed_in(alice)}


def all_keys_deleted(alice: Person) -> dict[str, Any]:
    """Every key is deleted."""
    return {"method": "DELETE", "url": f"{URL}/keys?version=1", **signed_in(alice)}


def another_version(alice: Person) -> dict[str, Any]:
    """A new version supersedes the current one."""
    body = {"algorithm": ALGORITHM, "auth_data": auth_data()}
    return {"url": f"{URL}/version", "json": body, **signed_in(alice)}


def signed_in(alice: Person) -> dict[str, Any]:
    """The headers of a request of hers."""
    return {"headers": {"authorization": f"Bearer {alice.token}"}}


def replaced_keys_brought_back(alice: Person) -> dict[str, Any]:
    """The three keys that were replaced come back, and those in their places go."""
    body = {"id": "change.1", "auth": alice.auth()}
    return {"url": RESTORE, "json": body, **signed_in(alice)}


@pytest.mark.parametrize(
    ("request_of", "expected"),
    [
        (better_keys, ("1", 30, "3", 3 + 19, [], 0)),
        (all_keys_deleted, ("1", 0, "3", 3 + 20, [], 1)),
        (another_version, ("2", 0, "0", 3, [("1", 20)], 1)),
        (replaced_keys_brought_back, ("1", 20, "3", 3, [], 0)),
    ],
)
def test_old_backup_or_new(
    request_of: Callable[[Person], dict[str, Any]],
    set_scene: SetScene,
    victims: Victims,
    expected: tuple[Any, ...],
) -> None:
    scene: Scene[Person] = set_scene(furnish)
    old: State = scene.seen(look(scene.cast))
    found: list[State] = scene.left_behind(victims, look(scene.cast), **request_of(scene.cast))
    new = found[-1]
    for stop_at, state in enumerate(found, 1):
        assert state in (old, new), f"stopped at statement {stop_at}"
        assert state.count == state.by_session == len(state.keys)
    assert found.count(old) >= 6, "there must have been something to interrupt"
    is_now = (new.version, new.count, new.etag, new.old_keys, new.old_versions)
    assert (*is_now, new.mails - old.mails) == expected
