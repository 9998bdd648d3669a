"""Tables: access_tokens. What administrators do to accounts."""

from holdfast.kit.db import Tx


def restrict(tx: Tx, user_id: str, restricted: str | None) -> None:
    """Let all tokens of a user know what their account is."""
    tx.run(
        "UPDATE access_tokens SET restricted = :restricted WHERE user_id = :user_id",
        user_id=user_id,
        restricted=restricted,
    )
