"""A user's sessions: looking at them, naming them, locking and removing them."""

from holdfast.device_keys import listing
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from holdfast.kit.http import Request
from holdfast.sessions import rules, sql
from holdfast.sessions.login import check_device
from holdfast.sessions.sql import Device
from holdfast.uia.prove import Proven, consume


async def devices(request: Request) -> list[Device]:
    """Every session of who asks."""
    user_id = request.requester.user_id
    return await request.context.db.read(lambda tx: sql.devices(tx, user_id))


async def device(request: Request, device_id: str) -> Device:
    """One session of who asks.

    Raises:
        NotFound: they have no such session.
    """
    user_id = request.requester.user_id
    found = await request.context.db.read(lambda tx: sql.device(tx, user_id, device_id))
    if found is None:
        raise _no_such_session()
    return found


async def rename(request: Request, device_id: str, name: str | None) -> None:
    """Give a session another name; without one nothing changes.

    Raises:
        NotFound: there is no such session.
        InvalidParam: the name is too long.
    """
    check_device(None, name)
    if name is None:
        await device(request, device_id)
        return
    user_id = request.requester.user_id

    def give_name(tx: Tx) -> None:
        if not sql.rename(tx, user_id, device_id, name):
            raise _no_such_session()
        listing.rename(tx, user_id, device_id, name)

    await request.context.db.write(give_name)


async def delete_devices(request: Request, proven: Proven, device_ids: list[str]) -> None:
    """Remove sessions. Unknown ones are passed over: they are as gone as they can be."""
    user_id, now = request.requester.user_id, request.context.now

    def remove(tx: Tx) -> None:
        consume(tx, proven, now)
        _removed(tx, request, rules.remove(tx, user_id, device_ids, now))

    await request.context.db.write(remove)


async def sign_out(request: Request) -> None:
    """Remove the session that asks."""
    me, now = request.requester, request.context.now
    await request.context.db.write(
        lambda tx: _removed(tx, request, rules.remove(tx, me.user_id, [me.device_id], now))
    )


async def sign_out_everywhere(request: Request) -> None:
    """Remove every session of who asks."""
    user_id, now = request.requester.user_id, request.context.now
    await request.context.db.write(
        lambda tx: _removed(tx, request, rules.remove_all(tx, user_id, now))
    )


def _removed(tx: Tx, request: Request, device_ids: list[str]) -> None:
    if device_ids:
        user_id = request.requester.user_id
        journal.note(tx, request, user_id, "sessions_removed", device_ids=device_ids)


async def lock_devices(request: Request, device_ids: list[str]) -> None:
    """Lock sessions of who asks; their own is left out: sign out instead.

    Needs no further proof: nothing is lost, and their owner signs in to them again.
    """
    me, now = request.requester, request.context.now
    others = [device_id for device_id in device_ids if device_id != me.device_id]

    def lock(tx: Tx) -> None:
        if locked := rules.lock(tx, me.user_id, others, now):
            journal.note(tx, request, me.user_id, "sessions_locked", device_ids=locked)

    await request.context.db.write(lock)


async def let_in_devices(request: Request, proven: Proven, device_ids: list[str]) -> list[str]:
    """Let paused sessions of who asks go on with their tokens; return which ones there were."""
    user_id, now = request.requester.user_id, request.context.now

    def let_in(tx: Tx) -> list[str]:
        consume(tx, proven, now)
        back = rules.let_in(tx, user_id, device_ids)
        if back:
            journal.note(tx, request, user_id, "sessions_let_in", device_ids=back)
        return back

    return await request.context.db.write(let_in)


def _no_such_session() -> NotFound:
    return NotFound("You have no session with that device ID.")
