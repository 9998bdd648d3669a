"""Tables: filters."""

from holdfast.kit.db import Tx


def put_filter(tx: Tx, user_id: str, filter_id: str, content: str) -> None:
    """Store a filter, unless it is there."""
    tx.run(
        "INSERT INTO filters (user_id, filter_id, content)"
        " VALUES (:user_id, :filter_id, :content) ON CONFLICT (user_id, filter_id) DO NOTHING",
        user_id=user_id,
        filter_id=filter_id,
        content=content,
    )


def filter_of(tx: Tx, user_id: str, filter_id: str) -> str | None:
    """A stored filter, as JSON."""
    content: str | None = tx.value(
        "SELECT content FROM filters WHERE user_id = :user_id AND filter_id = :filter_id",
        user_id=user_id,
        filter_id=filter_id,
    )
    return content
