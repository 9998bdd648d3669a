"""What a request handler may reach: made once by `app.build_app`, never changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.config import Settings
from holdfast.kit.clock import Clock
from holdfast.kit.db import Database
from holdfast.kit.hasher import Hasher
from holdfast.kit.ids import Randomness
from holdfast.kit.later import Later
from holdfast.kit.limits import Limits
from holdfast.kit.notifier import Notifier
from holdfast.kit.recent import Recent
from holdfast.kit.signer import Signer
from holdfast.kit.sms import TextMessages

if TYPE_CHECKING:  # the outbox itself needs the clock and the settings of a context
    from holdfast.kit.mail import Mailer


@dataclass(frozen=True)
class Context:
    """The running server's parts. Clock, randomness, mail and text messages come from outside."""

    settings: Settings
    db: Database
    clock: Clock
    random: Randomness
    hasher: Hasher
    limits: Limits
    notifier: Notifier
    mailer: "Mailer"
    texts: TextMessages
    signer: Signer
    later: Later
    recent: Recent

    @property
    def now(self) -> int:
        """The time in milliseconds since the Unix epoch."""
        return self.clock.now_ms()
