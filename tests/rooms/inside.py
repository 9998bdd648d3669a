"""What people do in rooms, the way clients do it."""

from itertools import count
from typing import Any

from tests.world import Answer, Person, World

_numbers = count()
MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}


async def create_room(person: Person, *invited: Person, **body: Any) -> str:
    """A new room, which those `invited` have joined; its ID. Not encrypted unless asked for."""
    wanted = {"invite": [each.user_id for each in invited], "preset": "public_chat", **body}
    answer = await person.post("createRoom", wanted)
    assert answer.status_code == 200, answer.text
    room_id: str = answer.json()["room_id"]
    for each in invited:
        await join(each, room_id)
    return room_id


async def private_room(person: Person, *invited: Person, **body: Any) -> str:
    """The same, encrypted, where nobody comes in without an invitation."""
    return await create_room(person, *invited, preset="private_chat", **body)


async def join(person: Person, room_id: str) -> None:
    """Join a room."""
    answer = await person.post(f"rooms/{room_id}/join")
    assert answer.status_code == 200, answer.text


async def act(person: Person, room_id: str, what: str, **body: Any) -> Answer:
    """Leave, invite, kick, ban, unban, forget."""
    return await person.post(f"rooms/{room_id}/{what}", body)


async def do(person: Person, room_id: str, what: str, **body: Any) -> None:
    """The same, and it is allowed."""
    answer = await act(person, room_id, what, **body)
    assert answer.status_code == 200, answer.text


async def try_to_send(
    person: Person,
    room_id: str,
    content: Any = None,
    kind: str = "m.room.message",
    txn_id: str | None = None,
) -> Answer:
    """Send an event."""
    said = {"msgtype": "m.text", "body": "hello"} if content is None else content
    txn = txn_id or f"txn{next(_numbers)}"
    return await person.put(f"rooms/{room_id}/send/{kind}/{txn}", said)


async def send(person: Person, room_id: str, content: Any = None, **more: Any) -> str:
    """Send an event, which is allowed; its ID."""
    return event_id(await try_to_send(person, room_id, content, **more))


async def say(person: Person, room_id: str, text: str, **content: Any) -> str:
    """Send a text; the event's ID."""
    return await send(person, room_id, {"msgtype": "m.text", "body": text, **content})


async def set_state(
    person: Person, room_id: str, kind: str, content: Any, state_key: str = ""
) -> Answer:
    """Set a part of the state."""
    return await person.put(f"rooms/{room_id}/state/{kind}/{state_key}", content)


async def now_says(
    person: Person, room_id: str, kind: str, content: Any, state_key: str = ""
) -> str:
    """Set a part of the state, which is allowed; the event's ID."""
    return event_id(await set_state(person, room_id, kind, content, state_key))


async def redact(person: Person, room_id: str, event: str, **content: Any) -> str:
    """Take back an event; the redaction's ID."""
    url = f"rooms/{room_id}/redact/{event}/txn{next(_numbers)}"
    return event_id(await person.put(url, content))


def event_id(answer: Answer) -> str:
    """The event ID in an answer, which is a success."""
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["event_id"]
    return found


async def stored(world: World, room_id: str) -> int:
    """How many events a room has."""
    sql = "SELECT count(*) FROM events WHERE room_id = :room_id"
    found: int = await world.server.context.db.read(lambda tx: tx.value(sql, room_id=room_id))
    return found
