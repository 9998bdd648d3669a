"""matrix-js-sdk, as it comes: what Element, Cinny and the portal's like stand on."""

import uuid

import pytest

from tests.clients.script import Run
from tests.fixtures.running_server import RunningServer

AT_ONCE_SECONDS = 3
PASSWORD_FLOW = [{"stages": ["m.login.password"]}]
LOCKED = {"status": 401, "errcode": "M_UNKNOWN_TOKEN", "softLogout": True, "flows": None}
REMOVED = {**LOCKED, "softLogout": False}


def test_registering(homeserver: RunningServer, run: Run) -> None:
    name = f"js-{uuid.uuid4().hex[:12]}"
    with run("register", user=name) as script:
        asked = script.says("asked")
        assert asked["status"] == 401
        assert {"stages": ["m.login.dummy"]} in asked["flows"]
        assert script.says("free") == {"available": True}
        registered = script.says("registered")
        assert registered["userId"] == f"@{name}:{homeserver.name}"
        assert script.says("taken") == {"available": False}
        me = script.says("me")
        assert (me["user_id"], me["device_id"]) == (registered["userId"], registered["deviceId"])
        assert script.says("gone") == REMOVED


def test_registering_with_an_address(homeserver: RunningServer, run: Run) -> None:
    """InteractiveAuth polls the stage until the link was followed on another machine."""
    name = f"js-{uuid.uuid4().hex[:12]}"
    address = f"{name}@example.org"
    with run("register_with_address", user=name, address=address) as script:
        assert script.says("stage") == {"stage": "m.login.email.identity"}
        assert script.says("mailed") == {}
        homeserver.follow(homeserver.link(address))
        registered = script.says("registered")
        assert registered["userId"] == f"@{name}:{homeserver.name}"
        assert registered["polled"]
        assert [each["address"] for each in registered["threepids"]] == [address]


def test_a_running_client(user: str, run: Run) -> None:
    with run("sync", user=user) as script:
        started = script.says("started")
        assert "v1.1" in started["versions"]["versions"]
        assert started["capabilities"]["m.change_password"] == {"enabled": True}
        assert started["masterRule"] is True
        assert script.says("echo") == {"text": "kept"}
        assert script.says("stored") == {"text": "kept"}
        assert script.says("profile")["displayname"] == "Jay"


@pytest.mark.parametrize("logout_devices", [True, None], ids=["ticked", "left-out"])
def test_changing_the_password_locks_the_other_client(
    user: str, run: Run, logout_devices: bool | None
) -> None:
    """Its waiting sync ends at once, and it comes back as the same session."""
    choice = {} if logout_devices is None else {"logoutDevices": logout_devices}
    with run("password", user=user, **choice) as script:
        changed = script.says("changed")
        assert changed["loggedOut"] == {"errcode": "M_UNKNOWN_TOKEN", "softLogout": True}
        assert changed["seconds"] < AT_ONCE_SECONDS
        assert script.says("own") == {"refusal": None}
        assert script.says("other") == {"refusal": LOCKED}
        assert script.says("other signs out") == {"refusal": LOCKED}
        assert script.says("old password")["refusal"]["errcode"] == "M_FORBIDDEN"
        assert script.says("back") == {"sameDevice": True, "sameUser": True}
        assert script.says("devices") == {"count": 2, "pushers": 0, "old": LOCKED}


def test_changing_the_password_keeps_the_other_client(user: str, run: Run) -> None:
    with run("password", user=user, logoutDevices=False) as script:
        assert script.says("changed")["loggedOut"] is None
        assert script.says("own") == {"refusal": None}
        assert script.says("other") == {"refusal": None}
        assert script.says("old password")["refusal"]["errcode"] == "M_FORBIDDEN"
        assert script.says("back") == {"sameDevice": True, "sameUser": True}
        assert script.says("devices") == {"count": 2, "pushers": 1, "old": LOCKED}


@pytest.mark.parametrize("logout_devices", [True, False])
def test_resetting_a_forgotten_password(
    homeserver: RunningServer, user: str, run: Run, logout_devices: bool
) -> None:
    address = f"{user}@example.org"
    add_address(homeserver, run, user, address)
    given = {"user": user, "address": address, "logoutDevices": logout_devices}
    with run("reset", **given) as script:
        for refusal in script.says("waiting")["refusals"]:
            assert refusal["status"] == 401
            assert refusal["flows"] == [{"stages": ["m.login.email.identity"]}]
        homeserver.follow(homeserver.link(address))
        assert script.says("reset") == {"onceMore": 401}
        assert script.says("other") == {"refusal": LOCKED if logout_devices else None}
        assert script.says("signed in") == {"userId": f"@{user}:{homeserver.name}"}


def add_address(homeserver: RunningServer, run: Run, user: str, address: str) -> None:
    with run("add_address", user=user, address=address) as script:
        assert script.says("early")["errcode"] == "M_THREEPID_AUTH_FAILED"
        homeserver.follow(homeserver.link(address))
        script.go_on()
        assert [each["address"] for each in script.says("added")["threepids"]] == [address]


def test_adding_and_removing_an_address(homeserver: RunningServer, user: str, run: Run) -> None:
    address = f"{user}@example.org"
    add_address(homeserver, run, user, address)
    with run("remove_address", user=user, address=address) as script:
        assert script.says("signed in") == {"userId": f"@{user}:{homeserver.name}"}
        unproven = script.says("unproven")
        assert (unproven["status"], unproven["flows"]) == (401, PASSWORD_FLOW)
        assert script.says("removed") == {"threepids": []}


def test_removing_sessions(user: str, run: Run) -> None:
    with run("devices", user=user) as script:
        assert script.says("named") == {"name": "The old phone"}
        asked = script.says("asked")
        assert (asked["status"], asked["flows"]) == (401, PASSWORD_FLOW)
        assert script.says("left") == {"mine": True, "removed": 2}
        assert script.says("removed") == REMOVED
        assert script.says("one more") == REMOVED


def test_refreshing_access_tokens(user: str, run: Run) -> None:
    with run("refresh", user=user, sdk="matrix-js-sdk-42") as script:
        signed_in = script.says("signed in")
        assert signed_in == {"expires": 3_600_000, "refreshable": True}
        assert script.says("refreshed") == {"refreshed": 1, "sameDevice": True}
        assert script.says("plain") == {"expires": None, "refreshable": False}
        assert script.says("reused") == LOCKED
        assert script.says("locked") == LOCKED


def test_signing_in_with_a_login_token(user: str, run: Run) -> None:
    with run("login_token", user=user) as script:
        assert script.says("signed in") == {"sameUser": True}
        assert script.says("twice")["errcode"] == "M_FORBIDDEN"


def test_deactivating_the_account(user: str, run: Run) -> None:
    with run("deactivate", user=user) as script:
        assert script.says("token") == REMOVED
        assert script.says("sign in")["errcode"] == "M_USER_DEACTIVATED"
        assert script.says("wrong password")["errcode"] == "M_FORBIDDEN"


def test_dehydrating_a_device(user: str, run: Run) -> None:
    """The device is listed and verified, outlives the session, and is read by the next one."""
    with run("dehydrate", user=user) as script:
        assert script.says("supported") == {"supported": True}
        told = script.says("dehydrated")
        assert told == {"number": 1, "isSession": False, "verified": True}
        assert script.says("rehydrated") == {"progress": ["completed", "uploaded"]}
