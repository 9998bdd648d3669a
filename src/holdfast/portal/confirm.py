"""The page behind the links of mails that apps ask for: yes, this address is mine.

Following such a link with a plain GET proves an address, because that is what people and programs
do with it. It must not change a password, because mail scanners do it too: there the page says
what is about to happen, and its button does it.
"""

from starlette.responses import RedirectResponse, Response

from holdfast.kit.db import Tx
from holdfast.kit.http import Request
from holdfast.portal.pages import as_page, draw, draw_problem, form
from holdfast.uia import addresses
from holdfast.uia.addresses import AddressProof, Refusal
from holdfast.uia.request_code import CodeBody, submit_code

_STATUS = {Refusal.UNKNOWN: 404, Refusal.EXPIRED: 410, Refusal.USED: 410}


@as_page
async def get_confirm(request: Request) -> Response:
    """Prove the address; or, where an account password is at stake, ask first."""
    sid, token = request.query("sid"), request.query("token")
    if not sid or not token:
        return draw_problem(request, "incomplete", 400)
    proof = await _follow(request, sid, token, pressed=False)
    if isinstance(proof, Refusal):
        return draw_problem(request, proof.value, _STATUS[proof])
    if proof.purpose == "password" and proof.validated_at is None:
        return _ask(request, proof, token)
    return _confirmed(proof, request)


@as_page
async def post_confirm(request: Request) -> Response:
    """The button: let the app set a new account password."""
    field = form(request)
    sid, token = field("sid"), field("token")
    if not sid or not token:
        return draw_problem(request, "incomplete", 400)
    proof = await _follow(request, sid, token, pressed=True)
    if isinstance(proof, Refusal):
        return draw_problem(request, proof.value, _STATUS[proof])
    return _confirmed(proof, request)


async def _follow(
    request: Request, sid: str, token: str, *, pressed: bool
) -> AddressProof | Refusal:
    """Look at the proof, and validate it if that is what this request does.

    A HEAD request never validates: it asks what a GET would answer.
    """
    context, now = request.context, request.context.now
    limit = context.settings.uia_limit
    context.limits.check("confirm failed", limit, request.network)

    def rule(tx: Tx) -> AddressProof | Refusal:
        proof = addresses.look(tx, sid, token, now)
        if isinstance(proof, Refusal):
            return proof
        if proof.medium != "email" or proof.purpose == "reset":
            return Refusal.UNKNOWN
        if request.method == "HEAD" or (proof.purpose == "password" and not pressed):
            return proof
        return addresses.validate(tx, sid, token, now)

    proof = await context.db.write(rule)
    if isinstance(proof, Refusal):
        context.limits.take("confirm failed", limit, request.network)
    return proof


@as_page
async def get_code(request: Request) -> Response:
    """Take back a code that came in a text message, from somebody's browser."""
    names = ("sid", "client_secret", "token")
    given = {name: request.query(name) or "" for name in names}
    if not all(given.values()) or request.method == "HEAD":
        return draw_problem(request, "incomplete", 400)
    proof = await submit_code(request, CodeBody(**given))
    if isinstance(proof, Refusal):
        problem = "code" if proof is Refusal.UNKNOWN else proof.value
        return draw_problem(request, problem, _STATUS[proof])
    return _confirmed(proof, request)


def _ask(request: Request, proof: AddressProof, token: str) -> Response:
    sessions = f"ask.sessions_{request.context.settings.on_password_change}"
    return draw(request, "ask.html", proof=proof, token=token, sessions=sessions)


def _confirmed(proof: AddressProof, request: Request) -> Response:
    if proof.next_link is not None:  # checked when it was stored: it stays on this server
        return RedirectResponse(proof.next_link, 303, {"cache-control": "no-store"})
    section = "confirmed_password" if proof.purpose == "password" else f"confirmed_{proof.medium}"
    return draw(request, "confirmed.html", section=section)
