"""No secret is written down in the clear: not in the log, not in the database, not in an answer."""

import io
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog

from holdfast.journal import rules as journal
from holdfast.kit import log
from tests.fixtures.postgres import find_programs
from tests.fixtures.worlds import MakeWorld
from tests.world import EXTRAS, PASSWORD, World, person

NEW = "nimbus orchard vagrant"
WRONG = "an ember typed wrongly"
MAIL = "alice@example.org"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, at the most talkative level."""
    before = structlog.get_config()
    stream = io.StringIO()
    log.configure("json", "debug", stream)
    # Otherwise the loggers keep writing to this test's stream after it.
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    yield stream
    structlog.configure(**before)


async def every_secret(world: World) -> set[str]:
    """Use every flow that has a secret; return all of them, spent and unspent."""
    secrets = {PASSWORD, NEW, WRONG, "s3cret-of-the-client", "secret.0."}
    alice = await world.register("alice", email=MAIL)
    phone = person(world, PASSWORD, await world.login("alice", refresh_token=True))
    secrets |= {alice.token, phone.token, phone.refresh_token or ""}
    refreshed = (await world.post("refresh", {"refresh_token": phone.refresh_token})).json()
    secrets |= {refreshed["access_token"], refreshed["refresh_token"]}
    secrets.add(await alice.login_token())
    secrets.add(await world.invite())
    await world.login("alice", WRONG)
    await world.get(f"account/whoami?access_token={alice.token}")
    first = await alice.post("account/password", {"new_password": NEW})
    secrets.add(first.json()["session"])
    await world.request_token("account/password/email", MAIL, secret="s3cret-of-the-client")
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    for letter in await world.letters(MAIL):
        if "https://" in letter.text:
            secrets |= tokens_in(letter.link)
            await world.follow(letter.link.partition("#")[0])
    await world.post(f"{EXTRAS}/password_reset/open", {"token": max(secrets, key=len)})
    await alice.post("account/password", {"new_password": NEW, "auth": alice.auth(WRONG)})
    return {secret for secret in secrets if secret}


def tokens_in(link: str) -> set[str]:
    """The secrets of a mailed link."""
    url = urlsplit(link)
    whole = {url.fragment, url.fragment.partition(".")[2]}
    return whole | set(parse_qs(url.query).get("token", []))


async def test_not_in_the_database(world: World, database_url: str, tmp_path: Path) -> None:
    secrets = await every_secret(world)
    assert len(secrets) > 14
    stored = everything_stored(database_url, tmp_path)
    assert MAIL.encode() in stored, "this is where it would be"
    as_blobs = {secret.encode().hex(): secret for secret in secrets}  # as a dump writes them
    assert [secret for secret in secrets if secret.encode() in stored] == []
    assert [secret for blob, secret in as_blobs.items() if blob.encode() in stored] == []


async def test_not_in_the_journal(world: World) -> None:
    """Its owner and operators read it, and it is kept for long."""
    secrets = await every_secret(world)
    alice = person(world, PASSWORD, await world.login("alice"))
    await alice.another_session(refresh_token=True)
    await alice.add_address("second@example.org")
    await alice.change_password(NEW)
    back = person(world, NEW, await world.login("alice", NEW, refresh_token=True))
    await back.post("logout/all")
    found = await world.server.context.db.read(lambda tx: journal.page(tx, alice.user_id, 500))
    told = "\n".join(str(entry) for entry in found.entries)
    assert {"session_opened", "password_changed", "sessions_removed", "address_added"} <= {
        entry.what for entry in found.entries
    }
    secrets |= {alice.token, back.token, back.refresh_token or ""}
    assert "second@example.org" in told, "this is where they would be"
    assert [secret for secret in secrets if secret in told] == []
    assert "$argon2" not in told


def everything_stored(url: str, tmp_path: Path) -> bytes:
    """The bytes of the database's files, or what PostgreSQL's own dump says of it."""
    if url.startswith("sqlite"):
        return b"".join(file.read_bytes() for file in tmp_path.glob("holdfast.db*"))
    dump = subprocess.run([find_programs() / "pg_dump", url], capture_output=True, check=True)
    return dump.stdout


async def test_not_in_the_log(lines: io.StringIO, world: World) -> None:
    secrets = await every_secret(world)
    written = lines.getvalue()
    assert written.count("\n") > 10
    assert [secret for secret in secrets if secret in written] == []


async def test_not_in_the_log_of_what_fails(
    lines: io.StringIO, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect's traceback names no values."""
    alice = await world.register("alice")

    async def broken(_password: str) -> str:
        raise RuntimeError("out of order")

    monkeypatch.setattr(world.server.context.hasher, "hash", broken)
    answer = await alice.change_password(NEW)
    assert answer.status_code == 500
    assert "out of order" not in answer.text
    assert "out of order" in lines.getvalue()
    assert answer.json()["dev.holdfast.request_id"] in lines.getvalue()
    assert NEW not in lines.getvalue()
    assert alice.token not in lines.getvalue()


async def test_not_in_an_error(world: World) -> None:
    alice = await world.register("alice")
    for answer in (
        await world.login("alice", WRONG),
        await alice.post("account/password", {"new_password": NEW, "auth": alice.auth(WRONG)}),
        await world.post("register", {"username": "bob", "password": "hunter2"}),
        await world.post("refresh", {"refresh_token": "hfr_guessed"}),
    ):
        assert answer.status_code >= 400
        for secret in (WRONG, NEW, "hunter2", "hfr_guessed"):
            assert secret not in answer.text


@pytest.fixture
async def strong(make_world: MakeWorld) -> AsyncIterator[World]:
    async with make_world(HOLDFAST_ARGON2_MEMORY_KIB="19456", HOLDFAST_ARGON2_TIME_COST="2") as w:
        yield w


async def test_passwords_are_hashed_as_the_settings_say(
    strong: World, database_url: str, tmp_path: Path
) -> None:
    await strong.register("alice")
    assert b"$argon2id$v=19$m=19456,t=2,p=1$" in everything_stored(database_url, tmp_path)


async def test_tokens_hold_256_bits(world: World) -> None:
    alice = await world.register("alice", email=MAIL, refresh_token=True)
    await world.post(f"{EXTRAS}/password_reset/request", {"email": MAIL})
    reset = (await world.letters(MAIL))[-1].link.partition(".")[2].rpartition(".")[2]
    issued = [alice.token, alice.refresh_token or "", await alice.login_token(), reset]
    for token in issued:
        assert len(re.sub("^hf._", "", token)) == 43, "32 bytes in base 64"
    assert len(set(issued)) == 4
