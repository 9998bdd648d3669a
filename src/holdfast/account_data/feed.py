"""What `/sync` tells of account data."""

from holdfast.account_data import sql
from holdfast.account_data.sql import Entry
from holdfast.kit.db import Tx


def of_user(tx: Tx, user_id: str, after: int, upto: int) -> list[Entry]:
    """What changed after one position, up to another; the oldest change first.

    After 0 it is all there is.
    """
    return sql.of_user(tx, user_id, after, upto)
