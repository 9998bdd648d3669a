"""`holdfast admin reset-link`."""

from pathlib import Path

import httpx

from tests.cli.running import holdfast, serving
from tests.cli.test_accounts import V3, registered

RESET = "/_matrix/client/unstable/dev.holdfast/password_reset"
NEW = "nimbus orchard vagrant"
COMMAND = ("admin", "reset-link")


def test_the_owner_chooses_the_password(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        session = registered(server.url, "alice")
        made = holdfast(tmp_path, *COMMAND, "alice")
        assert made.returncode == 0, made.stderr
        address, _, token = made.stdout.strip().partition("#")
        assert address.endswith("/reset")
        assert "for 60 minutes" in made.stderr
        with httpx.Client(base_url=server.url) as http:
            opened = http.post(f"{RESET}/open", json={"token": token}).json()
            assert opened["user_id"] == session["user_id"]
            assert opened["custody"]["choices"]["keep"]["verdict"] == "safe"
            body = {"token": token, "new_password": NEW}
            done = http.post(f"{RESET}/complete", json=body)
            assert done.json()["dev.holdfast.sessions"]["locked"] == [session["device_id"]]
            assert http.post(f"{RESET}/complete", json=body).status_code == 404
            identifier = {"type": "m.id.user", "user": "alice"}
            login = {"type": "m.login.password", "identifier": identifier, "password": NEW}
            assert http.post(f"{V3}/login", json=login).status_code == 200


def test_it_says_what_it_cannot_do(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        registered(server.url, "alice")
        nobody = holdfast(tmp_path, *COMMAND, "nobody")
        assert nobody.returncode != 0
        assert "There is no account nobody" in nobody.stderr
        unmailed = holdfast(tmp_path, *COMMAND, "alice", "--mail")
        assert unmailed.returncode != 0
        assert "alice" in unmailed.stderr
        assert "/reset#" not in unmailed.stdout
        holdfast(tmp_path, "admin", "account", "deactivate", "alice", "--yes")
        closed = holdfast(tmp_path, *COMMAND, "alice")
        assert "closed for good" in closed.stderr
