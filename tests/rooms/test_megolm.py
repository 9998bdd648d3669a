"""What the headers of encrypted messages say is noted with them, for the custody report."""

from base64 import b64decode, b64encode
from typing import Any

import pytest
from vodozemac import GroupSession

from tests.rooms.inside import create_room, redact, send
from tests.world import World

MEGOLM = "m.megolm.v1.aes-sha2"
HUGE_INDEX = b"\x03\x08\x80\x80\x80\x80\x7f"  # of more than 32 bits


def encrypted(session: GroupSession, text: bytes = b"secret") -> dict[str, Any]:
    return {
        "algorithm": MEGOLM,
        "ciphertext": session.encrypt(text).to_base64(),
        "session_id": session.session_id,
        "sender_key": "k" * 43,
        "device_id": "D",
    }


async def facts(world: World, room_id: str) -> list[tuple[Any, ...]]:
    sql = (
        "SELECT session_id, message_index, sender, device_id FROM encrypted_events"
        " WHERE room_id = :room_id ORDER BY position"
    )
    return await world.server.context.db.read(
        lambda tx: tx.all(lambda *row: row, sql, room_id=room_id)
    )


async def test_session_index_and_sender_are_noted(world: World) -> None:
    alice = await world.register("alice")
    other, room_id = await alice.another_session(), await create_room(alice)
    session = GroupSession()
    for n in range(200):
        content = encrypted(session, b"x" * n)
        if n in (0, 1, 127, 128, 199):
            await send(alice if n < 128 else other, room_id, content, kind="m.room.encrypted")
    told = [(session.session_id, n, alice.user_id) for n in (0, 1, 127, 128, 199)]
    found = await facts(world, room_id)
    assert [row[:3] for row in found] == told
    assert [row[3] for row in found] == [alice.device_id] * 3 + [other.device_id] * 2


def _with(change: dict[str, Any]) -> dict[str, Any]:
    return {**encrypted(GroupSession()), **change}


def _cut(count: int) -> str:
    whole = b64decode(encrypted(GroupSession())["ciphertext"] + "==")
    return b64encode(whole[:count]).decode().rstrip("=")


@pytest.mark.parametrize(
    "content",
    [
        {},
        _with({"algorithm": "m.olm.v1.curve25519-aes-sha2"}),
        _with({"session_id": 7}),
        _with({"session_id": ""}),
        _with({"session_id": "s" * 256}),
        _with({"ciphertext": None}),
        _with({"ciphertext": ""}),
        _with({"ciphertext": "not base64!"}),
        _with({"ciphertext": "AwgA"}),
        _with({"ciphertext": _cut(60)}),
        _with({"ciphertext": b64encode(b"\x02\x08\x00\x12\x00" + b"x" * 72).decode()}),
        _with({"ciphertext": b64encode(b"\x03\x08" + b"\xff" * 10).decode()}),
        _with({"ciphertext": b64encode(HUGE_INDEX + b"\x12\x00" + b"x" * 72).decode()}),
    ],
)
async def test_what_cannot_be_read_is_stored_and_counted_as_that(
    world: World, content: dict[str, Any]
) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    await send(alice, room_id, content, kind="m.room.encrypted")
    assert await facts(world, room_id) == [(None, None, alice.user_id, alice.device_id)]


async def test_a_redacted_message_has_nothing_to_read(world: World) -> None:
    alice = await world.register("alice")
    room_id = await create_room(alice)
    event = await send(alice, room_id, encrypted(GroupSession()), kind="m.room.encrypted")
    await redact(alice, room_id, event)
    assert await facts(world, room_id) == []
