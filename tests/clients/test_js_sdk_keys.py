"""matrix-js-sdk with its Rust crypto: no story here may cost anybody a room key."""

import json
from pathlib import Path

import pytest

from tests.clients.nio_kit import encrypt, in_room, new_name, register, signed_in, sync
from tests.clients.room_keys import room_keys
from tests.clients.script import Run
from tests.clients.test_js_sdk import add_address
from tests.fixtures.running_server import RunningServer

KEYS = 250
"""More than one request of the client holds."""
FLOWS = [{"stages": ["m.login.password"]}]
SDKS = pytest.mark.parametrize("sdk", ["matrix-js-sdk", "matrix-js-sdk-42"])


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with room keys: an argument of a script would be too long."""
    file = tmp_path_factory.mktemp("keys") / "room_keys.json"
    file.write_text(json.dumps(room_keys(KEYS)))
    return str(file)


@SDKS
def test_every_key_comes_back_on_a_new_session(user: str, run: Run, keys: str, sdk: str) -> None:
    """Signed out everywhere, with nothing left but the account password and the recovery key."""
    with run("custody", user=user, roomKeys=keys, sdk=sdk) as script:
        set_up = script.says("set up")
        assert set_up == {
            "version": "1",
            "verified": True,
            "identity": True,
            "secretStorage": True,
        }
        backed_up = script.says("backed up")
        assert backed_up["count"] == KEYS
        assert backed_up["trusted"]["trusted"] is True
        assert script.says("before") == {"verified": False, "keys": 0, "othersLeft": 0}
        assert script.says("unlocked") == {
            "imported": KEYS,
            "keys": KEYS,
            "total": KEYS,
            "verified": True,
            "identity": True,
            "version": "1",
        }


@pytest.mark.parametrize("known", [True, False], ids=["changed", "reset by mail"])
def test_a_locked_session_comes_back_with_its_keys(
    homeserver: RunningServer, user: str, run: Run, keys: str, known: bool
) -> None:
    """And reads what was sent to it meanwhile: both procedures of the old how-to."""
    address = None if known else f"{user}@example.org"
    if address:
        add_address(homeserver, run, user, address)
    with run("locked", user=user, roomKeys=keys, address=address) as script:
        if address:
            script.says("asked")
            homeserver.follow(homeserver.link(address))
        assert script.says("locked") == {"softLogout": True}
        assert script.says("sent") == {"messages": 1}
        heard = script.says("heard")
        assert heard["content"]["text"] == "welcome back"
        assert heard["from"].startswith(f"@{user}:")
        assert script.says("back") == {
            "sameDevice": True,
            "sameKeys": True,
            "keys": KEYS,
            "verified": True,
            "version": "1",
        }


def test_a_new_identity_asks_for_proof(user: str, run: Run, keys: str) -> None:
    with run("new_identity", user=user, roomKeys=keys) as script:
        reset = script.says("reset")
        (asked,) = reset.pop("asked")
        assert (asked["status"], asked["flows"]) == (401, FLOWS)
        assert reset == {"another": True, "verified": True, "version": "2"}


def test_two_sessions_verify_each_other(user: str, run: Run, keys: str) -> None:
    """The new one gets the secrets from the old one, without the recovery key."""
    with run("sas", user=user, roomKeys=keys) as script:
        assert script.says("before") == {"verified": False}
        assert script.says("verified") == {
            "sameEmoji": True,
            "verified": True,
            "asOldSeesIt": True,
            "keys": KEYS,
        }


def test_a_deleted_backup_comes_back(user: str, run: Run, keys: str) -> None:
    with run("backup_history", user=user, roomKeys=keys) as script:
        assert script.says("deleted") == {"info": None, "active": None}
        restored = script.says("restored")
        assert (restored["count"], restored["unproven"]) == (KEYS, 401)
        assert restored["proven"]["status"] == 200
        assert script.says("again") == {"count": KEYS, "active": "1"}
        assert script.says("unlocked") == {"keys": KEYS}


async def test_a_dehydrated_device_receives_when_no_session_is_left(
    homeserver: RunningServer, user: str, run: Run, keys: str, tmp_path: Path
) -> None:
    """Signed out everywhere, it still gets a room key, which matrix-nio sends."""
    name = new_name()
    await register(homeserver, name)
    with run("dehydrated", user=user, roomKeys=keys) as script:
        assert script.says("supported") == {"supported": True}
        assert script.says("left") == {}
        async with signed_in(homeserver, name, store=tmp_path) as sender:
            await sync(sender)
            in_room(sender, f"@{user}:{homeserver.name}")
            event = await encrypt(sender, "nobody is there")
        script.go_on()
        assert script.says("back") == {
            "completed": True,
            "keys": [event.session_id],
            "sessionsOfUser": 1,
        }
