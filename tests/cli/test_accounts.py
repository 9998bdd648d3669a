"""`holdfast admin account`."""

from pathlib import Path
from typing import Any

import httpx

from tests.cli.running import holdfast, serving, with_database

ACCOUNT = ("admin", "account")
PASSWORD = "wandering ember stadium"
V3 = "/_matrix/client/v3"


def registered(url: str, name: str) -> dict[str, Any]:
    auth = {"type": "m.login.dummy"}
    body = {"username": name, "password": PASSWORD, "auth": auth}
    answer = httpx.post(f"{url}{V3}/register", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_an_account_is_listed_and_closed_while_the_server_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice = registered(server.url, "alice")
        registered(server.url, "bob")
        listed = holdfast(tmp_path, *ACCOUNT, "list").stdout.splitlines()
        assert [line.split()[-1] for line in listed] == ["@alice:localhost", "@bob:localhost"]

        unsure = holdfast(tmp_path, *ACCOUNT, "deactivate", "alice")
        assert unsure.returncode == 1
        closed = holdfast(tmp_path, *ACCOUNT, "deactivate", "alice", "--yes")
        assert closed.stdout == "@alice:localhost is closed.\n", closed

        headers = {"Authorization": f"Bearer {alice['access_token']}"}
        assert httpx.get(f"{server.url}{V3}/account/whoami", headers=headers).status_code == 401
        identifier = {"type": "m.id.user", "user": "alice"}
        body = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        answer = httpx.post(f"{server.url}{V3}/login", json=body).json()
        assert answer["errcode"] == "M_USER_DEACTIVATED"

        listed = holdfast(tmp_path, *ACCOUNT, "list").stdout.splitlines()
        assert "closed" in listed[0]
        assert "closed" not in listed[1]
        again = holdfast(tmp_path, *ACCOUNT, "deactivate", "@alice:localhost", "--yes")
        assert again.returncode == 1
        assert "was closed before" in again.stderr


def test_an_account_that_is_not_there(tmp_path: Path) -> None:
    with_database(tmp_path)
    assert holdfast(tmp_path, *ACCOUNT, "list").stdout == "There are no accounts yet.\n"
    for name in ("carol", "@carol:elsewhere.example"):
        lost = holdfast(tmp_path, *ACCOUNT, "deactivate", name, "--yes")
        assert lost.stderr == f"Error: There is no account {name} on localhost.\n"
