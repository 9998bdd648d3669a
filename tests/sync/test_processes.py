"""Waiting syncs and the processes that hold them."""

import concurrent.futures
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.cli.running import Serving, serving
from tests.fixtures.postgres import PostgresServer

API = "/_matrix/client/v3"
AUTH = {"type": "m.login.dummy"}


class Session:
    """A client on a connection of its own for each request, so that any worker may answer."""

    def __init__(self, server: Serving, signed_in: httpx.Response) -> None:
        assert signed_in.status_code == 200, signed_in.text
        body = signed_in.json()
        self.user_id: str = body["user_id"]
        self.headers = {"authorization": f"Bearer {body['access_token']}"}
        self.url = server.url + API

    def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        url = f"{self.url}/{path}"
        return httpx.request(method, url, headers=self.headers, timeout=40, **kwargs)

    def put(self, n: int) -> None:
        path = f"user/{self.user_id}/account_data/org.example.n"
        assert self.ask("PUT", path, json={"n": n}).status_code == 200

    def sync(self, since: str | None = None) -> httpx.Response:
        query = {} if since is None else {"since": since, "timeout": "30000"}
        return self.ask("GET", "sync", params=query)


def sign_up(server: Serving, name: str) -> Session:
    body = {"username": name, "password": "wandering ember stadium", "auth": AUTH}
    return Session(server, httpx.post(f"{server.url}{API}/register", json=body, timeout=40))


def sign_in(server: Serving, name: str) -> Session:
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": name},
        "password": "wandering ember stadium",
    }
    return Session(server, httpx.post(f"{server.url}{API}/login", json=body, timeout=40))


@contextmanager
def waiting(session: Session, count: int = 1) -> Iterator[list[Any]]:
    """Syncs that have gone to sleep, in threads."""
    since = session.sync().json()["next_batch"]
    with concurrent.futures.ThreadPoolExecutor(count) as threads:
        tasks = [threads.submit(session.sync, since) for _ in range(count)]
        time.sleep(0.7)
        assert not any(task.done() for task in tasks)
        yield tasks


def answers(tasks: list[Any]) -> list[httpx.Response]:
    """What they got, which they must get soon."""
    return [task.result(timeout=3) for task in tasks]


def test_a_server_that_is_stopped_waits_for_no_sync(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice = sign_up(server, "alice")
        with waiting(alice, 3) as tasks:
            assert server.stop() < 2
            assert [each.status_code for each in answers(tasks)] == [200] * 3
    assert server.process.returncode == 0
    assert not [line for line in server.output if "Traceback" in line]


def test_a_client_that_is_gone_is_noticed(tmp_path: Path) -> None:
    with serving(tmp_path, HOLDFAST_LOG_FORMAT="json") as server:
        alice = sign_up(server, "alice")
        since = alice.sync().json()["next_batch"]
        head = (
            f"GET {API}/sync?since={since}&timeout=30000 HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: {alice.headers['authorization']}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(head.encode())
            time.sleep(0.5)
        time.sleep(0.5)
        assert server.stop() < 2
    assert [line for line in server.output if '"status":499' in line]
    assert not [line for line in server.output if "Traceback" in line]


def test_every_worker_hears_the_others(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """Six connections are spread over both workers; each of them ends, whoever wrote."""
    with (
        postgres_server.fresh_database() as url,
        serving(tmp_path, "--workers", "2", HOLDFAST_DATABASE=url) as server,
    ):
        alice = sign_up(server, "alice")
        phone = sign_in(server, "alice")
        with waiting(phone, 6) as tasks:
            alice.put(1)
            for answer in answers(tasks):
                assert answer.json()["account_data"]["events"][0]["content"] == {"n": 1}
        with waiting(phone, 6) as tasks:
            body = {
                "auth": {
                    "type": "m.login.password",
                    "identifier": {"type": "m.id.user", "user": "alice"},
                    "password": "wandering ember stadium",
                },
                "new_password": "a quite different sentence",
            }
            assert alice.ask("POST", "account/password", json=body).status_code == 200
            for answer in answers(tasks):
                assert (answer.status_code, answer.json()["soft_logout"]) == (401, True)
