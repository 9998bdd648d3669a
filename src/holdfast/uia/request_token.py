"""`requestToken`: opening a proof of an e-mail address for a client, and sending its link.

Whether the address belongs to an account never shows in the answer or in the time it takes: a mail
is composed, sealed and queued either way, and dropped later where nobody is to get it.
"""

from collections.abc import Callable

import msgspec

from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import canonical_email
from holdfast.credentials.rules import Account
from holdfast.kit import ids
from holdfast.kit.context import Context
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden
from holdfast.kit.http import Request
from holdfast.kit.mail import kinds
from holdfast.kit.mail.kinds import Kind
from holdfast.uia import addresses
from holdfast.uia.addresses import CLICK_LIFETIME_MS, Purpose, Wanted

# In a mail that nobody gets: about as long as a name, so that writing it takes about as long.
NOBODY = "@somebody:example.org"
CONFIRM_PATH = "/_holdfast/confirm"
MINUTES = CLICK_LIFETIME_MS // 60_000
Letter = Callable[[Account | None, str], tuple[Kind, bool]]
"""From the account an address belongs to and the link: what to write, and whether to send it."""


class TokenBody(msgspec.Struct, kw_only=True):
    """What every request for a message has (spec, "requestToken"). No identity server is asked."""

    client_secret: str
    send_attempt: int
    next_link: str | None = None


class EmailBody(TokenBody, kw_only=True):
    """A request for a link."""

    email: str


def for_registering(account: Account | None, link: str) -> tuple[Kind, bool]:
    """To a free address: the link. To somebody's address: that it is somebody's."""
    if account is not None:
        return kinds.AddressTaken(), True
    return kinds.RegisterConfirm(link=link, minutes=MINUTES), True


def for_adding(account: Account | None, link: str) -> tuple[Kind, bool]:
    """The same for an address to add to an account."""
    if account is not None:
        return kinds.AddressTaken(), True
    return kinds.AddressConfirm(link=link, minutes=MINUTES), True


def for_resetting(account: Account | None, link: str) -> tuple[Kind, bool]:
    """To an account's address: the link. To any other: nothing, though it is written too."""
    user_id = account.user_id if account else NOBODY
    mail = kinds.ResetConfirmClient(link=link, minutes=MINUTES, user_id=user_id)
    return mail, account is not None and account.deactivated_at is None


_LETTERS: dict[Purpose, Letter] = {
    "register": for_registering,
    "add": for_adding,
    "password": for_resetting,
}


def need_mail(context: Context) -> None:
    """Refuse what needs a mail where none can be sent.

    Raises:
        Forbidden: `M_THREEPID_DENIED`.
    """
    if not context.mailer.works:
        raise Forbidden(
            "This server cannot send mail. Ask its administrator for help.", "M_THREEPID_DENIED"
        )


async def request_email(request: Request, purpose: Purpose) -> str:
    """Open a proof of an e-mail address and send its link; return the proof's `sid`.

    Raises:
        InvalidParam: the address or the client secret is malformed.
        LimitExceeded: too many were asked for from here or for this address.
        Forbidden: this server sends no mail.
    """
    return await open_email(request, purpose, request.json(EmailBody))


async def open_email(request: Request, purpose: Purpose, body: EmailBody) -> str:
    """The same for a `body` that did not come as JSON."""
    context = request.context
    need_mail(context)
    address = canonical_email(body.email)
    addresses.check_client_secret(body.client_secret)
    count_message(request, address)
    token, sid, now = ids.secret(context.random), ids.short_id(context.random), context.now

    def open_it(tx: Tx) -> str:
        owner = credentials.account_at(tx, "email", address)
        wanted = wanted_by(request, body, purpose, "email", address, owner)
        opened = addresses.open_proof(tx, wanted, sid=sid, token=token, now=now)
        if opened.send:
            link = f"{context.settings.public_url}{CONFIRM_PATH}?sid={opened.sid}&token={token}"
            kind, deliver = _LETTERS[purpose](owner, link)
            mail = context.mailer.draft(
                address, owner.language if owner else request.language, kind
            )
            context.mailer.queue(tx, mail, deliver=deliver)
        return opened.sid

    return await context.db.write(open_it)


def count_message(request: Request, recipient: str) -> None:
    """Count a message that somebody asks to be sent.

    Raises:
        LimitExceeded: too many were asked for from here or for this recipient.
    """
    limits, limit = request.context.limits, request.context.settings.request_token_limit
    limits.take("requestToken", limit, request.network, recipient)


def wanted_by(
    request: Request,
    body: TokenBody,
    purpose: Purpose,
    medium: str,
    address: str,
    owner: Account | None,
) -> Wanted:
    """The proof that a client asks for, of an address that belongs to `owner` or to nobody."""
    asks = request.requester_or_none
    return Wanted(
        purpose,
        medium,
        address,
        _concerned(purpose, owner, asks.user_id if asks else ""),
        body.client_secret,
        body.send_attempt,
        _own_link(request.context, body.next_link),
    )


def _concerned(purpose: Purpose, owner: Account | None, asks: str) -> str:
    """The account a proof is bound to: who resets, or who adds; nobody when registering."""
    if purpose == "password":
        return owner.user_id if owner else ""
    return asks if purpose == "add" else ""


def _own_link(context: Context, next_link: str | None) -> str | None:
    """Where to go after the link was followed, if that is on this very server.

    Anywhere else our mails would be a way to send people there in our name.
    """
    own = context.settings.public_url + "/"
    return next_link if next_link is not None and next_link.startswith(own) else None
