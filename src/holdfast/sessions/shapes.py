"""Requests and answers about devices and tokens."""

from typing import Any

import msgspec

from holdfast.sessions.sql import Device


class WhoAmI(msgspec.Struct):
    """The answer of `account/whoami`."""

    user_id: str
    device_id: str
    is_guest: bool = False


class RefreshBody(msgspec.Struct):
    """A request for new tokens."""

    refresh_token: str


class RenameBody(msgspec.Struct):
    """A new name for a session."""

    display_name: str | None = None


class DevicesBody(msgspec.Struct):
    """The sessions something shall be done with."""

    devices: list[str]


def state_of(device: Device) -> str:
    """What a session is, as the API tells it under `dev.holdfast.state`."""
    return "signed_in" if device.locked_at is None else "locked"


def shown(device: Device, locked_lifetime_ms: int) -> dict[str, Any]:
    """A session as its owner sees it (Client-Server API, "Device").

    Holdfast adds its state and, for a locked one, when it will be removed by itself.
    """
    fields: dict[str, Any] = {
        "device_id": device.device_id,
        "display_name": device.display_name,
        "last_seen_ts": device.last_seen_at,
        "last_seen_ip": device.last_seen_ip,
        "org.matrix.msc3852.last_seen_user_agent": device.last_seen_user_agent,
        "dev.holdfast.state": state_of(device),
        "dev.holdfast.locked_ts": device.locked_at,
        "dev.holdfast.paused": True if device.paused else None,
        "dev.holdfast.removal_ts": None
        if device.locked_at is None
        else device.locked_at + locked_lifetime_ms,
    }
    return {name: value for name, value in fields.items() if value is not None}
