"""`requestToken` for phone numbers: opening a proof and sending its code; taking the code back.

As with mail, nobody learns whether a number belongs to an account: the answer and the time it takes
are the same, and the text message goes out after the answer's work is done.

A code has only six digits, so it is worth nothing without the client's secret, dies after five
wrong tries, and a number that gets many wrong codes gets no more tries for a while.
"""

import tomllib
from importlib import resources

import msgspec

from holdfast.config import Limit
from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import canonical_phone
from holdfast.credentials.rules import Account
from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import MatrixError
from holdfast.kit.http import Request
from holdfast.kit.http.routing import EXTRAS
from holdfast.uia import addresses
from holdfast.uia.addresses import AddressProof, Purpose, Refusal
from holdfast.uia.request_token import TokenBody, count_message, wanted_by

SUBMIT = "msisdn/submitToken"
WRONG_CODES = Limit(10, 86_400, 10)
"""Wrong codes for one number: at this rate a code is guessed once in three centuries."""

TEXTS: dict[str, dict[str, str]] = tomllib.loads(
    (resources.files("holdfast.uia") / "codes.toml").read_text("utf-8")
)


class PhoneBody(TokenBody, kw_only=True):
    """A request for a code."""

    country: str
    phone_number: str


class Sent(msgspec.Struct):
    """The proof, where its code is to be sent back to, and the number as it was understood."""

    sid: str
    submit_url: str
    msisdn: str


class CodeBody(msgspec.Struct):
    """A code somebody got (Identity Service API, "submitToken")."""

    sid: str
    client_secret: str
    token: str


def need_texts(context: Context) -> None:
    """Refuse what needs a text message where none can be sent.

    Raises:
        MatrixError: `M_THREEPID_MEDIUM_NOT_SUPPORTED`.
    """
    if not context.texts.works:
        raise MatrixError(
            400,
            "M_THREEPID_MEDIUM_NOT_SUPPORTED",
            "This server sends no text messages. Use an e-mail address instead.",
        )


async def request_phone(request: Request, purpose: Purpose) -> Sent:
    """Open a proof of a phone number and send its code.

    Raises:
        InvalidParam: the number or the client secret is malformed.
        LimitExceeded: too many were asked for from here or for this number.
        MatrixError: this server sends no text messages.
    """
    context = request.context
    need_texts(context)
    body = request.json(PhoneBody)
    number = canonical_phone(body.country, body.phone_number)
    addresses.check_client_secret(body.client_secret)
    count_message(request, number)
    code, sid, now = ids.code(context.random), ids.short_id(context.random), context.now
    token = _token(code, body.client_secret)

    def open_it(tx: Tx) -> str:
        owner = credentials.account_at(tx, "msisdn", number)
        wanted = wanted_by(request, body, purpose, "msisdn", number, owner)
        opened = addresses.open_proof(tx, wanted, sid=sid, token=token, now=now)
        text = _text(context, purpose, owner, request.language, code)
        if opened.send and text is not None:
            tx.after_commit(lambda: context.texts.send(number, text))
        return opened.sid

    return Sent(
        await context.db.write(open_it),
        f"{context.settings.public_url}{EXTRAS}/{SUBMIT}",
        number,
    )


def _text(
    context: Context, purpose: Purpose, owner: Account | None, language: str, code: str
) -> str | None:
    """What to write, if anything: a code, or that the number is somebody's already."""
    if purpose == "password":
        if owner is None or owner.deactivated_at is not None:
            return None
        name = "password"
    else:
        name = "confirm" if owner is None else "taken"
    texts = TEXTS[owner.language if owner else language]
    return texts[name].format(code=code, server_name=context.settings.server_name)


async def submit_code(request: Request, body: CodeBody) -> AddressProof | Refusal:
    """Take a code back: the number is proven, or why not.

    Raises:
        LimitExceeded: too many wrong codes for this number.
    """
    context, now = request.context, request.context.now
    number = await context.db.peek(lambda tx: addresses.address_of(tx, body.sid))
    if number is None:
        return Refusal.UNKNOWN
    context.limits.check("wrong code", WRONG_CODES, number)
    token = _token(body.token.strip(), body.client_secret)
    proof = await context.db.write(lambda tx: addresses.validate(tx, body.sid, token, now))
    if proof is Refusal.UNKNOWN:
        context.limits.take("wrong code", WRONG_CODES, number)
    return proof


def _token(code: str, client_secret: str) -> str:
    """What is stored as a digest: six digits alone could be found by trying them all."""
    return f"{code} {client_secret}"
