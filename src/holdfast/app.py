"""The whole server: the only list of its features."""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send

from holdfast.account_data.routes import routes as account_data
from holdfast.accounts.routes import routes as accounts
from holdfast.admin.routes import routes as admin
from holdfast.config import Settings
from holdfast.custody.routes import routes as custody
from holdfast.dehydrated_devices.routes import routes as dehydrated_devices
from holdfast.device_keys.routes import routes as device_keys
from holdfast.discovery.routes import routes as discovery
from holdfast.housekeeping import Housekeeper
from holdfast.journal.routes import routes as journal
from holdfast.key_backup.routes import routes as key_backup
from holdfast.kit.clock import Clock, SystemClock
from holdfast.kit.context import Context
from holdfast.kit.db import Database, open_database
from holdfast.kit.hasher import Hasher
from holdfast.kit.http import Route
from holdfast.kit.http.dispatch import Dispatcher
from holdfast.kit.ids import Randomness, SystemRandomness
from holdfast.kit.later import Later
from holdfast.kit.limits import Limits
from holdfast.kit.mail import mailer_for, sender_for
from holdfast.kit.mail.seal import server_key
from holdfast.kit.notifier import Notifier
from holdfast.kit.recent import Recent
from holdfast.kit.signer import Signer
from holdfast.kit.sms import text_messages_for
from holdfast.media.routes import routes as media
from holdfast.people.elsewhere import routes as elsewhere
from holdfast.people.routes import routes as people
from holdfast.portal.routes import routes as pages
from holdfast.portal.static import Static
from holdfast.presence.routes import routes as presence
from holdfast.profile.routes import routes as profile
from holdfast.push.routes import routes as push
from holdfast.push.rule_routes import routes as push_rules
from holdfast.push_delivery.deliver import Deliveries
from holdfast.push_delivery.routes import routes as push_delivery
from holdfast.receipts.routes import routes as receipts
from holdfast.recovery.routes import routes as recovery
from holdfast.rooms.routes import routes as rooms
from holdfast.sessions.last_seen import LastSeen
from holdfast.sessions.routes import routes as sessions
from holdfast.sessions.tokens import Authenticator
from holdfast.sliding_sync.routes import routes as sliding_sync
from holdfast.sync.routes import routes as sync
from holdfast.to_device.routes import routes as to_device
from holdfast.typing.routes import routes as typing

ROUTES: list[Route] = [
    *discovery,
    *sessions,
    *accounts,
    *recovery,
    *push,
    *push_rules,
    *pages,
    *profile,
    *account_data,
    *journal,
    *device_keys,
    *to_device,
    *dehydrated_devices,
    *key_backup,
    *custody,
    *rooms,
    *media,
    *receipts,
    *typing,
    *presence,
    *people,
    *elsewhere,
    *push_delivery,
    *admin,
    *sync,
    *sliding_sync,
]


class Server:
    """An ASGI application, and what runs beside it."""

    def __init__(self, settings: Settings, db: Database, clock: Clock, random: Randomness) -> None:
        self.context = Context(
            settings=settings,
            db=db,
            clock=clock,
            random=random,
            hasher=Hasher(settings.argon2_memory_kib, settings.argon2_time_cost),
            limits=Limits(clock, enabled=settings.rate_limits, workers=settings.workers),
            notifier=Notifier(),
            mailer=mailer_for(settings, clock, random),
            texts=text_messages_for(settings.sms_gateway_url),
            signer=Signer(settings.server_name, server_key(settings.data_dir, random)),
            later=Later(),
            recent=Recent(clock),
        )
        self._sender = sender_for(settings, self.context.mailer, db, clock, random)
        self.last_seen = LastSeen(self.context)
        self.housekeeper = Housekeeper(self.context)
        authenticate = Authenticator(self.context, self.last_seen)
        self._http = Dispatcher(self.context, ROUTES, authenticate, Static())
        self._deliveries = Deliveries(self.context)
        self._beside: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to serve."""
        await self.context.db.start(self.context.notifier.wake)
        self._sender.start()
        self._beside = [
            asyncio.create_task(self.last_seen.keep_storing()),
            asyncio.create_task(self.housekeeper.keep()),
            asyncio.create_task(self._deliveries.run()),
        ]

    def end_waits(self) -> None:
        """Let requests that wait for news answer now: the server is about to stop."""
        self.context.notifier.close()

    async def stop(self) -> None:
        """Finish what runs beside the requests, then close the database."""
        self.end_waits()
        await self._sender.stop()
        await self.context.later.stop()
        await self.context.texts.stop()
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        self.context.hasher.close()
        await self.context.db.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message: dict[str, Any] = dict(await receive())
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def build_app(settings: Settings) -> Server:
    """The server for `settings`, on the real clock and real randomness.

    The database must have been migrated (`holdfast.schema.migrate`).

    Raises:
        DatabaseUnavailable: the database cannot be opened.
    """
    return Server(settings, open_database(settings.database), SystemClock(), SystemRandomness())
