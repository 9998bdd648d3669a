"""Sessions of user-interactive authentication, while they wait for their stages.

Only the client knows a session's id; the database holds its digest, and the first request's body
under a key made from the id.
"""

import msgspec

from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.uia import sql
from holdfast.uia.addresses import Purpose
from holdfast.uia.seal import seal, unseal
from holdfast.uia.sql import UiaSession

__all__ = ["UiaSession"]

SESSION_LIFETIME_MS = 30 * 60_000
PURPOSES: dict[str, Purpose] = {"POST register": "register", "POST account/password": "password"}
"""What an address is proven for, by the operation that asks for it."""


async def find(context: Context, session: str) -> UiaSession | None:
    """The session, if there is one that still waits."""
    known = await context.db.peek(lambda tx: sql.session(tx, ids.digest(session)))
    return known if known is not None and known.expires_at > context.now else None


def first_body(session: str, known: UiaSession) -> bytes:
    """The first request's body, without its `auth`."""
    return unseal(session, known.sealed_body) or b"{}"


def completed(known: UiaSession) -> dict[str, str]:
    """The stages completed so far, each with what it proved."""
    return msgspec.json.decode(known.completed, type=dict[str, str])


async def begin(
    context: Context,
    session: str,
    *,
    operation: str,
    user_id: str,
    body: bytes,
    stages: dict[str, str],
) -> None:
    """Store a new session, with the stages its first request has completed."""
    row = UiaSession(
        operation,
        user_id,
        seal(session, body),
        msgspec.json.encode(stages).decode(),
        context.now + SESSION_LIFETIME_MS,
    )
    await context.db.write(lambda tx: sql.insert_session(tx, ids.digest(session), row))


async def add_stages(context: Context, session: str, stages: dict[str, str]) -> None:
    """Note completed stages; nothing happens where the session has been used up meanwhile."""
    digest = ids.digest(session)

    def add(tx: Tx) -> None:
        tx.lock(f"uia {digest.hex()}")
        known = sql.session(tx, digest)
        if known is not None:
            both = {**completed(known), **stages}
            sql.set_completed(tx, digest, msgspec.json.encode(both).decode())

    await context.db.write(add)
