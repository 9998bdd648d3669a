"""Requests of a session, each answer held against its definition."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from validation.definitions import Definitions

PASSWORD = "wandering ember stadium"


@dataclass
class Session:
    """Somebody who is signed in. The names are those of `tests.world.Person`."""

    asker: "Asker"
    user_id: str
    device_id: str
    token: str

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Make a request; see `Asker.ask`."""
        return self.asker.ask(method, path, body, token=self.token, **more)

    def proof(self) -> dict[str, Any]:
        """A complete proof by account password."""
        who = {"type": "m.id.user", "user": self.user_id}
        return {"type": "m.login.password", "identifier": who, "password": PASSWORD}


@dataclass
class Asker:
    """A connection to the server."""

    http: httpx.Client
    definitions: Definitions

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        status: int = 200,
        query: dict[str, str] | None = None,
        api: str = "v3",
        **names: str,
    ) -> Any:
        """Make a request that shall be answered with `status`; return the answer's JSON.

        `path` is the specification's, below the version `api`; `names` are the values of what it
        has in braces.
        """
        url = f"/_matrix/client/{api}{path}"
        operation = self.definitions.operation(method, url)
        for name, value in names.items():
            url = url.replace(f"{{{name}}}", quote(value, safe=""))
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        sent = None if method == "GET" else {} if body is None else body
        answer = self.http.request(method, url, headers=headers, params=query, json=sent)
        self.definitions.hold(operation, answer.status_code, answer.json())
        if answer.status_code != status:
            operation.problems.append(
                f"{answer.status_code} instead of {status}: {answer.text[:200]}"
            )
        return answer.json()

    def register(self, name: str) -> Session:
        """Somebody new."""
        body = {"username": name, "password": PASSWORD, "auth": {"type": "m.login.dummy"}}
        return self._session(self.ask("POST", "/register", body))

    def sign_in(self, user_id: str) -> Session:
        """Another session of somebody."""
        who = {"type": "m.id.user", "user": user_id}
        body = {"type": "m.login.password", "identifier": who, "password": PASSWORD}
        return self._session(self.ask("POST", "/login", body))

    def _session(self, answer: dict[str, Any]) -> Session:
        return Session(self, answer["user_id"], answer["device_id"], answer["access_token"])


def unique(prefix: str) -> str:
    """A name that is new on this server."""
    return f"{prefix}{time.time_ns()}"
