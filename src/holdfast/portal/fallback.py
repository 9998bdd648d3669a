"""Pages on which a stage can be completed by apps that do not know it (spec, "Fallback").

They need no script: one tells the app when the stage is done, and without it people are told to go
back to the app, which then asks the server. Only these pages may post to themselves: who came
from elsewhere is sent to look at the page first.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.responses import Response

from holdfast.credentials.verify import Identifier
from holdfast.kit import ids
from holdfast.kit.errors import InvalidParam, LimitExceeded, MatrixError, NotFound
from holdfast.kit.http import Request
from holdfast.portal.pages import as_page, draw, draw_problem, form
from holdfast.uia import fallback
from holdfast.uia.request_token import EmailBody, open_email
from holdfast.uia.shapes import (
    DUMMY,
    EMAIL,
    PASSWORD,
    REGISTRATION_TOKEN,
    AuthData,
    ThreepidCreds,
)
from holdfast.uia.waiting import PURPOSES, UiaSession, completed

_STAGES = {
    PASSWORD: "password",
    DUMMY: "dummy",
    REGISTRATION_TOKEN: "token",
    EMAIL: "email",
}
_OPERATIONS = {
    "POST register": "register",
    "POST account/password": "password",
    "POST account/deactivate": "deactivate",
    "POST account/3pid": "add_address",
    "POST account/3pid/add": "add_address",
    "POST account/3pid/delete": "remove_address",
    "POST delete_devices": "remove_sessions",
    "DELETE devices": "remove_sessions",
    "POST keys/device_signing/upload": "identity",
}
Field = Callable[[str], str]


@as_page
async def get_fallback(request: Request) -> Response:
    """The page for a stage."""
    session_id = request.query("session") or ""
    known = await _waiting(request, session_id)
    if isinstance(known, Response):
        return known
    if request.params["auth_type"] in completed(known):
        return _done(request)
    return _page(request, known, session_id)


@as_page
async def post_fallback(request: Request) -> Response:
    """Complete the stage with what was typed."""
    if not _from_here(request):
        return draw_problem(request, "elsewhere", 403)
    field = form(request)
    session_id = field("session") or request.query("session") or ""
    known = await _waiting(request, session_id)
    if isinstance(known, Response):
        return known
    stage = request.params["auth_type"]
    try:
        if stage == EMAIL and field("email"):
            return await _send_mail(request, known, session_id, field("email"))
        await fallback.complete(request, session_id, _proof(known, stage, field))
    except (LimitExceeded, NotFound):
        raise
    except MatrixError as error:
        again = {"sid": field("sid"), "client_secret": field("client_secret")}
        return _page(request, known, session_id, status=error.status, wrong=True, **again)
    return _done(request)


async def _waiting(request: Request, session_id: str) -> UiaSession | Response:
    """The session, or the page that says why this is not the place to complete anything."""
    if request.params["auth_type"] not in _STAGES:
        return draw_problem(request, "stage", 404)
    try:
        known = await fallback.session(request, session_id)
    except NotFound:
        return draw_problem(request, "session", 404)
    stage = request.params["auth_type"]
    mail = request.context.mailer.works and known.operation in PURPOSES
    if (stage == PASSWORD and not known.user_id) or (stage == EMAIL and not mail):
        return draw_problem(request, "stage", 404)
    return known


def _from_here(request: Request) -> bool:
    """Whether a form was posted by a page of this server, as far as a browser tells."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is None:
        return True  # no browser, so nobody was lured here
    public = urlsplit(request.context.settings.public_url)
    return origin == f"{public.scheme}://{public.netloc}"


def _proof(known: UiaSession, stage: str, field: Field) -> AuthData:
    """What was typed, as a client would send it."""
    who = Identifier("m.id.user", user=known.user_id)
    creds = ThreepidCreds(field("sid"), field("client_secret"))
    return AuthData(
        stage,
        identifier=who if stage == PASSWORD else None,
        password=field("password"),
        token=field("token").strip(),
        threepid_creds=creds,
    )


async def _send_mail(
    request: Request, known: UiaSession, session_id: str, address: str
) -> Response:
    secret = ids.secret(request.context.random)
    try:
        sid = await open_email(request, PURPOSES[known.operation], EmailBody(client_secret=secret, email=address, send_attempt=1))
    except InvalidParam as error:
        return _page(request, known, session_id, status=error.status, wrong=True)
    return _page(request, known, session_id, sid=sid, client_secret=secret)


def _page(
    request: Request,
    known: UiaSession,
    session_id: str,
    *,
    status: int = 200,
    wrong: bool = False,
    sid: str = "",
    client_secret: str = "",
) -> Response:
    """The form for a stage; of the e-mail stage, the first or (with a `sid`) the second one."""
    stage = _STAGES[request.params["auth_type"]]
    if sid:
        stage = "mailed"
    return draw(
        request,
        "fallback.html",
        status=status,
        referrer="same-origin",  # else the browser would send the form without its origin
        stage=stage,
        wrong=wrong,
        what=_what(known.operation),
        user_id=known.user_id,
        session=session_id,
        sid=sid,
        client_secret=client_secret,
    )


def _what(operation: str) -> str:
    """The name of the text that says what the app is asking for."""
    name = "DELETE devices" if operation.startswith("DELETE devices/") else operation
    return f"operation.{_OPERATIONS.get(name, 'other')}"


def _done(request: Request) -> Response:
    return draw(request, "done.html")
