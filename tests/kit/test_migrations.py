"""Bringing a database up to date: once, whole, and never backwards."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.device_keys.listing import live
from holdfast.kit.db import open_database
from holdfast.schema import NewerDatabase, migrate
from holdfast.schema.migrate import migrations

STARTS_AT_ONCE = """
import sys
from holdfast.device_keys.listing import live
from holdfast.kit.db import open_database
from holdfast.schema import migrate
sys.stdin.readline()
database = open_database(sys.argv[1])
print(len(migrate(database, now=1)))
database.close_now()
"""


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database in which nothing is."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    with request.getfixturevalue("postgres_server").fresh_database() as url:
        yield url


def migrated(url: str) -> list[str]:
    database = open_database(url)
    try:
        return migrate(database, now=1)
    finally:
        database.close_now()


def run(url: str, sql: str) -> None:
    database = open_database(url)
    database.run_now(lambda tx: tx.run(sql))
    database.close_now()


def test_each_runs_once_and_in_order(empty_url: str) -> None:
    done = migrated(empty_url)
    assert done == sorted(done)
    assert len(done) == len(migrations())
    assert migrated(empty_url) == []


def test_processes_that_start_at_once(empty_url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", STARTS_AT_ONCE, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        for _ in range(3)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate() for process in starting]
    assert [errors for _, errors in said if errors] == []
    assert sorted(int(out) for out, _ in said) == [0, 0, len(migrations())]


def test_a_database_from_a_newer_holdfast_is_refused(empty_url: str) -> None:
    migrated(empty_url)
    run(empty_url, "INSERT INTO migrations (number, name, checksum) VALUES (9999, 'new', 'x')")
    with pytest.raises(NewerDatabase, match="9999"):
        migrated(empty_url)


def test_a_migration_that_has_changed_is_refused(empty_url: str) -> None:
    migrated(empty_url)
    run(empty_url, "UPDATE migrations SET checksum = 'x' WHERE number = 1")
    with pytest.raises(NewerDatabase, match="0001"):
        migrated(empty_url)


def test_a_migration_that_fails_leaves_nothing(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = type(migrations()[0])(9998, "9998_broken.sql", "CREATE TABLE a (b text); NONSENSE")
    every = [*migrations(), broken]
    monkeypatch.setattr(sys.modules[migrate.__module__], "migrations", lambda: every)
    with pytest.raises(Exception, match=r"(?i)syntax"):
        migrated(empty_url)
    monkeypatch.undo()
    assert len(migrated(empty_url)) == len(migrations())
    run(empty_url, "CREATE TABLE a (b text)")


def test_sessions_from_before_there_were_keys_are_listed(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a place on the list a session could neither sync nor publish keys."""
    before = [each for each in migrations() if each.number < 5]
    monkeypatch.setattr(sys.modules[migrate.__module__], "migrations", lambda: before)
    migrated(empty_url)
    run(empty_url, "INSERT INTO users (user_id, language, created_at) VALUES ('@a', 'en', 1)")
    run(
        empty_url,
        "INSERT INTO devices (user_id, device_id, display_name, created_at)"
        " VALUES ('@a', 'OLD', 'Old phone', 1)",
    )
    monkeypatch.undo()
    migrated(empty_url)
    database = open_database(empty_url)
    (listed,) = database.run_now(lambda tx: live(tx, ["@a"]))
    database.close_now()
    assert (listed.user_id, listed.device_id) == ("@a", "OLD")


def test_numbers_are_not_used_twice() -> None:
    numbers = [migration.number for migration in migrations()]
    assert len(set(numbers)) == len(numbers)
