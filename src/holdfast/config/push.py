"""The settings of push notifications."""

from dataclasses import dataclass

from holdfast.config import kinds
from holdfast.config.definition import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class PushSettings:
    """The settings of push notifications; a part of `Settings`."""

    push_emails: bool = setting(
        "push.emails",
        kinds.SWITCH,
        False,
        "Whether users may have notifications of missed messages sent to their e-mail address.",
    )
