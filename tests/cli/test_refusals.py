"""What cannot work is refused before the start, in one sentence that says what to do."""

import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import holdfast, with_database

NO_DATABASE = "This is no database, but long enough to be read as one." * 50


def refused(folder: Path, *arguments: str, **environ: str) -> str:
    """The one line that a failing `holdfast serve` says."""
    ended = holdfast(folder, "serve", *arguments, **environ)
    assert ended.returncode == 1, ended
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line.removeprefix("Error: ")


def refused_after_log(folder: Path, *arguments: str) -> str:
    """Like `refused`, where the database is made first, which the log tells."""
    ended = holdfast(folder, "serve", *arguments)
    assert ended.returncode == 1, ended
    assert "Traceback" not in ended.stderr
    return ended.stderr.splitlines()[-1].removeprefix("Error: ")


def test_settings_from_every_source(tmp_path: Path) -> None:
    (tmp_path / "holdfast.toml").write_text("[server]\nprot = 1\n")
    assert refused(tmp_path) == (
        "holdfast.toml: there is no setting server.prot (did you mean server.port?)."
    )
    (tmp_path / "holdfast.toml").unlink()
    assert refused(tmp_path, HOLDFAST_PROT="1") == (
        "environment variable HOLDFAST_PROT: there is no such setting "
        "(did you mean HOLDFAST_PORT?)."
    )
    assert refused(tmp_path, "--port", "http") == (
        "flag --port: expected a whole number from 1 to 65535, not 'http'."
    )
    assert refused(tmp_path, "--config", "no.toml") == "no.toml: there is no such file."


def test_an_unknown_flag(tmp_path: Path) -> None:
    ended = holdfast(tmp_path, "serve", "--prot", "1")
    assert ended.returncode == 2
    assert "No such option" in ended.stderr
    assert "--port" in ended.stderr


def test_a_password_is_not_repeated(tmp_path: Path) -> None:
    line = refused(tmp_path, HOLDFAST_SMTP_URL="smtp://user:geheim@host:port")
    assert "HOLDFAST_SMTP_URL" in line
    assert "geheim" not in line


def test_more_workers_than_sqlite_can_serve(tmp_path: Path) -> None:
    assert "more than one worker needs PostgreSQL" in refused(tmp_path, "--workers", "2")


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refused_after_log(tmp_path, "--port", port) == (
            f"Port {port} on 127.0.0.1 is taken by another program. Stop that one, or choose "
            "another port with --port."
        )


def test_a_host_that_is_not_this_machine(tmp_path: Path) -> None:
    line = refused_after_log(tmp_path, "--host", "192.0.2.1")
    assert line.startswith("192.0.2.1 is not an address of this machine")


def test_a_data_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert refused(tmp_path, "--data-dir", "data") == (
        f"The data directory {tmp_path / 'data'} cannot be used: is a file, not a directory."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_data_directory_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    assert "cannot be written to" in refused(tmp_path, "--data-dir", "data")


def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    line = refused(tmp_path, "--database", f"sqlite:///{tmp_path}/nowhere/x.db")
    assert line.startswith(f"Cannot open the database {tmp_path}/nowhere/x.db")
    (tmp_path / "x.db").write_text(NO_DATABASE)
    assert "x.db" in refused(tmp_path, "--database", "sqlite:///x.db")


def test_a_database_server_that_is_away(tmp_path: Path) -> None:
    line = refused(tmp_path, HOLDFAST_DATABASE="postgresql://a:geheim@127.0.0.1:1/x")
    assert line.startswith("Cannot reach PostgreSQL.")
    assert "geheim" not in line


def test_a_database_from_a_newer_holdfast(tmp_path: Path) -> None:
    with_database(tmp_path)
    file = tmp_path / "holdfast-data" / "holdfast.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES (9999, 'later.sql', 'x', 0)")
    assert "newer" in refused(tmp_path)


def test_mail_templates_that_cannot_be_used(tmp_path: Path) -> None:
    line = refused_after_log(tmp_path, "--mail-templates-dir", "nowhere")
    assert line.startswith("mail.templates_dir: ")
