"""What is measured: each scenario prepares what it needs, then does one thing many times."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

PASSWORD = "wandering ember stadium"
API = "/_matrix/client/v3"
AT_ONCE = 8
_numbers = itertools.count()


@dataclass(frozen=True)
class Scenario:
    """One thing to do, how often per round, and what has to be there before."""

    name: str
    times: int
    prepare: Callable[[httpx.AsyncClient], Awaitable[Any]]
    once: Callable[[httpx.AsyncClient, Any], Awaitable[None]]

    async def round(self, http: httpx.AsyncClient, prepared: Any) -> None:
        """Do it `times` times, a few at once."""
        left = iter(range(self.times))

        async def worker() -> None:
            for _ in left:
                await self.once(http, prepared)

        await asyncio.gather(*(worker() for _ in range(min(AT_ONCE, self.times))))


def ok(answer: httpx.Response) -> dict[str, Any]:
    """The answer's JSON; an error ends the run."""
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request.url} answered {answer.status_code}: {answer.text}")
    body: dict[str, Any] = answer.json()
    return body


async def register(http: httpx.AsyncClient) -> dict[str, Any]:
    """A new account, signed in."""
    name = f"u{next(_numbers)}x{id(http)}"
    body = {"username": name, "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
    return ok(await http.post(f"{API}/register", json=body))


async def login(http: httpx.AsyncClient, user_id: str) -> dict[str, Any]:
    """Another session of `user_id`."""
    who = {"type": "m.id.user", "user": user_id}
    body = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
    return ok(await http.post(f"{API}/login", json=body))


def headers(session: dict[str, Any]) -> dict[str, str]:
    """What a signed-in client sends with each request."""
    return {"authorization": f"Bearer {session['access_token']}"}


async def _nothing(_http: httpx.AsyncClient) -> None:
    return


async def _whoami(http: httpx.AsyncClient, session: dict[str, Any]) -> None:
    ok(await http.get(f"{API}/account/whoami", headers=headers(session)))


async def _sign_in(http: httpx.AsyncClient, session: dict[str, Any]) -> None:
    await login(http, session["user_id"])


async def _create_account(http: httpx.AsyncClient, _prepared: None) -> None:
    await register(http)


def _with_sessions(others: int, accounts: int) -> Callable[[httpx.AsyncClient], Awaitable[Any]]:
    """Accounts with so many other sessions each, each session with a pusher."""

    async def prepare(http: httpx.AsyncClient) -> list[dict[str, Any]]:
        made = []
        for _ in range(accounts):
            own = await register(http)
            for number in range(others):
                session = await login(http, own["user_id"])
                await _set_pusher(http, session, number)
            made.append(own)
        return made

    return prepare


async def _set_pusher(http: httpx.AsyncClient, session: dict[str, Any], number: int) -> None:
    body = {
        "kind": "http",
        "app_id": "bench",
        "pushkey": f"{session['device_id']}{number}",
        "app_display_name": "Bench",
        "device_display_name": "Bench",
        "lang": "en",
        "data": {"url": "https://push.bench.example/_matrix/push/v1/notify"},
        "append": True,
    }
    ok(await http.post(f"{API}/pushers/set", json=body, headers=headers(session)))


async def _change_password(http: httpx.AsyncClient, accounts: list[dict[str, Any]]) -> None:
    own = accounts.pop()
    auth = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": own["user_id"]},
        "password": PASSWORD,
    }
    body = {"auth": auth, "new_password": PASSWORD + " two", "logout_devices": True}
    ok(await http.post(f"{API}/account/password", json=body, headers=headers(own)))


SCENARIOS = (
    Scenario("whoami", 2000, register, _whoami),
    Scenario("sign in", 200, register, _sign_in),
    Scenario("register", 200, _nothing, _create_account),
    Scenario("change password, 1 other session", 20, _with_sessions(1, 20), _change_password),
    Scenario("change password, 100 other sessions", 4, _with_sessions(100, 4), _change_password),
)
LONG = (
    Scenario("change password, 1000 other sessions", 2, _with_sessions(1000, 2), _change_password),
)
