# ruff: noqa: RUF009 - `setting` makes a `dataclasses.field`, which is no shared default
"""The settings of the rate limits."""

from dataclasses import dataclass

from holdfast.config import kinds
from holdfast.config.definition import setting
from holdfast.config.values import Limit


@dataclass(frozen=True, kw_only=True, repr=False)
class LimitSettings:
    """How often somebody may ask; the part of `Settings` that stands under `limits`."""

    rate_limits: bool = setting(
        "limits.enabled",
        kinds.SWITCH,
        True,
        "Whether the limits below hold. Switch them off for load tests only.",
    )
    login_limit: Limit = setting(
        "limits.login",
        kinds.LIMIT,
        Limit(10, 60, 20),
        "Tries to sign in, right or wrong, from one address and for one account.",
    )
    failed_login_limit: Limit = setting(
        "limits.failed_login",
        kinds.LIMIT,
        Limit(5, 300, 10),
        "Failed tries to sign in, from one address and for one account. Sessions that are "
        "signed in already are not affected.",
    )
    register_limit: Limit = setting(
        "limits.register",
        kinds.LIMIT,
        Limit(5, 3600, 10),
        "New accounts from one address.",
    )
    request_token_limit: Limit = setting(
        "limits.request_token",
        kinds.LIMIT,
        Limit(10, 3600, 5),
        "Mails and text messages that somebody asks for, from one address and to one recipient.",
    )
    uia_limit: Limit = setting(
        "limits.uia",
        kinds.LIMIT,
        Limit(30, 300, 60),
        "Tries to prove who is asking with something that could be guessed, from one address and "
        "with one session; looks at whether a user name is free, from one address.",
    )
    message_limit: Limit = setting(
        "limits.message",
        kinds.LIMIT,
        Limit(600, 60, 200),
        "Events that one user sends to rooms.",
    )
    upload_limit: Limit = setting(
        "limits.upload",
        kinds.LIMIT,
        Limit(120, 60, 120),
        "Files that one user uploads.",
    )
    membership_limit: Limit = setting(
        "limits.membership",
        kinds.LIMIT,
        Limit(60, 60, 60),
        "Rooms that one user creates, joins and knocks at, and others whom the user invites, "
        "removes or bans.",
    )
