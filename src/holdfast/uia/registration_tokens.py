"""Invitations an operator hands out (spec, "Token-authenticated registration")."""

from holdfast.kit import ids
from holdfast.kit.db import Tx
from holdfast.uia import sql
from holdfast.uia.sql import RegistrationToken

__all__ = ["RegistrationToken", "create", "every", "revoke", "revoke_hinted", "usable"]

HINT_LENGTH = 4


def create(
    tx: Tx, token: str, *, uses: int | None = None, expires_at: int | None = None, now: int
) -> None:
    """Make `token` an invitation for so many `uses` (None: any number) until `expires_at`.

    Only its digest is stored, and its first characters to tell one from another in a list.
    """
    row = RegistrationToken(token[:HINT_LENGTH], uses, 0, now, expires_at)
    sql.insert_registration_token(tx, ids.digest(token), row)


def every(tx: Tx) -> list[RegistrationToken]:
    """All of them, the newest first."""
    return sql.registration_tokens(tx)


def revoke(tx: Tx, token: str) -> bool:
    """Make `token` useless; False when it was none."""
    return sql.delete_registration_token(tx, ids.digest(token))


def revoke_hinted(tx: Tx, hint: str) -> None:
    """Make every token that begins with `hint` useless."""
    sql.delete_registration_tokens_hinted(tx, hint)


def usable(tx: Tx, token: str, now: int) -> bool:
    """Whether somebody can register with `token`."""
    return sql.usable_registration_token(tx, ids.digest(token), now)
