"""What the tests with matrix-nio share."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from nio import (
    AsyncClient,
    KeysQueryResponse,
    KeysUploadResponse,
    LoginResponse,
    MatrixRoom,
    MegolmEvent,
    RegisterResponse,
    ShareGroupSessionResponse,
    SyncResponse,
)

from tests.clients.room_keys import ROOMS
from tests.clients.script import OLD
from tests.fixtures.running_server import RunningServer


def new_name() -> str:
    """A user name that nobody has yet."""
    return f"nio-{uuid.uuid4().hex[:12]}"


@asynccontextmanager
async def client(
    server: RunningServer, user: str, device_id: str = "", store: Path | None = None
) -> AsyncIterator[AsyncClient]:
    """A client that is not signed in; with a folder to `store` keys in, it encrypts."""
    made = AsyncClient(server.url, user, device_id, store_path=str(store) if store else "")
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def signed_in(
    server: RunningServer,
    user: str,
    password: str = OLD,
    device_id: str = "",
    store: Path | None = None,
) -> AsyncIterator[AsyncClient]:
    """A signed-in client."""
    async with client(server, user, device_id, store) as made:
        answer = await made.login(password, device_name="nio")
        assert isinstance(answer, LoginResponse), answer
        yield made


async def register(server: RunningServer, name: str) -> None:
    """Create an account."""
    async with client(server, name) as made:
        answer = await made.register(name, OLD, device_name="first")
        assert isinstance(answer, RegisterResponse), answer


async def call(made: AsyncClient, method: str, path: str, body: Any) -> tuple[int, Any]:
    """What nio has no method for, through its own connection."""
    headers = {"Authorization": f"Bearer {made.access_token}"} if made.access_token else {}
    answer = await made.send(method, f"/_matrix/client/v3/{path}", json.dumps(body), {**headers})
    return answer.status, await answer.json()


def password_stage(made: AsyncClient, password: str = OLD) -> dict[str, Any]:
    """A complete proof by account password."""
    identifier = {"type": "m.id.user", "user": made.user_id}
    return {"type": "m.login.password", "identifier": identifier, "password": password}


async def sync(made: AsyncClient) -> None:
    """One look for news, and whatever nio wants to do about its keys then."""
    answer = await made.sync(timeout=0)
    assert isinstance(answer, SyncResponse), answer
    if made.should_upload_keys:
        uploaded = await made.keys_upload()
        assert isinstance(uploaded, KeysUploadResponse), uploaded


def in_room(made: AsyncClient, *members: str) -> None:
    """Tell a client that it is in an encrypted room with others."""
    room = MatrixRoom(ROOMS[0], made.user_id, encrypted=True)
    for member in members:
        room.add_member(member, None, None)
    room.members_synced = True
    made.rooms[ROOMS[0]] = room
    made.olm.update_tracked_users(room)


async def encrypt(made: AsyncClient, text: str) -> MegolmEvent:
    """Share a new room key with everybody in the room, and encrypt a message with it."""
    if made.should_query_keys:
        queried = await made.keys_query()
        assert isinstance(queried, KeysQueryResponse), queried
    made.invalidate_outbound_session(ROOMS[0])
    shared = await made.share_group_session(ROOMS[0], ignore_unverified_devices=True)
    assert isinstance(shared, ShareGroupSessionResponse), shared
    body = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": text}}
    event = {
        "type": "m.room.encrypted",
        "event_id": "$event",
        "sender": made.user_id,
        "origin_server_ts": 1,
        "room_id": ROOMS[0],
        "content": made.olm.group_encrypt(ROOMS[0], body),
    }
    encrypted = MegolmEvent.from_dict(event)
    assert isinstance(encrypted, MegolmEvent), encrypted
    return encrypted
