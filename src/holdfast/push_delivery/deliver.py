"""Delivering notifications to pushers, beside the requests.

There is no queue: a pusher knows up to which position it has been told, and what its user was
notified of lies in a table anyway. `docs/decisions/0043-push-delivery.md`.
"""

import asyncio
from typing import Any

import msgspec

from holdfast.kit.context import Context
from holdfast.kit.log import logger
from holdfast.push import due as push
from holdfast.push.counting import DELIVERIES
from holdfast.push.due import Due, Waiting
from holdfast.push_delivery.by_mail import mail
from holdfast.push_delivery.gateway import GatewayFailed, Gateways
from holdfast.rooms import reading
from holdfast.rooms.events import Event

SHORTEST_SLEEP_MS, LONGEST_SLEEP_MS = 1000, 60_000
PAUSE_S = 0.1
AFTER_TROUBLE_S = 5.0

log = logger(__name__)


class Deliveries:
    """The loop that delivers. Several workers may run it: each takes other pushers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._gateways = Gateways(private=context.settings.private_push_gateways)

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                try:
                    await self._work()
                except Exception:
                    log.exception("push.failed")
                    await asyncio.sleep(AFTER_TROUBLE_S)
        finally:
            await self._gateways.close()

    async def _work(self) -> None:
        """Deliver what there is; then sleep until there is more, or something is tried again."""
        context = self._context
        with context.notifier.waiter(DELIVERIES) as waiter:
            while await self.deliver():
                pass
            await asyncio.sleep(PAUSE_S)  # what happens meanwhile is one more look, not many
            retry_at = await context.db.read(push.next_try)
            sleep_ms = LONGEST_SLEEP_MS if retry_at is None else retry_at - context.now
            await waiter.wait(max(SHORTEST_SLEEP_MS, min(sleep_ms, LONGEST_SLEEP_MS)))

    async def deliver(self) -> bool:
        """Deliver to the pushers that have something waiting; whether there were any."""
        now = self._context.now
        found = await self._context.db.write(lambda tx: push.claim(tx, now))
        await asyncio.gather(*(self._deliver_to(due) for due in found))
        return bool(found)

    async def _deliver_to(self, due: Due) -> None:
        context = self._context
        if due.kind == "email":
            now = context.now
            await context.db.write(lambda tx: mail(tx, context, due, now))
            return
        waiting = await context.db.read(lambda tx: push.waiting(tx, due))
        upto = due.delivered
        try:
            for each in waiting:
                rejected = await self._notify(due, each)
                if due.pushkey in rejected:
                    await context.db.write(lambda tx: push.rejected(tx, due))
                    return
                upto = each.position
        except GatewayFailed as error:
            log.warning("push.not_taken", app=due.app_id, user=due.user_id, reason=str(error))
            now = context.now
            await context.db.write(lambda tx: push.failed(tx, due, upto, now))
            return
        await context.db.write(lambda tx: push.delivered(tx, due, waiting))

    async def _notify(self, due: Due, waiting: Waiting) -> list[str]:
        context = self._context
        events = await context.db.read(
            lambda tx: reading.events_by_id(tx, due.user_id, [waiting.event_id])
        )
        unread = await context.db.read(lambda tx: push.unread(tx, due.user_id))
        if not events or not await context.db.read(lambda tx: push.waiting(tx, due)):
            return []
        data: dict[str, Any] = msgspec.json.decode(due.data)
        told = notification(due, waiting, events[0], data, unread)
        return await self._gateways.notify(data["url"], told)


def notification(
    due: Due, waiting: Waiting, event: Event, data: dict[str, Any], unread: int
) -> dict[str, Any]:
    """What a gateway is told; with `format` `event_id_only` nothing of what was said."""
    actions = msgspec.json.decode(waiting.actions)
    tweaks = {
        each["set_tweak"]: each.get("value", True)
        for each in actions
        if isinstance(each, dict) and isinstance(each.get("set_tweak"), str)
    }
    device = {
        "app_id": due.app_id,
        "pushkey": due.pushkey,
        "pushkey_ts": due.created_at // 1000,
        "data": {name: value for name, value in data.items() if name != "url"},
        "tweaks": tweaks,
    }
    told: dict[str, Any] = {
        "event_id": event.event_id,
        "room_id": event.room_id,
        "counts": {"unread": unread},
        "prio": "high" if tweaks else "low",
        "devices": [device],
    }
    if data.get("format") == "event_id_only":
        return told
    return told | {
        "type": event.type,
        "sender": event.sender,
        "content": msgspec.Raw(event.content.encode()),
        "user_is_target": event.state_key == due.user_id,
    }
