"""`holdfast doctor custody` holds the reports against a recount, and counts anew."""

from pathlib import Path

from vodozemac import GroupSession

from holdfast.kit.db import open_database
from tests.cli.running import holdfast, serving
from tests.cli.test_key_backup import Client

COMMAND = ("doctor", "custody")
CUSTODY = "/../unstable/dev.holdfast/custody"


def write(folder: Path, statement: str) -> None:
    database = open_database(f"sqlite:///{folder / 'holdfast-data' / 'holdfast.db'}")
    database.run_now(lambda tx: tx.run(statement))
    database.close_now()


def whisper(alice: Client, room_id: str, session: GroupSession, txn: int) -> None:
    content = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": session.encrypt(b"secret").to_base64(),
        "session_id": session.session_id,
    }
    alice.ask("PUT", f"/rooms/{room_id}/send/m.room.encrypted/{txn}", content)


def test_what_was_counted_wrongly_is_named_and_counted_anew(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice = Client(server.url, "alice")
        room_ids = [alice.ask("POST", "/createRoom", {})["room_id"] for _ in range(2)]
        for room_id in room_ids:
            session = GroupSession()
            for number in range(3):
                whisper(alice, room_id, session, number)
        well = holdfast(tmp_path, *COMMAND)
        assert well.returncode == 0, well.stderr
        assert "Accounts: 1. Reports that are wrong: 0." in well.stdout

        write(
            tmp_path, "DELETE FROM megolm_sessions"
        )  # as in a database from before there were any
        found = holdfast(tmp_path, *COMMAND)
        assert found.returncode == 1
        for room_id in room_ids:
            assert room_id in found.stdout
        assert "holdfast doctor custody --repair" in found.stdout

        mended = holdfast(tmp_path, *COMMAND, "--repair")
        assert mended.returncode == 0, mended.stdout
        assert "Rooms that were counted anew: 2" in mended.stdout
        assert alice.ask("GET", CUSTODY)["coverage"]["at_risk"] == 6
        alice.close()


def test_without_a_database(tmp_path: Path) -> None:
    found = holdfast(tmp_path, *COMMAND)
    assert found.returncode != 0
    assert "There is no database" in found.stderr
