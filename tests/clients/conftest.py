"""Users for the scripts that drive a client, and running them."""

import uuid
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest

from tests.clients.script import NEW, OLD, Run, Script, running
from tests.fixtures.running_server import RunningServer


@pytest.fixture
def user(homeserver: RunningServer) -> str:
    """Somebody with an account and no session."""
    name = f"js-{uuid.uuid4().hex[:12]}"
    body = {"username": name, "password": OLD, "inhibit_login": True}
    answer = httpx.post(
        f"{homeserver.url}/_matrix/client/v3/register",
        json={**body, "auth": {"type": "m.login.dummy"}},
    )
    assert answer.status_code == 200, answer.text
    return name


@pytest.fixture
def run(homeserver: RunningServer, node: str) -> Run:
    """For `with run("password", user=…) as script`."""

    def start(name: str, **given: Any) -> AbstractContextManager[Script]:
        facts = {"baseUrl": homeserver.url, "password": OLD, "newPassword": NEW, **given}
        return running(node, name, facts)

    return start
