"""Tables: journal."""

from typing import Any

from holdfast.kit.db import Tx


def insert(tx: Tx, **columns: Any) -> None:
    """Add an entry."""
    tx.run(
        "INSERT INTO journal (user_id, at, what, by_device, by_address, facts)"
        " VALUES (:user_id, :at, :what, :by_device, :by_address, :facts)",
        **columns,
    )
