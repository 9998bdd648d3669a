"""Whatever happens to sessions in whatever order: who is signed in, who is locked, who is gone.

A model of a few lines says what every access token that was ever issued must be answered with.
hypothesis makes up the order of events and looks for one in which the server disagrees.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.world import (
    EXTRAS,
    Answer,
    MailServer,
    Person,
    World,
    build_world,
    person,
    settings_for,
)

Fate = Literal["keep", "lock", "remove"]
REMEMBERED = 10
numbers = count(1)
fates: st.SearchStrategy[Fate] = st.sampled_from(["keep", "lock", "remove"])


def new_device_id() -> str:
    """One that sorts after all others, so that a place in the list means the same in each run."""
    return f"D{next(numbers):06}"


@dataclass
class Session:
    """A device as the model sees it, with the refresh and access tokens that were replaced.

    `before` and `before_refresh` are those from before its owner last signed in to it, one list for
    each of the sign-ins that the server remembers.
    """

    client: Person
    locked: bool = False
    spent: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    before: list[list[str]] = field(default_factory=list)
    before_refresh: list[list[str]] = field(default_factory=list)

    def tokens(self) -> list[list[str]]:
        return [*self.before, [*self.replaced, self.client.token]]

    def refresh_tokens(self) -> list[list[str]]:
        own = [self.client.refresh_token] if self.client.refresh_token else []
        return [*self.before_refresh, [*self.spent, *own]]


class Sessions(RuleBasedStateMachine):
    """One user's sessions."""

    world: World
    runner: asyncio.Runner

    @initialize()
    def an_account(self) -> None:
        self.password = "wandering ember stadium"
        name, device_id = f"user{next(numbers)}", new_device_id()
        alice = self.run(self.world.register(name, password=self.password, device_id=device_id))
        self.user_id = alice.user_id
        self.sessions = {alice.device_id: Session(alice)}
        self.gone: list[str] = []
        self.gone_refresh: list[str] = []

    def run(self, act: Any) -> Any:
        return self.runner.run(act)

    def signed_in(self) -> list[str]:
        return sorted(name for name, session in self.sessions.items() if not session.locked)

    def one(self, data: st.DataObject, of: list[str]) -> str:
        """A device; by its place in the list, as device IDs differ from one run to the next."""
        return of[data.draw(st.integers(0, len(of) - 1))]

    def forget(self, device_id: str) -> None:
        """The session's tokens are unknown from now on."""
        session = self.sessions.pop(device_id)
        self.gone += chain(*session.tokens())
        self.gone_refresh += chain(*session.refresh_tokens())

    def decide(self, device_id: str, fate: Fate) -> None:
        if fate == "remove":
            self.forget(device_id)
        elif fate == "lock":
            self.sessions[device_id].locked = True

    @precondition(lambda self: len(self.sessions) < 5)
    @rule(refreshable=st.booleans())
    def sign_in(self, *, refreshable: bool) -> None:
        self.open(device_id=new_device_id(), refresh_token=refreshable)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), refreshable=st.booleans())
    def sign_in_again(self, data: st.DataObject, *, refreshable: bool) -> None:
        device_id = self.one(data, sorted(self.sessions))
        old = self.sessions[device_id]
        self.open(device_id=device_id, refresh_token=refreshable)
        new = self.sessions[device_id]
        new.before = old.tokens()[-REMEMBERED:]
        new.before_refresh = old.refresh_tokens()[-REMEMBERED:]

    def open(self, **body: Any) -> None:
        answer = self.run(self.world.login(self.user_id, self.password, **body))
        assert answer.status_code == 200, answer.text
        client = person(self.world, self.password, answer)
        assert client.device_id == body["device_id"]
        self.sessions[client.device_id] = Session(client)

    @precondition(lambda self: self.signed_in())
    @rule(data=st.data())
    def lock(self, data: st.DataObject) -> None:
        by, device_id = self.one(data, self.signed_in()), self.one(data, sorted(self.sessions))
        client = self.sessions[by].client
        self.run(client.post(f"{EXTRAS}/lock_devices", {"devices": [device_id]}))
        if device_id != by:
            self.sessions[device_id].locked = True

    @precondition(lambda self: self.signed_in())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        by, device_id = self.one(data, self.signed_in()), self.one(data, sorted(self.sessions))
        client = self.sessions[by].client
        client.password = self.password
        answer = self.run(client.delete(f"devices/{device_id}", {"auth": client.auth()}))
        assert answer.status_code == 200
        self.forget(device_id)

    @precondition(lambda self: self.signed_in())
    @rule(data=st.data(), everywhere=st.booleans())
    def sign_out(self, data: st.DataObject, *, everywhere: bool) -> None:
        device_id = self.one(data, self.signed_in())
        client = self.sessions[device_id].client
        assert self.run(client.post("logout/all" if everywhere else "logout")).status_code == 200
        for name in sorted(self.sessions) if everywhere else [device_id]:
            self.forget(name)

    @precondition(lambda self: self.signed_in())
    @rule(data=st.data(), default=fates, chosen=fates)
    def change_password(self, data: st.DataObject, default: Fate, chosen: Fate) -> None:
        by, other = self.one(data, self.signed_in()), self.one(data, sorted(self.sessions))
        client = self.sessions[by].client
        client.password, self.password = self.password, f"wandering ember {next(numbers)}"
        wanted = {"dev.holdfast.sessions": {"default": default, other: chosen}}
        assert self.run(client.change_password(self.password, **wanted)).status_code == 200
        for name in sorted(self.sessions):
            if name != by:
                self.decide(name, chosen if name == other else default)

    @precondition(lambda self: any(s.client.refresh_token for s in self.sessions.values()))
    @rule(data=st.data(), old=st.booleans())
    def refresh(self, data: st.DataObject, *, old: bool) -> None:
        able = sorted(name for name, s in self.sessions.items() if s.client.refresh_token)
        session = self.sessions[self.one(data, able)]
        if old and session.spent:
            token = session.spent[data.draw(st.integers(0, len(session.spent) - 1))]
            must_be(self.ask(token), locked=True)
            session.locked = True
            return
        answer = self.ask(session.client.refresh_token)
        if session.locked:
            must_be(answer, locked=True)
            return
        session.spent.append(session.client.refresh_token or "")
        session.replaced.append(session.client.token)
        session.client.token = answer.json()["access_token"]
        session.client.refresh_token = answer.json()["refresh_token"]
        assert self.run(session.client.is_signed_in())

    def ask(self, refresh_token: str | None) -> Answer:
        answer: Answer = self.run(self.world.post("refresh", {"refresh_token": refresh_token}))
        return answer

    @rule()
    def clear_away(self) -> None:
        self.world.clock.turn(minutes=1)
        self.run(self.world.housekeeping())

    @invariant()
    def every_token_is_answered_as_the_model_says(self) -> None:
        for session in self.sessions.values():
            answer = self.run(session.client.get("account/whoami"))
            if session.locked:
                must_be(answer, locked=True)
            else:
                assert answer.json()["device_id"] == session.client.device_id
            late = [*chain(*session.before[-2:]), *session.replaced[-2:]]
            for token in late:  # told to refresh or to sign in again, not to forget
                must_be(self.run(self.world.get("account/whoami", token=token)), locked=True)
            for token in list(chain(*session.before_refresh))[:3]:
                must_be(self.ask(token), locked=True)
        for token in self.gone[-6:]:
            must_be(self.run(self.world.get("account/whoami", token=token)), locked=False)
        for token in self.gone_refresh[-3:]:
            must_be(self.ask(token), locked=False)

    @invariant()
    def the_list_shows_all_with_their_state(self) -> None:
        for name in self.signed_in()[:1]:
            listed = self.run(self.sessions[name].client.devices())
            assert {key: told["dev.holdfast.state"] for key, told in listed.items()} == {
                key: "locked" if session.locked else "signed_in"
                for key, session in self.sessions.items()
            }


def must_be(answer: Answer, *, locked: bool) -> None:
    assert answer.status_code == 401, answer.text
    assert answer.json()["errcode"] == "M_UNKNOWN_TOKEN"
    assert answer.json()["soft_logout"] is locked


@pytest.fixture
def running(
    database_url: str, tmp_path: Path, mail_server: MailServer
) -> Iterator[tuple[asyncio.Runner, World]]:
    """A world that runs while the machine, which is not asynchronous, takes its steps."""
    made = build_world(settings_for(tmp_path, database_url, mail_server), mail_server)
    with asyncio.Runner() as runner:
        runner.run(made.server.start())
        yield runner, made
        runner.run(made.http.aclose())
        runner.run(made.server.stop())


def test_any_order(running: tuple[asyncio.Runner, World]) -> None:
    class OfThisWorld(Sessions):
        runner, world = running

    run_state_machine_as_test(
        OfThisWorld,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
