"""Every kind of mail there is, with what each one tells.

The name of a kind is the name of its section in the catalogues (`templates/en.toml` and the
others); its fields are what the sentences there can name. Texts that other people chose, such as
an app's name, are made harmless before they get into a mail (`kit.mail.harmless`).
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What all kinds of mail have in common."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMail(Kind):
    """A mail whose point is its link, which works for `minutes` minutes."""

    link: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterConfirm(LinkMail):
    """Somebody creates an account with this address and proves here that it is theirs."""

    name: ClassVar[str] = "register_confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirm(LinkMail):
    """Somebody adds this address to their account and proves here that it is theirs."""

    name: ClassVar[str] = "address_confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressTaken(Kind):
    """Somebody tried to register or add this address, which already belongs to an account."""

    name: ClassVar[str] = "address_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetLinkPortal(LinkMail):
    """A forgotten account password: the link opens the portal's page for a new one."""

    name: ClassVar[str] = "reset_link_portal"
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetConfirmClient(LinkMail):
    """An app wants to set a new account password: the link's page asks whether that is right."""

    name: ClassVar[str] = "reset_confirm_client"
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Kind):
    """Something happened to `user_id` at `when` (milliseconds), and who did it from where.

    `address` is the network address, `client` the app or browser; either may be empty. With
    `lock_link` whoever reads the mail can lock the account; it is empty where nothing is left to
    lock.
    """

    user_id: str
    when: int
    address: str
    client: str
    lock_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordNotice(Notice):
    """The account password is another one now; this is what became of the other sessions.

    `messages` encrypted ones can be read, and the key backup does not cover `at_risk` of them.
    """

    kept: int
    locked: int
    removed: int
    messages: int
    at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(PasswordNotice):
    """The account password was changed by a signed-in session."""

    name: ClassVar[str] = "password_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset(PasswordNotice):
    """A new account password was set through a link sent by mail."""

    name: ClassVar[str] = "password_reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetByKey(PasswordNotice):
    """A new account password was set with the recovery key."""

    name: ClassVar[str] = "password_reset_by_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetByAdmin(PasswordNotice):
    """A new account password was set through a link that an administrator made."""

    name: ClassVar[str] = "password_reset_by_admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession(Notice):
    """Somebody signed in; `session` is the new session's name, which may be empty."""

    name: ClassVar[str] = "new_session"
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressAdded(Notice):
    """`email` now belongs to the account."""

    name: ClassVar[str] = "address_added"
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRemoved(Notice):
    """`email` does not belong to the account any more."""

    name: ClassVar[str] = "address_removed"
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAdded(Notice):
    """`phone`, written with its plus sign, now belongs to the account."""

    name: ClassVar[str] = "phone_added"
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRemoved(Notice):
    """`phone` does not belong to the account any more."""

    name: ClassVar[str] = "phone_removed"
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeactivated(Notice):
    """The account was deactivated for good."""

    name: ClassVar[str] = "account_deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBackupNotice(Notice):
    """`keys` room keys of a key backup are gone; they can be brought back for `days` days."""

    keys: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBackupDeleted(KeyBackupNotice):
    """The key backup was deleted."""

    name: ClassVar[str] = "key_backup_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBackupReplaced(KeyBackupNotice):
    """A new key backup, which is empty at first, took the place of the one there was."""

    name: ClassVar[str] = "key_backup_replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomKeysDeleted(KeyBackupNotice):
    """So many room keys, but not all, were deleted from the key backup."""

    name: ClassVar[str] = "room_keys_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityReplaced(Notice):
    """The account's identity (its cross-signing keys) is another one now."""

    name: ClassVar[str] = "identity_replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked(Notice):
    """Somebody said "this wasn't me": the account and its `sessions` sessions are locked."""

    name: ClassVar[str] = "account_locked"
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryResetOn(Notice):
    """The recovery key can set a new account password from now on."""

    name: ClassVar[str] = "recovery_reset_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryResetOff(Notice):
    """The recovery key cannot set a new account password any more."""

    name: ClassVar[str] = "recovery_reset_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedMessages(Kind):
    """`messages` notifications in `rooms` rooms have been unread for a while."""

    name: ClassVar[str] = "missed_messages"
    user_id: str
    messages: int
    rooms: int


KINDS: tuple[type[Kind], ...] = (
    RegisterConfirm,
    AddressConfirm,
    AddressTaken,
    ResetLinkPortal,
    ResetConfirmClient,
    PasswordChanged,
    PasswordReset,
    PasswordResetByKey,
    PasswordResetByAdmin,
    NewSession,
    AddressAdded,
    AddressRemoved,
    PhoneAdded,
    PhoneRemoved,
    AccountDeactivated,
    KeyBackupDeleted,
    KeyBackupReplaced,
    RoomKeysDeleted,
    IdentityReplaced,
    AccountLocked,
    RecoveryResetOn,
    RecoveryResetOff,
    MissedMessages,
)
