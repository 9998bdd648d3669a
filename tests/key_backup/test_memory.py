"""Reading a large key backup takes little more memory than its answer is long."""

from pathlib import Path

import httpx
import pytest

from tests.fixtures.running_server import StartServer
from tests.key_backup.backing_up import ALGORITHM, ROOM, auth_data, key, ok, rooms

BATCHES, BATCH = 40, 1000
V3 = "/_matrix/client/v3"
MOST_TIMES = 3
KIB = 1024


def memory(pid: int, what: str) -> int:
    """A line of what the system knows of a process's memory, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) * KIB
    raise AssertionError(f"no {what}")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells so easily")
@pytest.mark.parametrize("of_rooms", [1, 100])
def test_reading_everything(start_server: StartServer, of_rooms: int) -> None:
    """A server of its own, which has never needed much memory before."""
    with start_server() as server, httpx.Client(base_url=server.url + V3, timeout=60) as http:
        auth = {"type": "m.login.dummy"}
        body = {"username": "alice", "password": "wandering ember stadium", "auth": auth}
        token = ok(http.post("/register", json=body))["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        version = {"algorithm": ALGORITHM, "auth_data": auth_data()}
        ok(http.post("/room_keys/version", json=version))
        for batch in range(BATCHES):
            its = [(f"{ROOM}{n % of_rooms}", f"{batch:020}{n:023}") for n in range(BATCH)]
            given = rooms({name: key(secret="x" * 500) for name in its})
            ok(http.put("/room_keys/keys?version=1", json=given))
        before = memory(server.process.pid, "VmRSS")
        answer = http.get("/room_keys/keys?version=1")
        peak = memory(server.process.pid, "VmHWM")
        found = ok(answer)["rooms"]
        assert sum(len(room["sessions"]) for room in found.values()) == BATCHES * BATCH
        size = len(answer.content)
        assert size > 20_000_000
        assert peak - before < MOST_TIMES * size
