"""What the tests of the key backup do over and over."""

import os
from base64 import b64encode
from typing import Any

from tests.world import EXTRAS, Answer, Person, World

ALGORITHM = "m.megolm_backup.v1.curve25519-aes-sha2"
HISTORY = f"{EXTRAS}/key_backup/history"
RESTORE = f"{EXTRAS}/key_backup/restore"
STORING = f"{EXTRAS}/key_backup/sessions"
ROOM = "!room:hold.example"
OTHER = "!other:hold.example"
WRONG = "M_WRONG_ROOM_KEYS_VERSION"


def base64(count: int) -> str:
    """Random bytes as clients write keys."""
    return b64encode(os.urandom(count)).rstrip(b"=").decode()


def auth_data(**more: Any) -> dict[str, Any]:
    """What a backup with a new key pair is made with."""
    return {"public_key": base64(32), "signatures": {"@a:b": {"ed25519:A": "x"}}, **more}


def key(
    first: int = 0, forwarded: int = 0, *, verified: bool = False, secret: str = "x"
) -> dict[str, Any]:
    """A room key as a client stores it."""
    return {
        "first_message_index": first,
        "forwarded_count": forwarded,
        "is_verified": verified,
        "session_data": {"ciphertext": secret, "mac": "mac", "ephemeral": "ephemeral"},
    }


def rooms(keys: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    """Keys by room and session, as they travel."""
    found: dict[str, Any] = {}
    for (room, session), each in keys.items():
        found.setdefault(room, {"sessions": {}})["sessions"][session] = each
    return {"rooms": found}


def many(count: int, *, of_rooms: int = 10, **fields: Any) -> dict[str, Any]:
    """A body with so many keys."""
    return rooms(
        {(f"!r{n % of_rooms}:hold.example", f"session{n}"): key(**fields) for n in range(count)}
    )


async def begin(person: Person, **more: Any) -> str:
    """A new version."""
    body = {"algorithm": ALGORITHM, "auth_data": auth_data(), **more}
    return str(ok(await person.post("room_keys/version", body))["version"])


async def put(person: Person, version: str, body: dict[str, Any], path: str = "") -> Any:
    """Store keys."""
    return ok(await person.put(f"room_keys/keys{path}?version={version}", body))


async def stored(person: Person, version: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Every key of a version."""
    found = ok(await person.get(f"room_keys/keys?version={version}"))["rooms"]
    return {(r, s): k for r, room in found.items() for s, k in room["sessions"].items()}


async def current(person: Person) -> dict[str, Any]:
    """The current version."""
    return dict(ok(await person.get("room_keys/version")))


async def history(person: Person, query: str = "") -> dict[str, Any]:
    """What can be brought back."""
    return dict(ok(await person.get(HISTORY + query)))


async def restore(person: Person, item: str) -> int:
    """Bring something back."""
    return int(ok(await person.post(RESTORE, {"id": item, "auth": person.auth()}))["restored"])


async def publish(world: World, person: Person) -> None:
    """What stays of a session that had published keys. No endpoint of this feature does that."""
    await world.server.context.db.write(
        lambda tx: tx.run(
            "UPDATE listed_devices SET keys = '{}' WHERE device_id = :id", id=person.device_id
        )
    )


def ok(answer: Answer) -> Any:
    """The answer, which has to be a success."""
    assert answer.status_code == 200, answer.text
    return answer.json()
