"""What the tests with matrix-nio share."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from nio import AsyncClient, LoginResponse, RegisterResponse

from tests.clients.script import OLD
from tests.fixtures.running_server import RunningServer


def new_name() -> str:
    """A user name that nobody has yet."""
    return f"nio-{uuid.uuid4().hex[:12]}"


@asynccontextmanager
async def client(
    server: RunningServer, user: str, device_id: str = "", store: Path | None = None
) -> AsyncIterator[AsyncClient]:
    """A client that is not signed in; with a folder to `store` keys in, it encrypts."""
    made = AsyncClient(server.url, user, device_id, store_path=str(store) if store else "")
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def signed_in(
    server: RunningServer,
    user: str,
    password: str = OLD,
    device_id: str = "",
    store: Path | None = None,
) -> AsyncIterator[AsyncClient]:
    """A signed-in client."""
    async with client(server, user, device_id, store) as made:
        answer = await made.login(password, device_name="nio")
        assert isinstance(answer, LoginResponse), answer
        yield made


async def register(server: RunningServer, name: str) -> None:
    """Create an account."""
    async with client(server, name) as made:
        answer = await made.register(name, OLD, device_name="first")
        assert isinstance(answer, RegisterResponse), answer


async def call(made: AsyncClient, method: str, path: str, body: Any) -> tuple[int, Any]:
    """What nio has no method for, through its own connection."""
    headers = {"Authorization": f"Bearer {made.access_token}"} if made.access_token else {}
    answer = await made.send(method, f"/_matrix/client/v3/{path}", json.dumps(body), {**headers})
    return answer.status, await answer.json()


def password_stage(made: AsyncClient, password: str = OLD) -> dict[str, Any]:
    """A complete proof by account password."""
    identifier = {"type": "m.id.user", "user": made.user_id}
    return {"type": "m.login.password", "identifier": identifier, "password": password}
