"""`holdfast admin` and `holdfast version`."""

from pathlib import Path

import httpx

from holdfast import __version__
from tests.cli.running import holdfast, serving, with_database

TOKEN = ("admin", "registration-token")
VALIDITY = "/_matrix/client/v1/register/m.login.registration_token/validity"


def test_a_token_lets_somebody_create_an_account(tmp_path: Path) -> None:
    with serving(tmp_path, "--registration", "token") as server:
        token = holdfast(tmp_path, *TOKEN, "create", "--uses", "1").stdout.strip()
        assert len(token) >= 20

        def valid() -> bool:
            return bool(httpx.get(server.url + VALIDITY, params={"token": token}).json()["valid"])

        assert valid()
        listed = holdfast(tmp_path, *TOKEN, "list").stdout
        assert f"{token[:4]}…" in listed
        assert token not in listed
        assert "0 of 1" in listed
        revoked = holdfast(tmp_path, *TOKEN, "revoke", token[:4])
        assert revoked.stdout == "The token no longer works. Accounts made with it stay.\n"
        assert not valid()
        server.stop()
        assert token not in "\n".join(server.output)


def test_a_token_that_ends(tmp_path: Path) -> None:
    with_database(tmp_path)
    assert holdfast(tmp_path, *TOKEN, "list").stdout == "There are no registration tokens.\n"
    token = holdfast(tmp_path, *TOKEN, "create", "--expires", "7d").stdout.strip()
    listed = holdfast(tmp_path, *TOKEN, "list").stdout.splitlines()
    assert len(listed) == 2
    assert "0 of any number" in listed[1]
    assert not listed[1].endswith("never")
    assert holdfast(tmp_path, *TOKEN, "revoke", token).returncode == 0


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with_database(tmp_path)
    unknown = holdfast(tmp_path, *TOKEN, "revoke", "nope")
    assert unknown.returncode == 1
    assert unknown.stderr.splitlines()[-1] == "Error: There is no such registration token."
    endless = holdfast(tmp_path, *TOKEN, "create", "--expires", "soon")
    assert endless.returncode == 1
    assert "--expires: expected a length of time" in endless.stderr


def test_a_wrong_place_is_not_filled_with_a_new_database(tmp_path: Path) -> None:
    lost = holdfast(tmp_path, *TOKEN, "create")
    assert lost.returncode == 1
    assert lost.stderr.startswith(f"Error: There is no database at {tmp_path}/holdfast-data")
    assert list(tmp_path.iterdir()) == []


def test_version(tmp_path: Path) -> None:
    assert holdfast(tmp_path, "version").stdout == f"Holdfast {__version__}\n"
