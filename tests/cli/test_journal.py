"""`holdfast admin journal`."""

import json
from pathlib import Path

import httpx

from tests.cli.running import holdfast, serving, with_database
from tests.cli.test_accounts import V3, registered

JOURNAL = ("admin", "journal")


def test_the_journal_of_an_account_is_shown_while_the_server_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice = registered(server.url, "alice")
        headers = {"Authorization": f"Bearer {alice['access_token']}"}
        assert httpx.post(f"{server.url}{V3}/logout", headers=headers).status_code == 200
        shown = holdfast(tmp_path, *JOURNAL, "alice").stdout.splitlines()
        assert [line.split()[2:5] for line in shown] == [
            ["sessions_removed", alice["device_id"], "127.0.0.1"],
            ["account_created", "-", "127.0.0.1"],
        ]
        facts = json.loads(shown[0][shown[0].index("{") :])
        assert facts == {"device_ids": [alice["device_id"]]}

        closed = holdfast(tmp_path, "admin", "account", "deactivate", "alice", "--yes")
        assert closed.returncode == 0, closed
        shown = holdfast(tmp_path, *JOURNAL, "@alice:localhost", "--limit", "1").stdout.splitlines()
        assert shown[0].split()[2:5] == ["account_deactivated", "-", "-"], "the operator did it"
        assert shown[1].startswith("There is more: these are the newest 1.")


def test_the_journal_of_an_account_that_is_not_there(tmp_path: Path) -> None:
    with_database(tmp_path)
    for name in ("carol", "@carol:elsewhere.example"):
        lost = holdfast(tmp_path, *JOURNAL, name)
        assert lost.returncode == 1
        assert lost.stderr == f"Error: There is no account {name} on localhost.\n"
