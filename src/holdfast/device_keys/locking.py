"""One change at a time to what a user has published, so that what was checked holds."""

from collections.abc import Iterable
from zlib import crc32

from holdfast.kit.db import Tx

BUCKETS = 64
"""Users share so many locks. One for each would be too many: PostgreSQL has room for some thousand
in all, and one request may claim keys of hundreds of users."""


def lock_keys(tx: Tx, user_ids: Iterable[str]) -> None:
    """Let nobody else change or claim the keys of these users until this transaction has ended."""
    tx.lock(*{f"keys {crc32(user_id.encode()) % BUCKETS}" for user_id in user_ids})
