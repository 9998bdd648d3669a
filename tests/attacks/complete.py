"""Requests in which everything is right but for one text, which stands in one place of each."""

from typing import Any

from tests.world import EXTRAS, PASSWORD

HERE = "<the text>"
NEW = "nimbus orchard vagrant"
SIGN_IN = {"type": "m.login.password", "password": PASSWORD}
CREDS = {"sid": "sid", "client_secret": "secret"}
ASK = {"email": "a@example.org", "client_secret": "secret", "send_attempt": 1}
DUMMY = {"type": "m.login.dummy"}
BACKUP = "m.megolm_backup.v1.curve25519-aes-sha2"
KEYS = "room_keys/keys"
PUBLIC = "A" * 43
LINK = "m.login.email.identity"


def pusher(**fields: Any) -> dict[str, Any]:
    """A pusher as an app sets it, with some of its fields replaced."""
    return {
        "app_id": "app",
        "pushkey": "key",
        "kind": "http",
        "app_display_name": "App",
        "device_display_name": "Phone",
        "lang": "en",
        "data": {"url": "https://push.example/_matrix/push/v1/notify"},
        **fields,
    }


def room_key(**fields: Any) -> dict[str, Any]:
    """A room key as a client stores it, with some of its fields replaced."""
    return {
        "first_message_index": 0,
        "forwarded_count": 0,
        "is_verified": True,
        "session_data": {},
        **fields,
    }


def third_party(medium: str) -> dict[str, Any]:
    """Signing in with an address."""
    return {
        **SIGN_IN,
        "identifier": {"type": "m.id.thirdparty", "medium": medium, "address": HERE},
    }


def phone(country: str) -> dict[str, Any]:
    """Signing in with a phone number."""
    return {**SIGN_IN, "identifier": {"type": "m.id.phone", "country": country, "phone": HERE}}


_DEHYDRATED = "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device"
DEVICE_KEYS = {
    "user_id": "@mallory:hold.example",
    "device_id": "DEVICE",
    "algorithms": [],
    "keys": {"ed25519:DEVICE": "A" * 43, "curve25519:DEVICE": "A" * 43},
    "signatures": {"@mallory:hold.example": {"ed25519:DEVICE": "A" * 86}},
}
MASTER_KEY = {
    "user_id": "@mallory:hold.example",
    "usage": ["master"],
    "keys": {f"ed25519:{'A' * 43}": "A" * 43},
}
_KEYS: list[tuple[str, dict[str, Any]]] = [
    *[
        ("keys/upload", {"device_keys": {**DEVICE_KEYS, **changed}})
        for changed in (
            {"user_id": HERE},
            {"device_id": HERE},
            {"algorithms": [HERE]},
            {"keys": {HERE: HERE}},
            {"signatures": {HERE: {HERE: HERE}}},
            {HERE: HERE},
        )
    ],
    ("keys/upload", {"one_time_keys": {HERE: HERE}}),
    ("keys/upload", {"one_time_keys": {f"curve25519:{HERE}": "A" * 43}}),
    ("keys/upload", {"one_time_keys": {"curve25519:A": HERE}}),
    ("keys/upload", {"one_time_keys": {f"signed_curve25519:{HERE}": {"key": "A" * 43}}}),
    ("keys/upload", {"fallback_keys": {f"curve25519:{HERE}": "A" * 43}}),
    ("keys/query", {"device_keys": {HERE: []}}),
    ("keys/query", {"device_keys": {"@mallory:hold.example": [HERE]}}),
    ("keys/claim", {"one_time_keys": {HERE: {"DEVICE": "signed_curve25519"}}}),
    ("keys/claim", {"one_time_keys": {"@mallory:hold.example": {HERE: HERE}}}),
    *[
        ("keys/device_signing/upload", {"master_key": {**MASTER_KEY, **changed}})
        for changed in (
            {"user_id": HERE},
            {"usage": [HERE]},
            {"keys": {HERE: HERE}},
            {"signatures": {HERE: {HERE: HERE}}},
        )
    ],
    ("keys/signatures/upload", {HERE: {HERE: {HERE: HERE}}}),
    ("keys/signatures/upload", {"@mallory:hold.example": {HERE: DEVICE_KEYS}}),
]
_POSTS: list[tuple[str, dict[str, Any]]] = [
    ("login", {**SIGN_IN, "identifier": {"type": "m.id.user", "user": HERE}}),
    ("login", {**SIGN_IN, "identifier": {"type": HERE}}),
    ("login", {"type": HERE}),
    ("login", {"type": "m.login.token", "token": HERE}),
    ("login", third_party("email")),
    ("login", third_party("msisdn")),
    ("login", phone("DE")),
    ("login", phone(HERE)),
    ("refresh", {"refresh_token": HERE}),
    ("register", {"username": HERE, "password": NEW, "auth": DUMMY}),
    ("register", {"password": HERE, "auth": DUMMY}),
    ("register", {"password": NEW, "auth": DUMMY, "device_id": HERE}),
    ("register", {"password": NEW, "auth": DUMMY, "initial_device_display_name": HERE}),
    ("register", {"auth": {"type": "m.login.dummy", "session": HERE}}),
    ("account/password", {"new_password": HERE}),
    ("account/password", {"new_password": NEW, "dev.holdfast.sessions": {HERE: "lock"}}),
    (
        "account/password",
        {"new_password": NEW, "auth": {"type": LINK, "threepid_creds": {**CREDS, "sid": HERE}}},
    ),
    ("account/3pid/add", {**CREDS, "sid": HERE}),
    ("account/3pid/add", {**CREDS, "client_secret": HERE}),
    ("account/3pid", {"three_pid_creds": {**CREDS, "sid": HERE}}),
    ("account/3pid/delete", {"medium": "email", "address": HERE}),
    ("account/3pid/delete", {"medium": "msisdn", "address": HERE}),
    ("account/3pid/delete", {"medium": HERE, "address": "a@example.org"}),
    ("delete_devices", {"devices": [HERE]}),
    ("pushers/set", pusher(app_id=HERE)),
    ("pushers/set", pusher(pushkey=HERE)),
    ("pushers/set", pusher(kind=HERE)),
    ("pushers/set", pusher(lang=HERE)),
    ("pushers/set", pusher(profile_tag=HERE)),
    ("pushers/set", pusher(app_display_name=HERE)),
    ("pushers/set", pusher(data={"url": HERE})),
    *_KEYS,
    ("room_keys/version", {"algorithm": BACKUP, "auth_data": {"public_key": PUBLIC, HERE: HERE}}),
    ("room_keys/version", {"algorithm": BACKUP, "auth_data": {"public_key": HERE}}),
    ("room_keys/version", {"algorithm": HERE, "auth_data": {"public_key": PUBLIC}}),
    (f"{EXTRAS}/key_backup/restore", {"id": HERE}),
    (f"{_DEHYDRATED}/DEVICE/events", {"next_batch": HERE}),
    (f"{EXTRAS}/lock_devices", {"devices": [HERE]}),
    (f"{EXTRAS}/let_in_devices", {"devices": [HERE]}),
    (f"{EXTRAS}/password_reset/recovery_key", {"user": HERE, "secret": HERE}),
    (f"{EXTRAS}/password_reset/request", {"email": HERE}),
    (f"{EXTRAS}/password_reset/open", {"token": HERE}),
    (f"{EXTRAS}/password_reset/open", {"token": f"{HERE}.{HERE}"}),
    (f"{EXTRAS}/password_reset/complete", {"token": HERE, "new_password": NEW}),
    *[
        (f"{path}/email/requestToken", {**ASK, field: HERE})
        for path in ("register", "account/password", "account/3pid")
        for field in ("email", "client_secret", "next_link")
    ],
]
_PUTS: list[tuple[str, dict[str, Any]]] = [
    ("devices/DEVICE", {"display_name": HERE}),
    ("room_keys/version/1", {"algorithm": BACKUP, "auth_data": {"public_key": PUBLIC, "x": HERE}}),
    ("room_keys/version/1", {"algorithm": BACKUP, "auth_data": {}, "version": HERE}),
    (f"{KEYS}?version=1", {"rooms": {HERE: {"sessions": {"s": room_key()}}}}),
    (f"{KEYS}?version=1", {"rooms": {"!r:x": {"sessions": {HERE: room_key()}}}}),
    (f"{KEYS}/!r:x?version=1", {"sessions": {"s": room_key(session_data={HERE: HERE})}}),
    (f"{KEYS}/!r:x/s?version=1", room_key(session_data=HERE)),
    (f"{EXTRAS}/language", {"language": HERE}),
    (f"{EXTRAS}/recovery_key_reset", {"key_id": HERE, "secret": HERE}),
    (_DEHYDRATED, {"device_id": HERE, "device_data": {"algorithm": "x"}, "device_keys": {}}),
    (_DEHYDRATED, {"device_id": "A", "device_data": {HERE: HERE}, "device_keys": {HERE: HERE}}),
    ("sendToDevice/m.dummy/1", {"messages": {HERE: {"*": {}}}}),
    ("sendToDevice/m.dummy/2", {"messages": {"@alice:hold.example": {HERE: {}}}}),
    ("sendToDevice/m.dummy/3", {"messages": {"@alice:hold.example": {"*": HERE}}}),
    ("sendToDevice/m.dummy/4", {"messages": {"@alice:hold.example": {"*": {HERE: HERE}}}}),
]


def complete_requests(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and body of each, with `text` in its place."""
    requests = [("POST", *post) for post in _POSTS] + [("PUT", *put) for put in _PUTS]
    return [(method, path, filled(body, text)) for method, path, body in requests]


def filled(value: Any, text: str) -> Any:
    """`value` with `text` wherever it says `HERE`, in names too."""
    if isinstance(value, dict):
        return {filled(name, text): filled(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, text) for each in value]
    return value.replace(HERE, text) if isinstance(value, str) else value
