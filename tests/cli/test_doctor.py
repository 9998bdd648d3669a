"""`holdfast doctor` finds what is wrong, says what to do, and changes nothing."""

from pathlib import Path

from tests.cli.running import holdfast, serving
from tests.world import MailServer, free_port


def test_all_is_well(tmp_path: Path, mail_server: MailServer) -> None:
    mail = f"smtp://127.0.0.1:{mail_server.port}"
    with serving(tmp_path, HOLDFAST_SMTP_URL=mail) as server:
        found = holdfast(tmp_path, "doctor", "--port", str(server.port), HOLDFAST_SMTP_URL=mail)
    assert found.returncode == 0, found.stdout
    assert "WRONG" not in found.stdout
    assert f"Holdfast answers at {server.url}" in found.stdout
    assert "for this user only" in found.stdout
    assert f"{mail} lets us in" in found.stdout


def test_before_the_first_start_nothing_is_made(tmp_path: Path) -> None:
    found = holdfast(tmp_path, "doctor", "--port", str(free_port()))
    assert "will be made at the first start" in found.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "x.db").write_text("This is no database, but long enough to be read as one." * 50)
    flags = ["--data-dir", "data", "--database", "sqlite:///x.db", "--host", "0.0.0.0"]
    flags += ["--port", str(free_port()), "--rate-limits", "off"]
    away = f"smtp://user:geheim@127.0.0.1:{free_port()}"
    found = holdfast(tmp_path, "doctor", *flags, HOLDFAST_SMTP_URL=away)
    assert found.returncode == 1
    wrong = [line.split()[1] for line in found.stdout.splitlines() if line.startswith("  WRONG")]
    assert wrong == ["data", "database:", "public", "mail:", "note:", "note:"], found.stdout
    assert f"chmod 700 {tmp_path / 'data'}" in found.stdout
    assert "geheim" not in found.stdout + found.stderr
    assert "Traceback" not in found.stderr


def test_a_login_the_mail_server_does_not_take(tmp_path: Path, mail_server: MailServer) -> None:
    mail = f"smtp://user:geheim@127.0.0.1:{mail_server.port}"
    found = holdfast(tmp_path, "doctor", HOLDFAST_SMTP_URL=mail)
    shown = mail.replace("geheim", "***")
    assert f"WRONG  mail: {shown}: " in found.stdout
    assert "geheim" not in found.stdout + found.stderr


def test_something_else_answers(tmp_path: Path, mail_server: MailServer) -> None:
    elsewhere = f"http://127.0.0.1:{mail_server.port}"
    found = holdfast(tmp_path, "doctor", "--public-url", elsewhere)
    assert f"nothing answers at {elsewhere} (it does not speak HTTP)" in found.stdout
