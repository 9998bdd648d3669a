"""matrix-js-sdk with its Rust crypto in encrypted rooms."""

import json
from pathlib import Path

import pytest

from tests.clients.script import Run, new_user
from tests.fixtures.running_server import RunningServer


@pytest.fixture
def no_keys(tmp_path: Path) -> str:
    """A file with no room keys: these are made in the room."""
    file = tmp_path / "room_keys.json"
    file.write_text(json.dumps([]))
    return str(file)


def test_two_users_with_three_sessions_each(
    homeserver: RunningServer, run: Run, no_keys: str
) -> None:
    """Each reads what the others write: messages, edits, reactions, files; and they verify."""
    users = [new_user(homeserver, name) for name in ("alice", "bob")]
    with run("conversation", users=users, roomKeys=no_keys) as script:
        assert script.says("read") == {"messages": 6, "by": 6}
        assert script.says("edited") == {}
        assert script.says("reacted") == {}
        assert script.says("file") == {"bytes": 20_000}
        assert script.says("the rest") == {}
        assert script.says("verified") == {"sameEmoji": True, "byAlice": True}
        # A session that was not there then has it all from the key backup; one was redacted.
        assert script.says("later") == {"read": 5}
