"""`holdfast admin key-backup`."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from tests.cli.running import holdfast, serving, with_database
from tests.cli.test_accounts import V3, registered
from tests.dehydrated_devices.dehydrating import PATH, DehydratedDevice
from tests.device_keys.devices import Device
from tests.key_backup.backing_up import ALGORITHM, auth_data, many
from tests.world import World

BACKUP = ("admin", "key-backup")


class Client:
    """Somebody's session on a running server."""

    def __init__(self, url: str, name: str) -> None:
        session = registered(url, name)
        self.device_id = session["device_id"]
        headers = {"Authorization": f"Bearer {session['access_token']}"}
        self._http = httpx.Client(base_url=f"{url}{V3}", headers=headers)

    def ask(self, method: str, path: str, json: Any = None) -> Any:
        answer = self._http.request(method, path, json=json)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def close(self) -> None:
        self._http.close()


def test_what_has_gone_is_listed_and_brought_back_while_the_server_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        alice = Client(server.url, "alice")
        nothing = holdfast(tmp_path, *BACKUP, "history", "alice")
        assert nothing.stdout == "Nothing has gone that could be brought back.\n", nothing
        body = {"algorithm": ALGORITHM, "auth_data": auth_data()}
        alice.ask("POST", "/room_keys/version", body)
        alice.ask("PUT", "/room_keys/keys?version=1", many(4))
        alice.ask("DELETE", "/room_keys/keys/!r1:hold.example?version=1")
        alice.ask("DELETE", "/room_keys/version/1")

        listed = holdfast(tmp_path, *BACKUP, "history", "@alice:localhost").stdout.splitlines()
        assert listed[0].startswith("version.1 ")
        assert listed[0].endswith(f"version 1, 3 keys, deleted by {alice.device_id}")
        assert listed[1].endswith(f"1 key of version 1, deleted by {alice.device_id}")

        unsure = holdfast(tmp_path, *BACKUP, "restore", "alice", "version.1")
        assert unsure.returncode == 1
        back = holdfast(tmp_path, *BACKUP, "restore", "alice", "version.1", "--yes")
        assert back.stdout == "Version 1 of @alice:localhost is the current one: 3 keys.\n", back
        change = listed[1].split()[0]
        back = holdfast(tmp_path, *BACKUP, "restore", "alice", change, "--yes")
        assert back.stdout == "1 key of @alice:localhost went back to version 1.\n", back
        assert alice.ask("GET", "/room_keys/version")["count"] == 4
        again = holdfast(tmp_path, *BACKUP, "restore", "alice", change, "--yes")
        assert again.returncode == 1
        assert "it is back already" in again.stderr
        alice.close()


def test_an_account_that_is_not_there(tmp_path: Path) -> None:
    with_database(tmp_path)
    for command in (("history", "carol"), ("restore", "carol", "version.1", "--yes")):
        lost = holdfast(tmp_path, *BACKUP, *command)
        assert lost.stderr == "Error: There is no account carol on localhost.\n"


async def test_devices_come_back_too(world: World, tmp_path: Path) -> None:
    alice = await world.register("alice")
    phone = await alice.another_session(device_id="PHONE")
    await Device(phone).publish(1)
    await alice.delete("devices/PHONE", {"auth": alice.auth()})
    device = await DehydratedDevice(alice).put()
    await alice.delete(PATH)
    settings = world.server.context.settings
    where = ("--database", settings.database, "--server-name", settings.server_name)

    async def run(*command: str) -> str:
        done = await asyncio.to_thread(holdfast, tmp_path, *BACKUP, *command, *where)
        assert done.returncode == 0, done.stderr
        return done.stdout

    session, dehydrated = (await run("history", "alice")).splitlines()
    assert session.endswith("session PHONE, removed")
    assert dehydrated.endswith(f"dehydrated device {device.device_id}, removed")
    back = await run("restore", "alice", session.split()[0], "--yes")
    assert back == "Session PHONE of @alice:hold.example is back, locked.\n"
    back = await run("restore", "alice", dehydrated.split()[0], "--yes")
    told = f"The dehydrated device {device.device_id} of @alice:hold.example waits again.\n"
    assert back == told
    assert (await alice.devices())["PHONE"]["dev.holdfast.state"] == "locked"
    assert (await alice.get(PATH)).json()["device_id"] == device.device_id
