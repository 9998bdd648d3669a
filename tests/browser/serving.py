"""A Holdfast as people run it: a process of its own, on a port and in a folder of its own."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from holdfast.kit.db import open_database
from tests.world import PASSWORD, free_port

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = "/_matrix/client/unstable/dev.holdfast"
MAILBOX = "/_holdfast/mailbox"
CHEAP_HASHES = {"HOLDFAST_ARGON2_MEMORY_KIB": "1024", "HOLDFAST_ARGON2_TIME_COST": "1"}
START_SECONDS = 60
Json = dict[str, Any]


@dataclass
class Person:
    """Somebody with an account, and the session that creating it opened."""

    server: "LiveServer"
    name: str
    user_id: str
    password: str
    email: str | None
    device_id: str
    token: str

    def get(self, path: str) -> Json:
        return self.server.call("GET", path, token=self.token)

    def another_session(self, name: str, *, client: str = "", device_id: str = "") -> "Person":
        """The same person signing in with another app."""
        body: Json = {"initial_device_display_name": name}
        if device_id:
            body["device_id"] = device_id
        answer = self.server.login(self.user_id, self.password, client=client, **body)
        return Person(
            self.server,
            self.name,
            self.user_id,
            self.password,
            self.email,
            answer["device_id"],
            answer["access_token"],
        )

    def lock(self, other: "Person") -> None:
        """Lock another of the same person's sessions, or this one."""
        body = {"devices": [other.device_id]}
        self.server.call("POST", f"{EXTRAS}/lock_devices", body, token=self.token)

    def devices(self) -> dict[str, Json]:
        """The person's sessions by the name they are shown with."""
        listed = self.get("devices")["devices"]
        return {str(device["display_name"]): device for device in listed}

    def states(self) -> dict[str, str]:
        """Whether each of the person's sessions is signed in or locked, by device ID."""
        listed = self.get("devices")["devices"]
        return {device["device_id"]: device["dev.holdfast.state"] for device in listed}

    def status(self) -> tuple[int, bool]:
        """The status of a request with this session's token, and whether it is a soft logout."""
        answer = self.server.ask("GET", "account/whoami", token=self.token)
        return answer.status_code, bool(answer.json().get("soft_logout"))


@dataclass(frozen=True)
class Letter:
    """A mail in the development mailbox."""

    page: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The first link of the text: the one people follow."""
        found = re.search(r"https?://[^\s<>]+", self.text)
        assert found, f"no link in:\n{self.text}"
        return found[0]


class LiveServer:
    """A running server. Settings that differ are given as environment variables."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.name = environ.get("HOLDFAST_SERVER_NAME", "localhost")
        self._names: Counter[str] = Counter()
        self._data = folder / "data"
        self._said = folder / "server.log"
        self._log = self._said.open("w")
        self._process = self._start(environ)
        self.http = httpx.Client(base_url=self.url, timeout=30)

    def _start(self, environ: dict[str, str]) -> subprocess.Popen[bytes]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("HOLDFAST_")}
        command = [sys.executable, "-m", "holdfast.cli", "serve", "--port", str(self.port)]
        return subprocess.Popen(
            [*command, "--data-dir", str(self._data)],
            env={
                **inherited,
                "PYTHONPATH": str(ROOT / "src"),
                "HOLDFAST_RATE_LIMITS": "off",
                **CHEAP_HASHES,
                **environ,
            },
            cwd=self._data.parent,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> "LiveServer":
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(self._said.read_text())
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            return self.http.get("/_holdfast/health").status_code == 200
        except httpx.TransportError:
            return False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self.http.close()
        self._process.terminate()
        self._process.wait(timeout=30)
        self._log.close()

    def ask(
        self, method: str, path: str, json: Json | None = None, *, token: str = "", client: str = ""
    ) -> httpx.Response:
        """Send a request of the `v3` API, or one whose path begins with a slash."""
        url = path if path.startswith("/") else f"/_matrix/client/v3/{path}"
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if client:
            headers["user-agent"] = client
        body = json if json is not None or method == "GET" else {}
        return self.http.request(method, url, json=body, headers=headers)

    def call(self, method: str, path: str, json: Json | None = None, **how: str) -> Json:
        """The same for a request that must succeed; returns its answer."""
        answer = self.ask(method, path, json, **how)
        assert answer.status_code == 200, answer.text
        result: Json = answer.json()
        return result

    def login(self, user: str, password: str, *, client: str = "", **body: Any) -> Json:
        identifier = {"type": "m.id.user", "user": user}
        wanted = {"type": "m.login.password", "identifier": identifier, "password": password}
        return self.call("POST", "login", {**wanted, **body}, client=client)

    def fresh_name(self, name: str = "alice") -> str:
        """A user name that no other test uses; the first to ask gets it as it is."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}{self._names[name]}"

    def person(self, name: str = "alice", *, mail: bool = False, **how: Any) -> Person:
        """Somebody new, with a proven e-mail address if wanted."""
        return self.register(self.fresh_name(name), mail=mail, **how)

    def register(self, name: str, *, mail: bool = False, client: str = "", **body: Any) -> Person:
        email = f"{name}@mail.example" if mail else None
        auth: Json = {"type": "m.login.dummy"}
        if email is not None:
            asked = {"email": email, "client_secret": f"s-{name}", "send_attempt": 1}
            sid = self.call("POST", "register/email/requestToken", asked)["sid"]
            assert self.http.get(self.letter(email).link).status_code == 200
            creds = {"sid": sid, "client_secret": f"s-{name}"}
            auth = {"type": "m.login.email.identity", "threepid_creds": creds}
        wanted: Json = {"username": name, "password": PASSWORD, "auth": auth}
        wanted |= {"initial_device_display_name": "First app", **body}
        answer = self.call("POST", "register", wanted, client=client)
        user_id, device_id = answer["user_id"], answer["device_id"]
        return Person(self, name, user_id, PASSWORD, email, device_id, answer["access_token"])

    def letters(self, email: str) -> list[Letter]:
        """The mails to an address, the newest first."""
        listed = self.http.get(MAILBOX).text
        rows = re.findall(r'<a href="([^"]+)"><strong>([^<]*)</strong><span>To ([^ ]*) ', listed)
        return [self._letter(page, unescape(subject)) for page, subject, to in rows if to == email]

    def _letter(self, page: str, subject: str) -> Letter:
        text = re.search(r"<pre>(.*?)</pre>", self.http.get(page).text, re.DOTALL)
        assert text
        return Letter(page, subject, unescape(re.sub(r"<[^>]+>", "", text[1])))

    def letter(self, email: str) -> Letter:
        """The newest mail to an address."""
        found = self.letters(email)
        assert found, f"no mail to {email}"
        return found[0]

    def reset_link(self, email: str) -> str:
        """The link to a new account password, as it is asked for on the portal's page."""
        self.call("POST", f"{EXTRAS}/password_reset/request", {"email": email})
        return self.letter(email).link

    def invite(self) -> str:
        """An invitation for one new account, made as an operator makes it."""
        command = [sys.executable, "-m", "holdfast.cli", "admin", "registration-token", "create"]
        where = ["--uses", "1", "--data-dir", str(self._data)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        return subprocess.check_output([*command, *where], env=environ, text=True).strip()

    def expire(self, link: str) -> None:
        """Let the time run out in which a link to a new account password can be used."""
        sid = link.partition("#")[2].partition(".")[0]
        past = "UPDATE address_proofs SET expires_at = 1 WHERE sid = :sid"
        self._write(past, sid=sid)

    def minutes_pass(self) -> None:
        """Let eleven minutes pass for what was written, and for the key backups before it."""
        self._write("UPDATE megolm_sessions SET first_ts = first_ts - 660000")
        self._write("UPDATE key_backups SET created_at = created_at - 1200000")

    def _write(self, statement: str, **values: Any) -> None:
        database = open_database(f"sqlite:///{self._data / 'holdfast.db'}")
        database.run_now(lambda tx: tx.run(statement, **values))
        database.close_now()
