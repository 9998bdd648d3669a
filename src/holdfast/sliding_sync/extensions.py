"""What else a client of Simplified Sliding Sync hears of (MSC3884, MSC3885, MSC3959 to MSC3961)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from holdfast.account_data import feed as account_data
from holdfast.device_keys import feed as device_keys
from holdfast.kit.db import Tx
from holdfast.kit.errors import InvalidParam
from holdfast.kit.http import Requester
from holdfast.kit.http.request import is_number
from holdfast.push import rulesets
from holdfast.receipts import feed as receipts
from holdfast.sliding_sync.shapes import Extensions, ToDevice
from holdfast.to_device import feed as to_device
from holdfast.typing import feed as typing


def since_of(asked: ToDevice) -> int:
    """The position up to which a client has its messages.

    Raises:
        InvalidParam: that is none of ours.
    """
    if asked.since is None:
        return 0
    if not is_number(asked.since):
        raise InvalidParam("since must be the next_batch of an earlier answer.")
    return int(asked.since)


def messages(tx: Tx, asked: ToDevice, device: int, newest: int) -> tuple[dict[str, Any], bool]:
    """The messages to this device, and whether earlier ones can be forgotten."""
    queue = to_device.look(tx, device, min(since_of(asked), newest))
    upto = newest if queue.upto is None else queue.upto
    events = [msgspec.Raw(text.encode()) for text in queue.messages]
    return {"next_batch": str(upto), "events": events}, queue.acknowledged


def keys(tx: Tx, me: Requester, after: int, newest: int) -> tuple[dict[str, Any], bool]:
    """Whose keys changed, which of one's own are left; and whether that is news."""
    unused = device_keys.unused_fallback_key_types(tx, me.user_id, me.device_id)
    told: dict[str, Any] = {
        "device_one_time_keys_count": device_keys.one_time_key_counts(tx, me.user_id, me.device_id),
        "device_unused_fallback_key_types": unused,
    }
    if not after:
        return told, True
    found = device_keys.changed(tx, me.user_id, after, newest)
    told["device_lists"] = {"changed": sorted(found.changed), "left": sorted(found.left)}
    used = device_keys.fallback_key_used(tx, me.user_id, me.device_id, after, newest)
    return told, bool(found.changed or found.left or used)


def data(
    tx: Tx, user_id: str, after: int, newest: int, starts: Mapping[str, int]
) -> dict[str, Any]:
    """Account data that changed; of rooms since where the client knows them from (`starts`)."""
    changed = account_data.of_user(tx, user_id, after, newest)
    told: list[dict[str, Any]] = [_event(each.type, each.content) for each in changed]
    rules: Any = {"global": rulesets.of(tx, user_id)} if not after else None
    if after:
        rules = rulesets.changed(tx, user_id, after, newest)
    if rules is not None:
        told.append({"type": "m.push_rules", "content": rules})
    least = min([after, *starts.values()], default=after)
    of_rooms = account_data.of_rooms(tx, user_id, least, newest)
    fresh = {room_id for room_id, start in starts.items() if start == 0}
    recent = of_rooms if least == after else account_data.of_rooms(tx, user_id, after, newest)
    rooms = {
        room_id: [_event(each.type, each.content) for each in entries]
        for room_id, entries in of_rooms.items()
        if room_id in fresh or (room_id in starts and room_id in recent)
    }
    found: dict[str, Any] = {"global": told} if told else {}
    return found | ({"rooms": rooms} if rooms else {})


def _event(kind: str, content: str) -> dict[str, Any]:
    return {"type": kind, "content": msgspec.Raw(content.encode())}


def read(
    tx: Tx, user_id: str, after: int, newest: int, starts: Mapping[str, int]
) -> dict[str, Any]:
    """Receipts that changed in rooms that the client knows; all of those that are new to it."""
    old = [room_id for room_id, start in starts.items() if start]
    fresh = [room_id for room_id, start in starts.items() if not start]
    found = receipts.changed(tx, user_id, old, after, newest)
    found |= receipts.changed(tx, user_id, fresh, 0, newest)
    return {room_id: {"type": "m.receipt", "content": each} for room_id, each in found.items()}


def typers(tx: Tx, after: int, newest: int, starts: Mapping[str, int], now: int) -> dict[str, Any]:
    """Who is typing in rooms that the client knows."""
    found = typing.changed(tx, list(starts), after, newest, now)
    return {
        room_id: {"type": "m.typing", "content": {"user_ids": users}}
        for room_id, users in found.items()
        if users or after
    }


def wanted(asked: Extensions) -> bool:
    """Whether a client wants to hear of anything at all."""
    return any(
        (
            asked.to_device.enabled,
            asked.e2ee.enabled,
            asked.account_data.enabled,
            asked.receipts.enabled,
            asked.typing.enabled,
        )
    )
