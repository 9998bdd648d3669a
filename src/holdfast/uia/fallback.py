"""Completing a stage outside of the request it is for, on a page (spec, "Fallback").

The page completes the stage in the session; the client then repeats its request with nothing but
the session's id.
"""

from holdfast.kit.errors import NotFound
from holdfast.kit.http import Request
from holdfast.uia import waiting
from holdfast.uia.prove import take_limit
from holdfast.uia.shapes import AuthData
from holdfast.uia.stages import proves
from holdfast.uia.waiting import UiaSession


async def session(request: Request, session_id: str) -> UiaSession:
    """The session that waits for a stage.

    Raises:
        NotFound: there is none, or it has expired.
    """
    known = await waiting.find(request.context, session_id)
    if known is None:
        raise NotFound("That authentication session has expired. Start again in your app.")
    return known


async def complete(request: Request, session_id: str, auth: AuthData) -> None:
    """Complete the stage `auth.type` of a session for the user it belongs to.

    Raises:
        NotFound: there is no such session (any more).
        MatrixError: what was given proves nothing.
    """
    known = await session(request, session_id)
    user_id, stage = known.user_id or None, auth.type or ""
    take_limit(request, stage, user_id)
    proof = await proves(request, auth, known.operation, user_id)
    await waiting.add_stages(request.context, session_id, {stage: proof})
