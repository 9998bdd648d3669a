"""Reading room keys: what was stored as JSON is put together as JSON, without looking into it.

A backup of 100,000 keys is an answer of 60 MB. It is read in pages, of which only the bytes of the
answer are kept, and never held as one text.
"""

from collections.abc import Iterator

import msgspec

from holdfast.key_backup.keys import check_ids
from holdfast.key_backup.shapes import version_number
from holdfast.key_backup.sql import keys
from holdfast.key_backup.sql.keys import Scope
from holdfast.key_backup.versions import readable, since
from holdfast.kit import slots
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from holdfast.kit.http import Request

PAGE = 1000


async def all_keys(request: Request, version: str) -> list[bytes]:
    """The answer with every key of a version, in parts.

    Raises:
        NotFound: there is no such version.
    """
    number, user_id, after = version_number(version), request.requester.user_id, _since(request)

    def read(tx: Tx) -> list[bytes]:
        return list(_rooms(_by_room(tx, readable(tx, user_id, number, after).number)))

    return await request.context.db.read(read)


async def keys_of_room(request: Request, version: str, room_id: str) -> list[bytes]:
    """The answer with the keys of a room, in parts.

    Raises:
        NotFound: there is no such version. A room without keys is no error.
    """
    number, user_id, after = version_number(version), request.requester.user_id, _since(request)
    check_ids(room_id, None)

    def read(tx: Tx) -> list[bytes]:
        backup = readable(tx, user_id, number, after)
        return list(_sessions(list(_in_room(tx, backup.number, room_id))))

    return await request.context.db.read(read)


async def key(request: Request, version: str, room_id: str, session_id: str) -> msgspec.Raw:
    """One key.

    Raises:
        NotFound: there is no such version, or no such key in it.
    """
    number, user_id, after = version_number(version), request.requester.user_id, _since(request)
    check_ids(room_id, session_id)

    def read(tx: Tx) -> str | None:
        backup = readable(tx, user_id, number, after)
        return keys.member(tx, Scope(backup.number, room_id, session_id))

    found = await request.context.db.read(read)
    if found is None:
        raise NotFound("The key backup holds no key of that session.")
    name = msgspec.json.encode(session_id)
    return msgspec.Raw(found.encode()[len(name) + 1 :])


def _since(request: Request) -> int:
    return since(request.context)


def _by_room(tx: Tx, backup: int) -> dict[str, list[bytes]]:
    """The members of each room's object, a page's together."""
    found: dict[str, list[bytes]] = {}
    after = 0
    while page := keys.page(tx, backup, after, PAGE):
        for _, room_id, members in page:
            found.setdefault(room_id, []).append(members.encode())
        after = max(last for last, _, _ in page)
    return found


def _in_room(tx: Tx, backup: int, room_id: str) -> Iterator[bytes]:
    after, full = (slots.room_slot(room_id), 0), True
    while full:
        page = keys.room_page(tx, backup, room_id, after, PAGE)
        if page:
            yield ",".join([member for _, _, member in page]).encode()
            after = page[-1][:2]
        full = len(page) == PAGE


def _rooms(by_room: dict[str, list[bytes]]) -> Iterator[bytes]:
    yield b'{"rooms":{'
    for place, (room_id, parts) in enumerate(by_room.items()):
        yield (b"," if place else b"") + msgspec.json.encode(room_id) + b":"
        yield from _sessions(parts)
    yield b"}}"


def _sessions(parts: list[bytes]) -> Iterator[bytes]:
    yield b'{"sessions":{'
    for place, part in enumerate(parts):
        if place:
            yield b","
        yield part
    yield b"}}"
