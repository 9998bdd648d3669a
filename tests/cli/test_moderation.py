"""`holdfast admin moderation`."""

from pathlib import Path
from typing import Any

import httpx

from tests.cli.running import holdfast, serving
from tests.cli.test_accounts import V3, registered

MODERATION = ("admin", "moderation")


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


def test_accounts_are_locked_and_reports_read_while_the_server_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice, bob = registered(server.url, "alice"), registered(server.url, "bob")

        def status(session: dict[str, Any], path: str = "account/whoami") -> int:
            return httpx.get(f"{server.url}{V3}/{path}", headers=bearer(session)).status_code

        said = holdfast(tmp_path, *MODERATION, "make-admin", "alice").stdout
        assert said == "@alice:localhost is an administrator.\n"
        assert status(alice, "admin/whois/@bob:localhost") == 200
        holdfast(tmp_path, *MODERATION, "remove-admin", "alice")
        assert status(alice, "admin/whois/@bob:localhost") == 403

        said = holdfast(tmp_path, *MODERATION, "lock", "bob").stdout
        assert (said, status(bob)) == ("@bob:localhost is locked.\n", 401)
        said = holdfast(tmp_path, *MODERATION, "unlock", "bob").stdout
        assert (said, status(bob)) == ("@bob:localhost is not locked.\n", 200)
        for command, expected in (("suspend", 403), ("unsuspend", 200)):
            holdfast(tmp_path, *MODERATION, command, "bob")
            url = f"{server.url}{V3}/createRoom"
            assert httpx.post(url, json={}, headers=bearer(bob)).status_code == expected

        assert "no open reports" in holdfast(tmp_path, *MODERATION, "reports").stdout
        url = f"{server.url}{V3}/users/@bob:localhost/report"
        httpx.post(url, json={"reason": "rude"}, headers=bearer(alice))
        listed = holdfast(tmp_path, *MODERATION, "reports").stdout
        assert "by @alice:localhost  about @bob:localhost" in listed
        assert "rude" in listed
        said = holdfast(tmp_path, *MODERATION, "close-report", "1").stdout
        assert said == "Report 1 is closed.\n"
        again = holdfast(tmp_path, *MODERATION, "close-report", "1")
        assert (again.returncode, "no open report" in again.stderr) == (1, True)
        unknown = holdfast(tmp_path, *MODERATION, "lock", "nobody")
        assert unknown.returncode == 1
