"""The development mailbox: every mail of a server that runs on somebody's own machine.

Mails hold links that reset account passwords, so whoever reads this page owns every account. It
exists only where `Settings.development_mailbox` says so, and answers only requests that come from
this machine without a detour: a page on another site must not read it by pointing its own name at
127.0.0.1.
"""

import hashlib
import re
from base64 import b64encode
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import Response

from holdfast.config.values import is_loopback, url_host
from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request, Route, page
from holdfast.kit.mail import ShownMail, Way

PATH = "/_holdfast/mailbox"
SPEC = "holdfast: development mailbox (docs/mail.md)"
_PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)

_env = Environment(
    loader=PackageLoader("holdfast.portal"), autoescape=True, undefined=StrictUndefined
)
_style = _env.get_template("mailbox.css").render()
_style_hash = b64encode(hashlib.sha256(_style.encode()).digest()).decode()
_PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_style_hash}'; frame-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
# The mail itself: no script, nothing loaded from elsewhere; its links open in a new tab.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


async def list_mails(rq: Request) -> Response:
    """Every mail that was kept, the newest first."""
    _require_mailbox(rq)
    mails = await rq.context.db.read(rq.context.mailer.shown)
    return _page("mailbox.html", mails=[(mail, _time(mail)) for mail in mails])


async def show_mail(rq: Request) -> Response:
    """One mail: its text, with links to click, and its HTML in a frame of its own."""
    mail = await _mail(rq)
    return _page("mailbox_mail.html", mail=mail, time=_time(mail), text=_linked(mail.text))


async def show_html(rq: Request) -> Response:
    """The HTML of one mail, for the frame."""
    mail = await _mail(rq)
    html = _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', mail.html, count=1)
    return _html(html, _MAIL_POLICY)


def _require_mailbox(rq: Request) -> None:
    """Raise, as for any unknown path, where there is no mailbox or the request took a detour."""
    here = is_loopback(_host(rq))
    detour = any(name in rq.headers for name in _PROXY_HEADERS)
    if rq.context.mailer.way is not Way.MAILBOX or detour or not here:
        raise MatrixError(404, "M_UNRECOGNIZED", "There is no such endpoint here.")


def _host(rq: Request) -> str:
    """The host that the browser believes to be talking to."""
    try:
        return url_host(f"http://{rq.headers.get('host', '')}")
    except ValueError:
        return ""


async def _mail(rq: Request) -> ShownMail:
    _require_mailbox(rq)
    mailer = rq.context.mailer
    mail = await rq.context.db.read(lambda tx: mailer.shown_one(tx, rq.params["mail_id"]))
    if mail is None:
        raise MatrixError(404, "M_NOT_FOUND", "There is no such mail (any more).")
    return mail


def _page(name: str, **values: object) -> Response:
    return _html(_env.get_template(name).render(path=PATH, **values), _PAGE_POLICY)


def _html(text: str, policy: str) -> Response:
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return Response(text, headers=headers, media_type="text/html")


def _time(mail: ShownMail) -> str:
    return f"{datetime.fromtimestamp(mail.created_at // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _linked(text: str) -> Markup:
    """`text` as HTML in which every web address can be clicked."""
    parts, end = [], 0
    for found in _URL.finditer(text):
        link = Markup('<a href="{0}">{0}</a>').format(found[0])
        parts += [escape(text[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


routes: list[Route] = [
    page("GET", PATH, list_mails, spec=SPEC),
    page("GET", PATH + "/{mail_id}", show_mail, spec=SPEC),
    page("GET", PATH + "/{mail_id}/html", show_html, spec=SPEC),
]
