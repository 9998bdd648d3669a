"""Key backups over HTTP (Client-Server API, "Server-side key backups")."""

from typing import Any

from holdfast.journal import rules as journal
from holdfast.key_backup import history, keys, reading, restore, rules, versions
from holdfast.key_backup.history import FROM_THE_LAST, MOST_CHANGES, USUAL_CHANGES
from holdfast.key_backup.history_shapes import change_number, shown_history, shown_storing
from holdfast.key_backup.restore import Restored, Who
from holdfast.key_backup.shapes import (
    AUTH_DATA_BYTES,
    KEYS_BYTES,
    RestoreBody,
    VersionBody,
    given_keys,
    shown,
    shown_stored,
)
from holdfast.kit.db import Tx
from holdfast.kit.http import Request, Route, client, extra
from holdfast.kit.http.parts import JsonParts
from holdfast.kit.http.request import decode
from holdfast.notices import rules as notices
from holdfast.uia.prove import consume, prove
from holdfast.uia.shapes import PASSWORD


async def post_version(request: Request) -> Any:
    """Begin a version."""
    return {"version": str(await versions.create(request, request.json(VersionBody)))}


async def get_current(request: Request) -> Any:
    """The current version."""
    return shown(await versions.current(request))


async def get_version(request: Request) -> Any:
    """A version."""
    return shown(await versions.get(request, request.params["version"]))


async def put_version(request: Request) -> Any:
    """Change the `auth_data` of a version."""
    await versions.change(request, request.params["version"], request.json(VersionBody))
    return {}


async def delete_version(request: Request) -> Any:
    """Delete a version."""
    await versions.delete(request, request.params["version"])
    return {}


async def put_keys(request: Request) -> Any:
    """Store keys of several rooms, of one room, or one key."""
    version = request.need_query("version")
    given = await given_keys(request)
    return shown_stored(await keys.put(request, version, given))


async def get_keys(request: Request) -> Any:
    """Every key."""
    return JsonParts(await reading.all_keys(request, request.need_query("version")))


async def get_room(request: Request) -> Any:
    """The keys of a room."""
    version = request.need_query("version")
    return JsonParts(await reading.keys_of_room(request, version, request.params["room_id"]))


async def get_key(request: Request) -> Any:
    """One key."""
    version, params = request.need_query("version"), request.params
    return await reading.key(request, version, params["room_id"], params["session_id"])


async def delete_keys(request: Request) -> Any:
    """Delete all keys, those of a room, or one."""
    version, params = request.need_query("version"), request.params
    room_id, session_id = params.get("room_id"), params.get("session_id")
    return shown_stored(await keys.delete(request, version, room_id, session_id))


async def get_history(request: Request) -> Any:
    """What can be brought back."""
    context, user_id = request.context, request.requester.user_id
    limit = request.query_number("limit", USUAL_CHANGES, least=1, most=MOST_CHANGES)
    before, since = FROM_THE_LAST, versions.since(context)
    if (start := request.query("from")) is not None:
        before = change_number(start)
    found = await context.db.read(
        lambda tx: history.of_user(tx, user_id, since, before=before, limit=limit)
    )
    return shown_history(found, context.settings.key_backup_undo_lifetime)


async def post_restore(request: Request) -> Any:
    """Bring something back, for who can prove to be the user."""
    proven = await prove(request, ((PASSWORD,),))
    context, me = request.context, request.requester
    item = decode(proven.body, RestoreBody).id
    who = Who(me.user_id, me.device_id, context.now, versions.since(context))

    def bring_back(tx: Tx) -> Restored:
        consume(tx, proven, context.now)
        back = restore.restore(tx, who, item)
        journal.note(tx, request, me.user_id, back.what, **back.facts)
        if back.superseded:
            notices.key_backup_replaced(tx, request, me.user_id, back.superseded)
        return back

    return {"restored": (await context.db.write(bring_back)).count}


async def get_storing(request: Request) -> Any:
    """The sessions that store keys."""
    user_id = request.requester.user_id
    found = await request.context.db.read(lambda tx: rules.storing(tx, user_id))
    return {"sessions": [shown_storing(each) for each in found]}


_VERSIONS = ("v3", "r0", "unstable")
_VERSION = "room_keys/version/{version}"
_KEYS = "room_keys/keys"
_ROOM = "room_keys/keys/{room_id}"
_KEY = "room_keys/keys/{room_id}/{session_id}"
routes: list[Route] = [
    client(
        "POST",
        "room_keys/version",
        post_version,
        spec="POST /room_keys/version",
        versions=_VERSIONS,
        max_body=AUTH_DATA_BYTES,
    ),
    client(
        "GET", "room_keys/version", get_current, spec="GET /room_keys/version", versions=_VERSIONS
    ),
    client(
        "GET", _VERSION, get_version, spec="GET /room_keys/version/{version}", versions=_VERSIONS
    ),
    client(
        "PUT",
        _VERSION,
        put_version,
        spec="PUT /room_keys/version/{version}",
        versions=_VERSIONS,
        max_body=AUTH_DATA_BYTES,
    ),
    client(
        "DELETE",
        _VERSION,
        delete_version,
        spec="DELETE /room_keys/version/{version}",
        versions=_VERSIONS,
    ),
    client(
        "PUT", _KEYS, put_keys, spec="PUT /room_keys/keys", versions=_VERSIONS, max_body=KEYS_BYTES
    ),
    client("GET", _KEYS, get_keys, spec="GET /room_keys/keys", versions=_VERSIONS),
    client("DELETE", _KEYS, delete_keys, spec="DELETE /room_keys/keys", versions=_VERSIONS),
    client(
        "PUT",
        _ROOM,
        put_keys,
        spec="PUT /room_keys/keys/{roomId}",
        versions=_VERSIONS,
        max_body=KEYS_BYTES,
    ),
    client("GET", _ROOM, get_room, spec="GET /room_keys/keys/{roomId}", versions=_VERSIONS),
    client(
        "DELETE", _ROOM, delete_keys, spec="DELETE /room_keys/keys/{roomId}", versions=_VERSIONS
    ),
    client(
        "PUT",
        _KEY,
        put_keys,
        spec="PUT /room_keys/keys/{roomId}/{sessionId}",
        versions=_VERSIONS,
        max_body=KEYS_BYTES,
    ),
    client(
        "GET", _KEY, get_key, spec="GET /room_keys/keys/{roomId}/{sessionId}", versions=_VERSIONS
    ),
    client(
        "DELETE",
        _KEY,
        delete_keys,
        spec="DELETE /room_keys/keys/{roomId}/{sessionId}",
        versions=_VERSIONS,
    ),
    extra("GET", "key_backup/history", get_history, spec="What a key backup can bring back"),
    extra("POST", "key_backup/restore", post_restore, spec="Bringing room keys back"),
    extra("GET", "key_backup/sessions", get_storing, spec="Which sessions store room keys"),
]
