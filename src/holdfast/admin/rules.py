"""What administrators may do to accounts (Client-Server API, "Server Administration")."""

from typing import Any, Literal

from holdfast.credentials import rules as credentials
from holdfast.credentials.rules import Account
from holdfast.journal import rules as journal
from holdfast.kit.db import Tx
from holdfast.kit.errors import Forbidden, InvalidParam, NotFound
from holdfast.sessions import rules as sessions

Restriction = Literal["locked", "suspended"]
_TOLD: dict[tuple[Restriction, bool], journal.What] = {
    ("locked", True): "account_locked",
    ("locked", False): "account_unlocked",
    ("suspended", True): "account_suspended",
    ("suspended", False): "account_unsuspended",
}


def check_admin(tx: Tx, user_id: str) -> None:
    """Refuse whoever is no administrator, before anything else is looked at.

    Raises:
        Forbidden: the user is none.
    """
    account = credentials.account(tx, user_id)
    if account is None or not account.is_admin:
        raise Forbidden("Only an administrator of this server can do this.")


def target(tx: Tx, admin: str, user_id: str, server_name: str) -> Account:
    """The account that an administrator may look at.

    Raises:
        Forbidden: who asks is no administrator, or the account is another one's.
        InvalidParam: it is another server's.
        NotFound: there is none, or it is deactivated.
    """
    check_admin(tx, admin)
    if user_id.partition(":")[2] != server_name:
        raise InvalidParam("That user is not of this server.")
    account = credentials.account(tx, user_id)
    if account is None or account.deactivated_at is not None:
        raise NotFound("There is no such user here.")
    if account.is_admin:
        raise Forbidden("Administrators cannot be locked or suspended.")
    return account


def since(account: Account, what: Restriction) -> int | None:
    """Since when an account is locked or suspended; None: it is not."""
    return account.locked_at if what == "locked" else account.suspended_at


def restrict(
    tx: Tx, account: Account, what: Restriction, now: int, by: str | None, *, on: bool
) -> None:
    """Lock or suspend an account, or let it free again. Nothing of it is lost by that.

    `by` is the administrator; None: the operator, at the command line. `now` is in milliseconds.
    """
    if (since(account, what) is not None) == on:
        return
    restriction = credentials.restrict(tx, account, what, now if on else None)
    sessions.restrict(tx, account.user_id, restriction)
    journal.write(tx, account.user_id, _TOLD[what, on], at=now, by=by)


def whois(tx: Tx, asking: str, user_id: str) -> dict[str, Any]:
    """A user's sessions with the addresses they were last seen at.

    Raises:
        Forbidden: it is somebody else, and who asks is no administrator.
        NotFound: there is no such user.
    """
    if asking != user_id:
        check_admin(tx, asking)
    if credentials.account(tx, user_id) is None:
        raise NotFound("There is no such user here.")
    found = {}
    for device in sessions.devices(tx, user_id):
        seen = {
            "ip": device.last_seen_ip,
            "last_seen": device.last_seen_at,
            "user_agent": device.last_seen_user_agent,
        }
        known = {name: value for name, value in seen.items() if value is not None}
        found[device.device_id] = {"sessions": [{"connections": [known]}]}
    return {"user_id": user_id, "devices": found}
