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
        "Whether users may be told of unread messages by mail: that there are some, not what they "
        "say.",
    )
    private_push_gateways: bool = setting(
        "push.private_gateways",
        kinds.SWITCH,
        False,
        "Whether push gateways may be in a private network. Users name them, so with this on a "
        "user can make the server send requests to machines that only it can reach.",
    )
