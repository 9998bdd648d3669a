"""`holdfast serve`: from its start to its end."""

import json
import signal
import socket
import stat
import threading
from pathlib import Path

import httpx
import pytest

from tests.cli.running import serving
from tests.fixtures.postgres import PostgresServer

OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def half_a_sign_in(port: int) -> socket.socket:
    """A request whose body has not all been sent yet: seven of its fourteen bytes.

    The server says itself when it waits for the body. A signal that it gets before would find
    nothing in flight.
    """
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = (
        b"POST /_matrix/client/v3/login HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/json\r\nContent-Length: 14\r\n\r\n"
    )
    connection.sendall(head)
    assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(b'{"type"')
    return connection


def test_it_says_where_it_is_and_how_to_begin(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        said = "\n".join(server.output)
        assert f"is running at {server.url}\n" in said
        assert f"create one at {server.url}/register" in said
        assert f"shown at {server.url}/_holdfast/mailbox" in said
        assert f"{tmp_path / 'holdfast-data'}\n" in said
        assert httpx.get(f"{server.url}/_matrix/client/versions").status_code == 200
        assert httpx.get(f"{server.url}/_holdfast/health").json()["status"] == "ok"
        server.stop()
    assert server.process.returncode == 0
    assert not [line for line in server.output if "Traceback" in line]


def test_its_data_is_nobody_elses(tmp_path: Path) -> None:
    with serving(tmp_path):
        assert (tmp_path / "holdfast-data").stat().st_mode & OF_OTHERS == 0
        assert (tmp_path / "holdfast-data" / "holdfast.db").is_file()


def test_where_others_can_come_in_it_says_how_to_invite_them(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('[server]\nhost = "0.0.0.0"\n')
    with serving(tmp_path, "--config", "my.toml") as server:
        said = "\n".join(server.output)
        assert "`holdfast admin registration-token create --config my.toml`" in said
        assert "set server.public_url" in said
        assert httpx.get(f"{server.url}/_holdfast/mailbox").status_code == 404


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_it_finishes_what_is_in_flight(tmp_path: Path, with_signal: int) -> None:
    with serving(tmp_path) as server:
        connection = half_a_sign_in(server.port)
        idle = socket.create_connection(("127.0.0.1", server.port))
        rest = threading.Timer(1.0, lambda: connection.sendall(b':"abc"}'))
        rest.start()
        assert server.stop(with_signal) < 5
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
        connection.close()
        idle.close()
    assert server.process.returncode == 0


def test_it_does_not_wait_for_ever(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        connection = half_a_sign_in(server.port)
        assert server.stop() < 5
        connection.close()
    assert server.process.returncode == 0
    assert not [line for line in server.output if "Traceback" in line]


def test_a_head_must_arrive_in_time(tmp_path: Path) -> None:
    late = [(b"", b""), (b"GET /", b"HTTP/1.1 408"), (b"\r\n", b"HTTP/1.1 408")]
    with serving(tmp_path, "--header-timeout", "1s") as server:
        for start, answer in late:
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
                connection.sendall(start)
                assert connection.recv(100).startswith(answer)
                assert connection.recv(100) == b""


def test_a_later_head_must_arrive_in_time_too(tmp_path: Path) -> None:
    request = b"GET /_matrix/client/versions HTTP/1.1\r\nHost: a\r\n\r\n"
    with (
        serving(tmp_path, "--header-timeout", "1s") as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection,
    ):
        connection.sendall(request)
        assert connection.recv(10_000).startswith(b"HTTP/1.1 200")
        connection.sendall(request[:10])
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_a_head_must_not_be_endless(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"X-Long: yes\r\n" * 6000)
        assert connection.recv(100).startswith(b"HTTP/1.1 431")


def test_its_log_can_be_read_by_programs(tmp_path: Path) -> None:
    with serving(tmp_path, "--log-format", "json") as server:
        path = "/_matrix/client/v3/account/whoami"
        answer = httpx.get(f"{server.url}{path}?access_token=hfa_secret")
        assert answer.status_code == 401
        server.stop()
    events = [json.loads(line) for line in server.output]
    assert "ready" in {each["event"] for each in events}
    request = next(each for each in events if each["event"] == "request")
    assert (request["method"], request["route"], request["status"]) == ("GET", path, 401)
    assert request["request_id"] == answer.json()["dev.holdfast.request_id"]
    assert "hfa_secret" not in "\n".join(server.output)


def test_several_workers_share_one_postgresql(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    with postgres_server.fresh_database() as url:
        with serving(tmp_path, "--workers", "2", HOLDFAST_DATABASE=url) as server:
            for _ in range(4):
                assert httpx.get(f"{server.url}/_holdfast/health").status_code == 200
            assert server.stop() < 5
        assert server.process.returncode == 0
        assert not [line for line in server.output if "Traceback" in line]


def test_two_that_start_at_once_make_one_database(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    with (
        postgres_server.fresh_database() as url,
        serving(tmp_path, "--database", url) as one,
        serving(tmp_path, "--database", url) as other,
    ):
        for server in (one, other):
            assert httpx.get(f"{server.url}/_holdfast/health").status_code == 200
