"""The world tests live in: a server, people with clients, a clock that can be turned, a mailbox.

Tests speak HTTP with the application itself, in the same event loop, so that what runs beside the
requests (mail, notifications) is the real thing too. Mail goes to a real SMTP server.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from holdfast.app import Server
from holdfast.config import Settings, load_settings
from holdfast.device_keys.listing import list_device
from holdfast.kit.db import Tx, open_database
from holdfast.kit.ids import SystemRandomness
from holdfast.sessions.sql import Device, put_device
from holdfast.uia import registration_tokens
from tests.surroundings import Letter, MailServer, TurnableClock, free_port

__all__ = ["Letter", "MailServer", "Person", "TurnableClock", "World", "free_port"]

PUBLIC_URL = "https://hold.example"
EXTRAS = "/_matrix/client/unstable/dev.holdfast"
PASSWORD = "wandering ember stadium"
Answer = httpx.Response


@dataclass
class Person:
    """Somebody with a signed-in client."""

    world: "World"
    user_id: str
    password: str
    token: str
    device_id: str
    refresh_token: str | None = None

    async def get(self, path: str, **kwargs: Any) -> Answer:
        return await self.world.call("GET", path, token=self.token, **kwargs)

    async def post(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        body = {} if json is None else json
        return await self.world.call("POST", path, json=body, token=self.token, **kwargs)

    async def put(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        body = {} if json is None else json
        return await self.world.call("PUT", path, json=body, token=self.token, **kwargs)

    async def delete(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        body = {} if json is None else json
        return await self.world.call("DELETE", path, json=body, token=self.token, **kwargs)

    def auth(self, password: str | None = None) -> dict[str, Any]:
        """A complete password stage, as Element sends it with the first request."""
        return {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self.user_id},
            "password": self.password if password is None else password,
        }

    async def another_session(self, **body: Any) -> "Person":
        """The same person signing in on another client."""
        answer = await self.world.login(self.user_id, self.password, **body)
        assert answer.status_code == 200, answer.text
        return person(self.world, self.password, answer)

    async def change_password(self, new: str, **body: Any) -> Answer:
        wanted = {"auth": self.auth(), "new_password": new, **body}
        return await self.post("account/password", wanted)

    async def login_token(self) -> str:
        """A token with which another client signs in as this person."""
        url = "/_matrix/client/v1/login/get_token"
        answer = await self.post(url, {"auth": self.auth()})
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["login_token"]
        return token

    async def add_address(self, email: str) -> None:
        """Prove a further e-mail address and add it to the account."""
        proof = await self.world.prove_address("account/3pid/email", email, token=self.token)
        creds = proof["threepid_creds"]
        answer = await self.post("account/3pid/add", {"auth": self.auth(), **creds})
        assert answer.status_code == 200, answer.text

    async def devices(self) -> dict[str, dict[str, Any]]:
        """The person's sessions by device ID."""
        listed = (await self.get("devices")).json()["devices"]
        return {device["device_id"]: device for device in listed}

    async def is_signed_in(self) -> bool:
        return (await self.get("account/whoami")).status_code == 200


def person(world: "World", password: str, answer: Answer) -> Person:
    """Who is signed in after a successful login or registration."""
    body = answer.json()
    return Person(
        world,
        body["user_id"],
        password,
        body["access_token"],
        body["device_id"],
        body.get("refresh_token"),
    )


def refused(answer: Answer, status: int, errcode: str) -> None:
    """Check that the answer is this error."""
    assert (answer.status_code, answer.json().get("errcode")) == (status, errcode), answer.text


@dataclass
class World:
    """A running server and everything around it. Paths without a slash are of the `v3` API."""

    server: Server
    http: httpx.AsyncClient
    clock: TurnableClock
    mail: MailServer
    statements: list[str] = field(default_factory=list)

    async def call(
        self, method: str, path: str, *, token: str | None = None, **kwargs: Any
    ) -> Answer:
        url = path if path.startswith("/") else f"/_matrix/client/v3/{path}"
        headers = dict(kwargs.pop("headers", {}))
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        return await self.http.request(method, url, headers=headers, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> Answer:
        return await self.call("GET", path, **kwargs)

    async def post(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        return await self.call("POST", path, json={} if json is None else json, **kwargs)

    async def login(self, user: str, password: str = PASSWORD, **body: Any) -> Answer:
        who = {"type": "m.id.user", "user": user}
        wanted = {"type": "m.login.password", "identifier": who, "password": password, **body}
        return await self.post("login", wanted)

    async def register(
        self, name: str, *, email: str | None = None, password: str = PASSWORD, **body: Any
    ) -> Person:
        """A new account, with a proven e-mail address if one is named."""
        auth: dict[str, Any] = {"type": "m.login.dummy"}
        if email is not None:
            auth = await self.prove_address("register/email", email)
        wanted = {"username": name, "password": password, "auth": auth, **body}
        answer = await self.post("register", wanted)
        assert answer.status_code == 200, answer.text
        return person(self, password, answer)

    async def prove_address(self, path: str, email: str, **kwargs: Any) -> dict[str, Any]:
        """Ask for a link, get the mail, confirm it; return the stage it completes."""
        secret = f"secret.{len(self.mail.inboxes[email])}.{self.clock.now}"
        number = len(await self.letters(email)) + 1
        creds = await self.request_token(path, email, secret=secret, **kwargs)
        await self.press((await self.letter(email, number=number)).link)
        return {"type": "m.login.email.identity", "threepid_creds": creds}

    async def request_token(
        self, path: str, email: str, *, secret: str = "s3cret", attempt: int = 1, **kwargs: Any
    ) -> dict[str, str]:
        answer = await self.post(
            f"{path}/requestToken",
            {"email": email, "client_secret": secret, "send_attempt": attempt},
            **kwargs,
        )
        assert answer.status_code == 200, answer.text
        return {"sid": answer.json()["sid"], "client_secret": secret}

    async def follow(self, link: str, method: str = "GET", **kwargs: Any) -> Answer:
        """Open a link out of a mail, as a browser does."""
        assert link.startswith(PUBLIC_URL + "/"), link
        return await self.call(method, link.removeprefix(PUBLIC_URL), **kwargs)

    async def press(self, link: str, **headers: str) -> Answer:
        """Press the button of the page behind a link out of a mail."""
        url = urlsplit(link)
        return await self.call("POST", url.path, data=dict(parse_qsl(url.query)), headers=headers)

    async def letter(self, email: str, *, number: int | None = None) -> Letter:
        """The newest mail to an address, waiting for it; or the one of this `number`, from 1."""
        inbox = self.mail.inboxes[email]
        for _ in range(500):
            if len(inbox) >= (number or 1) and await self.all_mail_sent():
                return Letter(inbox[(number or 0) - 1])
            await asyncio.sleep(0.01)
        raise AssertionError(f"no mail for {email}; there are {dict(self.mail.inboxes).keys()}")

    async def letters(self, email: str) -> list[Letter]:
        """Every mail to an address, the oldest first, when none is on its way any more."""
        for _ in range(500):
            if await self.all_mail_sent():
                break
            await asyncio.sleep(0.01)
        return [Letter(message) for message in self.mail.inboxes[email]]

    async def all_mail_sent(self) -> bool:
        """Whether no mail is waiting to be sent at this time of the world's clock."""
        due = "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL"
        return bool(await self.server.context.db.read(lambda tx: tx.value(due)) == 0)

    async def invite(self, **kwargs: Any) -> str:
        """A new registration token, made as the command line makes it."""
        token = f"invitation-{len(self.statements)}-{self.clock.now}"
        await self.server.context.db.write(
            lambda tx: registration_tokens.create(tx, token, now=self.clock.now, **kwargs)
        )
        return token

    async def many_sessions(self, person: Person, count: int) -> None:
        """Give somebody `count` more sessions at once; signing in to each would take long."""
        owner = person.user_id
        devices = [seen(owner, f"MANY{number}", self.clock.now) for number in range(count)]

        def add(tx: Tx) -> None:
            for device in devices:
                put_device(tx, device)
                list_device(tx, device.user_id, device.device_id, device.display_name)

        await self.server.context.db.write(add)

    async def store_last_seen(self) -> None:
        """What the server does twice a minute."""
        await self.server.last_seen.store()

    async def housekeeping(self) -> None:
        """What the server does hourly."""
        await self.server.housekeeper.clear_away()

    async def count_statements(self, act: Callable[[], Any]) -> int:
        """How many statements the database runs for what `act` asks for.

        Commits do not count, as several requests may share one, and neither does what the sender
        of mails and the deliveries of push notifications do meanwhile.
        """
        self.statements.clear()
        await act()
        return len(self.asked_for())

    def asked_for(self) -> list[str]:
        """The statements of requests, without those of the senders that run beside them."""
        return [each for each in self.statements if _of_a_request(each)]


def _of_a_request(statement: str) -> bool:
    of_the_sender = "outbox" in statement and not statement.startswith("INSERT")
    of_deliveries = "leased_until" in statement or "min(retry_at)" in statement
    return statement != "COMMIT" and not of_the_sender and not of_deliveries


def seen(user_id: str, device_id: str, now: int) -> Device:
    """A session that was last seen just now."""
    return Device(user_id, device_id, None, now, now, "192.0.2.1", "Test", locked_at=None)


def environment(data_dir: Path, database: str, mail: MailServer) -> dict[str, str]:
    """The settings for tests: weak hashing, no limits, mail to the world's mail server."""
    return {
        "HOLDFAST_SERVER_NAME": "hold.example",
        "HOLDFAST_PUBLIC_URL": PUBLIC_URL,
        "HOLDFAST_DATA_DIR": str(data_dir),
        "HOLDFAST_DATABASE": database,
        "HOLDFAST_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        "HOLDFAST_REGISTRATION": "open",
        "HOLDFAST_RATE_LIMITS": "off",
        "HOLDFAST_ARGON2_MEMORY_KIB": "64",
        "HOLDFAST_ARGON2_TIME_COST": "1",
    }


def settings_for(data_dir: Path, database: str, mail: MailServer, **more: str) -> Settings:
    """Settings for tests, some of them given as environment variables."""
    return load_settings(environ={**environment(data_dir, database, mail), **more})


def build_world(settings: Settings, mail: MailServer) -> World:
    """A world whose server is not started yet."""
    statements: list[str] = []
    clock = TurnableClock()
    database = open_database(settings.database, statements.append)
    server = Server(settings, database, clock, SystemRandomness())
    transport = httpx.ASGITransport(server, raise_app_exceptions=False)
    http = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
    return World(server, http, clock, mail, statements)
