"""matrix-nio in an encrypted room: two users with three sessions each."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from nio import (
    AsyncClient,
    DownloadResponse,
    JoinResponse,
    ReactionEvent,
    RoomCreateResponse,
    RoomEncryptedFile,
    RoomMessageText,
    RoomRedactResponse,
    RoomSendResponse,
    UploadResponse,
)
from nio.crypto import Sas, decrypt_attachment

from tests.clients.nio_kit import new_name, register, signed_in, sync
from tests.fixtures.running_server import RunningServer

ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


class Room:
    """Six sessions in a room; each remembers what it could read."""

    def __init__(self, clients: list[AsyncClient], room_id: str) -> None:
        self.clients = clients
        self.room_id = room_id
        self.read: list[dict[str, Any]] = [{} for _ in clients]
        for client, seen in zip(clients, self.read, strict=True):

            async def note(_room: Any, event: Any, seen: dict[str, Any] = seen) -> None:
                seen[event.event_id] = event

            client.add_event_callback(note, (RoomMessageText, ReactionEvent, RoomEncryptedFile))

    async def settle(self) -> None:
        """Let everybody hear of everything."""
        for _ in range(3):
            for client in self.clients:
                await sync(client)
                if client.should_query_keys:
                    await client.keys_query()

    async def send(self, n: int, content: Any, kind: str = "m.room.message") -> str:
        """What a session sends, to all sessions that it knows of."""
        answer = await self.clients[n].room_send(
            self.room_id, kind, content, ignore_unverified_devices=True
        )
        assert isinstance(answer, RoomSendResponse), answer
        await self.settle()
        return str(answer.event_id)

    def seen_by_all(self, event_id: str) -> list[Any]:
        """An event as each session has read it."""
        missing = [n for n, seen in enumerate(self.read) if event_id not in seen]
        assert missing == [], f"not read by {missing}"
        return [seen[event_id] for seen in self.read]


@pytest.fixture
async def room(homeserver: RunningServer, tmp_path: Path) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        clients = []
        for name in (new_name(), new_name()):
            await register(homeserver, name)
            for n in range(3):
                store = tmp_path / f"{name}-{n}"
                store.mkdir()
                one = signed_in(homeserver, name, store=store)
                clients.append(await stack.enter_async_context(one))
        for client in clients:
            await sync(client)
        made = await clients[0].room_create(initial_state=[ENCRYPTION], invite=[clients[3].user_id])
        assert isinstance(made, RoomCreateResponse), made
        joined = await clients[3].join(made.room_id)
        assert isinstance(joined, JoinResponse), joined
        found = Room(clients, made.room_id)
        await found.settle()
        yield found


async def test_each_session_reads_what_the_others_write(room: Room) -> None:
    sent = {}
    for n in range(6):
        text = {"msgtype": "m.text", "body": f"message {n}"}
        sent[await room.send(n, text)] = f"message {n}"
    for event_id, body in sent.items():
        assert [event.body for event in room.seen_by_all(event_id)] == [body] * 6
        assert all(event.decrypted for event in room.seen_by_all(event_id))
    first = next(iter(sent))
    edit = {
        "msgtype": "m.text",
        "body": "* better",
        "m.new_content": {"msgtype": "m.text", "body": "better"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": first},
    }
    edited = room.seen_by_all(await room.send(1, edit))
    assert {event.source["content"]["m.new_content"]["body"] for event in edited} == {"better"}
    reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": first, "key": "👍"}}
    answer = await room.clients[4].room_send(room.room_id, "m.reaction", reaction)
    assert isinstance(answer, RoomSendResponse), answer
    await room.settle()
    assert {event.key for event in room.seen_by_all(answer.event_id)} == {"👍"}
    redacted = await room.clients[0].room_redact(room.room_id, first, "slip")
    assert isinstance(redacted, RoomRedactResponse), redacted


async def test_a_file_reaches_every_session(room: Room) -> None:
    content = b"what is in the file " * 500
    uploaded, keys = await room.clients[0].upload(
        io.BytesIO(content), content_type="text/plain", encrypt=True, filesize=len(content)
    )
    assert isinstance(uploaded, UploadResponse), uploaded
    file = {"url": uploaded.content_uri, **(keys or {})}
    event_id = await room.send(0, {"msgtype": "m.file", "body": "letter.txt", "file": file})
    for client, event in zip(room.clients, room.seen_by_all(event_id), strict=True):
        got = await client.download(mxc=event.url)
        assert isinstance(got, DownloadResponse), got
        sealed = event.source["content"]["file"]
        opened = decrypt_attachment(
            got.body, sealed["key"]["k"], sealed["hashes"]["sha256"], sealed["iv"]
        )
        assert opened == content


async def test_two_users_verify_each_other_by_emoji(room: Room) -> None:
    alice, bob = room.clients[0], room.clients[3]
    for n in (0, 3):  # nio looks the devices of others up before it writes to them
        await room.send(n, {"msgtype": "m.text", "body": "hello"})
    device = alice.device_store[bob.user_id][bob.device_id]
    await alice.start_key_verification(device)
    (transaction,) = alice.key_verifications
    await bob.sync(timeout=0)
    assert isinstance(bob.key_verifications[transaction], Sas)
    await bob.accept_key_verification(transaction)
    for _ in range(3):
        await asyncio.gather(alice.sync(timeout=0), bob.sync(timeout=0))
        for client in (alice, bob):
            await client.send_to_device_messages()
    both = [client.key_verifications[transaction] for client in (alice, bob)]
    assert both[0].get_emoji() == both[1].get_emoji()
    for client in (alice, bob):
        await client.confirm_short_auth_string(transaction)
    for _ in range(3):
        await asyncio.gather(alice.sync(timeout=0), bob.sync(timeout=0))
    assert alice.device_store[bob.user_id][bob.device_id].verified
    assert bob.device_store[alice.user_id][alice.device_id].verified
