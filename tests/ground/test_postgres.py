"""The PostgreSQL that other tests stand on."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.fixtures.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]


def migrate(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE notes (body text)")


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [row[0] for row in rows]


def test_each_database_is_a_copy_of_the_migrated_template(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database(migrate) as first:
        with psycopg.connect(first) as connection:
            connection.execute("INSERT INTO notes VALUES ('mine')")
        with postgres_server.fresh_database(migrate) as second, psycopg.connect(second) as other:
            assert other.execute("SELECT count(*) FROM notes").fetchone() == (0,)


def test_a_database_without_migrations_is_empty(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        assert tables(url) == []


def test_a_database_is_dropped_although_somebody_is_connected(
    postgres_server: PostgresServer,
) -> None:
    with postgres_server.fresh_database() as url:
        forgotten = psycopg.connect(url)
    with forgotten, pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")


@pytest.mark.usefixtures("postgres_server")
def test_nothing_stays_when_the_tests_are_killed() -> None:
    starts_and_is_killed = (
        "import os\n"
        "from tests.fixtures.postgres import running_postgres\n"
        "with running_postgres() as server:\n"
        "    print(server.url('x').partition('host=')[2], flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", starts_and_is_killed]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    home = Path(run.stdout.strip())
    assert home.name.startswith("holdfast-pg-"), run.stderr
    deadline = time.monotonic() + 20
    while home.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not home.exists()
