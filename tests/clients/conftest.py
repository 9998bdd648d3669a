"""Users for the scripts that drive a client, and running them."""

from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.clients.script import NEW, OLD, Run, Script, new_user, running
from tests.fixtures.running_server import RunningServer


@pytest.fixture
def user(homeserver: RunningServer) -> str:
    """Somebody with an account and no session."""
    return new_user(homeserver, "js")


@pytest.fixture
def run(homeserver: RunningServer, node: str) -> Run:
    """For `with run("password", user=…) as script`."""

    def start(name: str, **given: Any) -> AbstractContextManager[Script]:
        facts = {"baseUrl": homeserver.url, "password": OLD, "newPassword": NEW, **given}
        return running(node, name, facts)

    return start
