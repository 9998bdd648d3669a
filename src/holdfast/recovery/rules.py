"""A forgotten account password, reset through the portal: one mail, one link, one page.

The link is the last step: it opens the page on which the new account password is chosen, on any
machine, with no tab left waiting anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from holdfast.credentials import policy
from holdfast.credentials import rules as credentials
from holdfast.credentials.identifiers import canonical_email
from holdfast.credentials.rules import Account
from holdfast.custody.report import Report, report
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.kit.errors import NotFound
from holdfast.kit.http import Request
from holdfast.kit.ids import Randomness
from holdfast.kit.mail.kinds import ResetLinkPortal
from holdfast.recovery.by_key import MEDIUM
from holdfast.recovery.links import open_reset
from holdfast.recovery.new_password import How, choices, covered, replace_password
from holdfast.sessions import rules as sessions
from holdfast.sessions.rules import Device, Fate, Outcome
from holdfast.uia import addresses as proofs
from holdfast.uia.addresses import CLICK_LIFETIME_MS, AddressProof, Refusal
from holdfast.uia.request_token import NOBODY, count_message, need_mail

T = TypeVar("T")
ADMIN = "admin"
_HOW: dict[str, How] = {MEDIUM: "reset_by_key", ADMIN: "reset_by_admin"}
_WHY = {
    Refusal.UNKNOWN: "This link is not valid. Ask for a new one.",
    Refusal.EXPIRED: "This link has expired. Ask for a new one.",
    Refusal.USED: "This link has been used, or another one has been since. Ask for a new one.",
}


async def request_link(request: Request, email: str) -> int:
    """Send a reset link to `email` if it belongs to an account; return its lifetime in ms.

    Known or not: the same answer, after the same work.

    Raises:
        InvalidParam: that is no e-mail address.
        LimitExceeded: too many links were asked for from here or for this address.
    """
    context = request.context
    need_mail(context)
    address = canonical_email(email)
    count_message(request, address)
    now, language = context.now, request.language

    def open_it(tx: Tx) -> None:
        account = credentials.account_at(tx, "email", address)
        user_id = account.user_id if account else ""
        opened = open_reset(tx, context.random, user_id, now, medium="email", address=address)
        mail = context.mailer.draft(
            address,
            account.language if account else language,
            ResetLinkPortal(
                link=opened.link(context.settings.public_url),
                minutes=CLICK_LIFETIME_MS // 60_000,
                user_id=user_id or NOBODY,
            ),
        )
        context.mailer.queue(tx, mail, deliver=bool(account and account.deactivated_at is None))

    await context.db.write(open_it)
    return CLICK_LIFETIME_MS


def admin_link(tx: Tx, wanted: Account, random: Randomness, public_url: str, now: int) -> str:
    """A reset link that an administrator hands over. It can be opened for an hour.

    Nobody but who opens it chooses the account password.
    """
    opened = open_reset(tx, random, wanted.user_id, now, medium=ADMIN)
    journal.write(tx, wanted.user_id, "reset_link_made", at=now)
    return opened.link(public_url)


@dataclass(frozen=True)
class OpenLink:
    """What a reset link is for, and until when (in milliseconds) it can be used."""

    sid: str
    user_id: str
    medium: str
    addresses: tuple[str, ...]
    sessions: list[Device]
    expires_at: int


async def open_link(request: Request, token: str) -> OpenLink:
    """What a reset link is for: the account, and its sessions to decide about.

    The first time is the click: from then on there are ten minutes to use the link.

    Raises:
        NotFound: the link is unknown, expired or used; `dev.holdfast.reason` says which.
        LimitExceeded: too many links that do not work were tried from here.
    """
    now = request.context.now

    def look(tx: Tx) -> OpenLink | Refusal:
        proof = _proof(tx, token, now)
        if not isinstance(proof, Refusal):
            proof = proofs.validate(tx, proof.sid, token.partition(".")[2], now)
        if isinstance(proof, Refusal):
            return proof
        owner = credentials.owner(tx, proof.user_id)
        if owner is None:
            return Refusal.UNKNOWN
        known = sessions.devices(tx, proof.user_id)
        return OpenLink(
            proof.sid, proof.user_id, proof.medium, owner.addresses, known, proof.expires_at
        )

    return await _or_refuse(request, look)


async def custody(request: Request, user_id: str) -> Report:
    """The custody report for who came by a link: no session of theirs is asking."""
    now = request.context.now
    return await request.context.db.read(lambda tx: report(tx, user_id, None, now))


async def complete(
    request: Request, token: str, new_password: str, wanted: dict[str, Fate]
) -> tuple[str, Outcome]:
    """Set the new account password and decide about every session; use the link up.

    Raises:
        NotFound: the link does not work (any more).
        WeakPassword: the new account password is too easy to guess; the link still works.
    """
    context = request.context
    link = await open_link(request, token)
    policy.check(
        new_password,
        enabled=context.settings.password_policy,
        user_id=link.user_id,
        addresses=link.addresses,
    )
    new_hash = await context.hasher.hash(new_password)
    decided = choices(wanted, context.settings.on_password_change)
    told = await covered(context, link.user_id)
    now = context.now

    def change(tx: Tx) -> tuple[str, Outcome] | Refusal:
        tx.lock(f"user {link.user_id}")
        current = _proof(tx, token, now)
        account = credentials.account(tx, link.user_id)
        if isinstance(current, Refusal) or account is None or account.deactivated_at is not None:
            return current if isinstance(current, Refusal) else Refusal.UNKNOWN
        proofs.use(tx, link.sid, now)
        return link.user_id, replace_password(
            tx,
            request,
            link.user_id,
            new_hash,
            old_hash=account.password_hash,
            own_session=None,
            decided=decided,
            how=_HOW.get(link.medium, "reset"),
            covered=told,
        )

    return await _or_refuse(request, change)


def _proof(tx: Tx, token: str, now: int) -> AddressProof | Refusal:
    sid, _, secret = token.partition(".")
    proof = proofs.look(tx, sid, secret, now)
    if isinstance(proof, Refusal):
        return proof
    return proof if proof.purpose == "reset" and proof.user_id else Refusal.UNKNOWN


async def _or_refuse(request: Request, rule: Callable[[Tx], T | Refusal]) -> T:
    """Run `rule`; a refusal is committed (wrong tries are counted) before it is raised."""
    limits, limit = request.context.limits, request.context.settings.uia_limit
    limits.check("link failed", limit, request.network)
    result = await request.context.db.write(rule)
    if isinstance(result, Refusal):
        limits.take("link failed", limit, request.network)
        raise NotFound(_WHY[result], **{"dev.holdfast.reason": result.value})
    return result
