"""The history of a key backup as its owner sees it."""

from typing import Any

from holdfast.dehydrated_devices.rules import Removed as RemovedDehydrated
from holdfast.device_keys.listing import Removed
from holdfast.key_backup.history import History
from holdfast.key_backup.sql import Backup, Storing
from holdfast.key_backup.sql.old_keys import Change
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http.request import is_number


def change_number(item: str) -> int:
    """The number of a change, from its ID.

    Raises:
        InvalidParam: it is no change's ID.
    """
    kind, _, digits = item.partition(".")
    if kind != "change" or not is_number(digits):
        raise InvalidParam("'from' is the id of the last change that was listed before.")
    return int(digits)


def version_id(version: Backup) -> str:
    """What to restore a version by."""
    return f"version.{version.version}"


def change_id(change: Change) -> str:
    """What to restore a change by."""
    return f"change.{change.number}"


def session_id(session: Removed) -> str:
    """What to restore a session by."""
    return f"session.{session.number}"


def dehydrated_id(device: RemovedDehydrated) -> str:
    """What to restore a dehydrated device by."""
    return f"dehydrated.{device.number}"


def shown_history(history: History, lifetime: int) -> dict[str, Any]:
    """All of it; `lifetime` is that of what has gone, in seconds."""
    ms = lifetime * 1000
    return {
        "versions": [_version(each, ms) for each in history.versions],
        "more_versions": history.more_versions,
        "changes": [_change(each, ms) for each in history.changes],
        "more_changes": history.more_changes,
        "sessions": [_session(each, ms) for each in history.sessions],
        "dehydrated_devices": [_dehydrated(each, ms) for each in history.dehydrated],
    }


def _version(each: Backup, lifetime_ms: int) -> dict[str, Any]:
    ended_at = each.ended_at or 0
    return {
        "id": version_id(each),
        "version": str(each.version),
        "algorithm": each.algorithm,
        "count": each.count,
        "created_ts": each.created_at,
        "ended_ts": ended_at,
        "ended_how": each.ended_how,
        "ended_by": each.ended_by,
        "gone_ts": ended_at + lifetime_ms,
    }


def _change(each: Change, lifetime_ms: int) -> dict[str, Any]:
    return {
        "id": change_id(each),
        "version": str(each.version),
        "count": each.count,
        "rooms": each.rooms,
        "ended_ts": each.ended_at,
        "ended_how": each.ended_how,
        "ended_by": each.ended_by,
        "gone_ts": each.ended_at + lifetime_ms,
    }


def _session(each: Removed, lifetime_ms: int) -> dict[str, Any]:
    return {
        "id": session_id(each),
        "device_id": each.device_id,
        "display_name": each.display_name,
        "removed_ts": each.removed_at,
        "gone_ts": each.removed_at + lifetime_ms,
    }


def _dehydrated(each: RemovedDehydrated, lifetime_ms: int) -> dict[str, Any]:
    return {
        "id": dehydrated_id(each),
        "device_id": each.device_id,
        "removed_ts": each.removed_at,
        "gone_ts": each.removed_at + lifetime_ms,
    }


def shown_storing(each: Storing) -> dict[str, Any]:
    """A session that stores keys."""
    return {
        "device_id": each.device_id,
        "last_stored_ts": each.last_at or None,
        "count": each.count,
    }
