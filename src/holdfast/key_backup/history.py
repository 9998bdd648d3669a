"""What has gone from a user's key backup and can still be brought back."""

from dataclasses import dataclass

from holdfast.dehydrated_devices import rules as dehydrated_devices
from holdfast.dehydrated_devices.rules import Removed as RemovedDehydrated
from holdfast.device_keys import listing
from holdfast.device_keys.listing import Removed
from holdfast.key_backup import sql
from holdfast.key_backup.sql import Backup, old_keys
from holdfast.key_backup.sql.old_keys import Change
from holdfast.kit.db import Tx

MOST_VERSIONS = 1000
MOST_CHANGES = 1000
USUAL_CHANGES = 100
FROM_THE_LAST = (1 << 63) - 1


@dataclass(frozen=True)
class History:
    """What can be brought back, and how many more versions and changes there are."""

    versions: list[Backup]
    more_versions: int
    changes: list[Change]
    more_changes: int
    sessions: list[Removed]
    dehydrated: list[RemovedDehydrated]


def of_user(
    tx: Tx, user_id: str, since: int, *, before: int = FROM_THE_LAST, limit: int = MOST_CHANGES
) -> History:
    """What of a user has gone at `since` or later.

    Of the changes, the last `limit` from before the one named `before`. Versions without keys come
    last, so that nobody hides another one behind a thousand of them.
    """
    versions = sql.all_ended(tx, user_id, since, MOST_VERSIONS)
    changes = old_keys.changes(tx, user_id, since, before, limit)
    more_changes = more_versions = 0
    if len(versions) == MOST_VERSIONS:
        more_versions = sql.count_ended(tx, user_id, since) - MOST_VERSIONS
    if len(changes) == limit:
        more_changes = old_keys.count_changes(tx, user_id, since, changes[-1].number)
    sessions = removed_sessions(tx, user_id, since)
    gone = dehydrated_devices.removed(tx, user_id)
    dehydrated = [each for each in gone if each.removed_at >= since]
    return History(versions, more_versions, changes, more_changes, sessions, dehydrated)


def removed_sessions(tx: Tx, user_id: str, since: int) -> list[Removed]:
    """Sessions that were removed at `since` or later and have published keys.

    One whose device ID is in use again is left out: there cannot be two. Dehydrated devices are no
    sessions.
    """
    taken = {each.device_id for each in listing.live(tx, [user_id])}
    dehydrated = {each.number for each in dehydrated_devices.removed(tx, user_id)}
    return [
        each
        for each in listing.removed(tx, user_id)
        if each.removed_at >= since
        and each.device_id not in taken
        and each.number not in dehydrated
    ]
