"""Tables: pushers."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.kit.db import Tx


@dataclass(frozen=True)
class Pusher:
    """Where one app wants its notifications."""

    app_id: str
    pushkey: str
    device_id: str
    kind: str
    app_display_name: str
    device_display_name: str
    profile_tag: str | None
    lang: str
    data: str


def pushers(tx: Tx, user_id: str) -> list[Pusher]:
    """A user's pushers, the oldest first."""
    return tx.all(
        Pusher,
        "SELECT app_id, pushkey, device_id, kind, app_display_name, device_display_name,"
        " profile_tag, lang, data FROM pushers WHERE user_id = :user_id"
        " ORDER BY created_at, app_id, pushkey",
        user_id=user_id,
    )


def put(tx: Tx, user_id: str, pusher: Pusher, now: int, delivered: int) -> None:
    """Add a pusher, to which nothing up to `delivered` is delivered, or change it."""
    tx.run(
        "INSERT INTO pushers (user_id, app_id, pushkey, device_id, kind, app_display_name,"
        " device_display_name, profile_tag, lang, data, created_at, delivered)"
        " VALUES (:user_id, :app_id, :pushkey, :device_id, :kind, :app_display_name,"
        " :device_display_name, :profile_tag, :lang, :data, :now, :delivered)"
        " ON CONFLICT (user_id, app_id, pushkey) DO UPDATE SET device_id = excluded.device_id,"
        " kind = excluded.kind, app_display_name = excluded.app_display_name,"
        " device_display_name = excluded.device_display_name, profile_tag = excluded.profile_tag,"
        " lang = excluded.lang, data = excluded.data, retry_at = NULL, failing_since = NULL",
        user_id=user_id,
        app_id=pusher.app_id,
        pushkey=pusher.pushkey,
        device_id=pusher.device_id,
        kind=pusher.kind,
        app_display_name=pusher.app_display_name,
        device_display_name=pusher.device_display_name,
        profile_tag=pusher.profile_tag,
        lang=pusher.lang,
        data=pusher.data,
        now=now,
        delivered=delivered,
    )


def delete(tx: Tx, user_id: str, app_id: str, pushkey: str) -> None:
    """Remove a pusher."""
    tx.run(
        "DELETE FROM pushers WHERE user_id = :user_id AND app_id = :app_id AND pushkey = :pushkey",
        user_id=user_id,
        app_id=app_id,
        pushkey=pushkey,
    )


def delete_of_others(tx: Tx, user_id: str, app_id: str, pushkey: str) -> None:
    """Remove the pushers that other users have at the same place."""
    tx.run(
        "DELETE FROM pushers WHERE app_id = :app_id AND pushkey = :pushkey AND user_id <> :user_id",
        user_id=user_id,
        app_id=app_id,
        pushkey=pushkey,
    )


def delete_of_devices(tx: Tx, user_id: str, device_ids: Sequence[str]) -> None:
    """Remove the pushers that sessions have set."""
    tx.run(
        "DELETE FROM pushers WHERE user_id = :user_id AND device_id IN each(:device_ids)",
        user_id=user_id,
        device_ids=list(device_ids),
    )
