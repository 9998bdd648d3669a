"""A process that dies while an account's password ends leaves the old world or the new one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crash.conftest import SetScene
from tests.crash.victims import Scene, Victims
from tests.recovery.test_not_me import lock_path
from tests.world import EXTRAS, PASSWORD, Person, World

NEW = "nimbus orchard vagrant"
MAIL = "alice@example.org"


@dataclass
class Prepared:
    """Who and what there is that a new password must change."""

    alice: Person
    phone: Person
    reset_token: str
    login_token: str
    lock_path: str


@dataclass(frozen=True)
class State:
    """All that a new account password changes."""

    old_password_works: bool
    new_password_works: bool
    sessions: tuple[str, str]
    pushers: int
    link: int
    login_token_works: bool
    mails: int


async def furnish(world: World) -> Prepared:
    """Alice with a phone that gets pushes, an open reset link and an open login token."""
    alice = await world.register("alice", email=MAIL)
    phone = await alice.another_session(device_id="PHONE")
    path = await lock_path(world)
    pusher = {
        "app_id": "app",
        "pushkey": "key",
        "kind": "http",
        "app_display_name": "App",
        "device_display_name": "Phone",
        "lang": "en",
        "data": {"url": "https://push.example/_matrix/push/v1/notify"},
    }
    assert (await phone.post("pushers/set", pusher)).status_code == 200
    number = len(await world.letters(MAIL)) + 1
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    token = (await world.letter(MAIL, number=number)).link.split("#")[1]
    return Prepared(alice, phone, token, await alice.login_token(), path)


@pytest.fixture
def prepared(set_scene: SetScene) -> Scene[Prepared]:
    """The database to copy, on either engine."""
    return set_scene(furnish)


def look(prepared: Prepared) -> Callable[[World], Awaitable[State]]:
    """What the world is like, seen through the API (and the outbox, which no API shows)."""

    async def seen(world: World) -> State:
        count_mails = "SELECT count(*) FROM outbox"
        mails = await world.server.context.db.read(lambda tx: tx.value(count_mails))
        sessions = [await state_of(world, person) for person in (prepared.alice, prepared.phone)]
        token = {"token": prepared.reset_token}
        opened = await world.post(f"{EXTRAS}/password_reset/open", token)
        pushers = "SELECT count(*) FROM pushers"
        by_token = {"type": "m.login.token", "token": prepared.login_token}
        return State(
            old_password_works=(await world.login("alice", PASSWORD)).status_code == 200,
            new_password_works=(await world.login("alice", NEW)).status_code == 200,
            sessions=(sessions[0], sessions[1]),
            pushers=await world.server.context.db.read(lambda tx: tx.value(pushers)),
            link=opened.status_code,
            login_token_works=(await world.post("login", by_token)).status_code == 200,
            mails=mails,
        )

    return seen


async def state_of(world: World, person: Person) -> str:
    answer = await world.get("account/whoami", token=person.token)
    if answer.status_code == 200:
        return "signed in"
    return "locked" if answer.json()["soft_logout"] else "gone"


def change(prepared: Prepared) -> dict[str, Any]:
    """A signed-in change of the account password."""
    return {
        "url": "/_matrix/client/v3/account/password",
        "json": {"auth": prepared.alice.auth(), "new_password": NEW},
        "headers": {"authorization": f"Bearer {prepared.alice.token}"},
    }


def reset(prepared: Prepared) -> dict[str, Any]:
    """A forgotten one, replaced through the mailed link."""
    return {
        "url": f"{EXTRAS}/password_reset/complete",
        "json": {"token": prepared.reset_token, "new_password": NEW},
    }


def lock(prepared: Prepared) -> dict[str, Any]:
    """This wasn't me: the account is locked by the link in a notice."""
    return {"url": prepared.lock_path}


@pytest.mark.parametrize("request_of", [change, reset, lock])
def test_old_world_or_new(
    request_of: Callable[[Prepared], dict[str, Any]], prepared: Scene[Prepared], victims: Victims
) -> None:
    own = "signed in" if request_of is change else "locked"
    old: State = prepared.seen(look(prepared.cast))
    assert old.old_password_works
    assert not old.new_password_works
    assert (old.pushers, old.link, old.login_token_works) == (1, 200, True)
    works = request_of is not lock
    new = State(False, works, (own, "locked"), 0, 404, False, old.mails + 1)
    found = prepared.left_behind(victims, look(prepared.cast), **request_of(prepared.cast))
    for stop_at, state in enumerate(found, 1):
        assert state in (old, new), f"stopped at statement {stop_at}"
    assert found[-1] == new, "what was answered has happened"
    assert found.count(old) > 8, "there must have been something to interrupt"
