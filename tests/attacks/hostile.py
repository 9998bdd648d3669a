"""What hostile requests are made of, and what every answer to one must look like."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from holdfast.app import ROUTES
from holdfast.kit.http import Route
from tests.world import Answer

LONG = "x" * 70_000
NUL = "a\0b"
TEXTS = [
    "",
    " ",
    NUL,
    LONG,
    "é" * 300,
    "𐍈" * 300,
    "../../etc/passwd",
    "' OR 1=1 --",
    "\r\nBcc: everybody@evil.example",
    "\u202e\u0000\ufeff",
    "@alice:hold.example",
    "alice@example.org",
]
NUMBERS = [0, -1, 1 << 31, 1 << 53, 1 << 63, -(1 << 63) - 1, 1 << 64, 10**30, 1.5, 1e300]
# Every name that some request gives to something; hostile objects are made of these.
NAMES = [
    "actions",
    "additional_creators",
    "conditions",
    "content",
    "creation_content",
    "extensions",
    "filter",
    "initial_state",
    "invite",
    "limit",
    "lists",
    "m.relates_to",
    "membership",
    "new_version",
    "pattern",
    "power_level_content_override",
    "preset",
    "reason",
    "room_alias_name",
    "room_id",
    "room_subscriptions",
    "search_categories",
    "search_term",
    "typing",
    "@alice:hold.example",
    "address",
    "algorithms",
    "algorithm",
    "app_display_name",
    "app_id",
    "append",
    "auth",
    "auth_data",
    "client_secret",
    "country",
    "data",
    "dev.holdfast.sessions",
    "device_data",
    "device_display_name",
    "device_id",
    "device_keys",
    "devices",
    "display_name",
    "email",
    "erase",
    "fallback_keys",
    "identifier",
    "inhibit_login",
    "initial_device_display_name",
    "keys",
    "first_message_index",
    "forwarded_count",
    "id",
    "identifier",
    "inhibit_login",
    "initial_device_display_name",
    "is_verified",
    "kind",
    "lang",
    "language",
    "limit",
    "logout_devices",
    "master_key",
    "medium",
    "messages",
    "new_password",
    "next_batch",
    "next_link",
    "number",
    "one_time_keys",
    "org.matrix.msc2732.fallback_keys",
    "password",
    "phone",
    "phone_number",
    "profile_tag",
    "public_key",
    "pushkey",
    "refresh_token",
    "self_signing_key",
    "rooms",
    "send_attempt",
    "session",
    "session_data",
    "sessions",
    "sid",
    "signatures",
    "signed_curve25519:A",
    "three_pid_creds",
    "threepid_creds",
    "timeout",
    "token",
    "type",
    "unsigned",
    "url",
    "usage",
    "user",
    "user_id",
    "user_signing_key",
    "username",
    "version",
]
KINDS = [
    "m.login.password",
    "m.login.token",
    "m.login.dummy",
    "m.login.email.identity",
    "m.login.registration_token",
    "m.id.user",
    "m.id.thirdparty",
    "m.id.phone",
    "email",
    "msisdn",
    "http",
    "lock",
    "de",
    "m.megolm_backup.v1.curve25519-aes-sha2",
]

_leaves = (
    st.none()
    | st.booleans()
    | st.sampled_from(NUMBERS)
    | st.integers()
    | st.sampled_from([text for text in TEXTS if text is not LONG])
    | st.sampled_from(KINDS)
    | st.text(max_size=20)
)
_values = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(NAMES), _values, max_size=12)
"""JSON objects that look a little like requests and are none."""

RAW: dict[str, bytes] = {
    "nothing": b"",
    "cut off": b'{"a": ',
    "a list": b"[]",
    "null": b"null",
    "a text": b'"x"',
    "a number": b"12",
    "not UTF-8": b"\xff\xfe\x00{",
    "not UTF-8 inside": b'{"type": "\xff", "username": "\xc3\x28", "email": "\xff"}',
    "not UTF-8 in a part nobody reads": b'{"nobody_reads_this": "\xff"}',
    "lone surrogate": b'{"type": "\\ud800", "username": "\\udfff", "password": "\\ud800"}',
    "raw NUL": b'{"type": "a\x00b"}',
    "deep lists": b'{"auth": ' + b"[" * 50_000,
    "closed deep lists": b'{"auth": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep where anything goes": b'{"data": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    "the same key twice": b'{"type": "m.login.password", "type": 5, "auth": {}, "auth": null}',
    "a number too large to hold": b'{"send_attempt": 1e400, "data": {"n": 1e400}}',
    "a number of many digits": b'{"send_attempt": ' + b"9" * 6000 + b"}",
    "not a number": b'{"send_attempt": NaN}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a form": b"username=alice&password=secret",
}


def endpoints() -> Iterator[tuple[Route, str]]:
    """Every route of the API with each of its paths."""
    for route in ROUTES:
        for path in route.paths:
            if path.startswith("/_matrix/"):
                yield route, path


def must_be_an_answer(answer: Answer) -> None:
    """Refused or not, it was the server's intention, and a client can read it."""
    assert answer.status_code < 500, (answer.request.url, answer.request.content[:300], answer.text)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if answer.status_code >= 400 and not is_page:  # the fallback pages are for people
        must_be_an_error(answer.json())


def must_be_an_error(body: dict[str, Any]) -> None:
    """The specification's error object, or the one that asks for proof of who is asking."""
    assert body["dev.holdfast.request_id"]
    if "flows" in body and "errcode" not in body:
        assert isinstance(body["session"], str)
        return
    assert isinstance(body["errcode"], str)
    assert body["errcode"].startswith("M_")
    assert isinstance(body["error"], str)
    assert body["error"]
    json.dumps(body, ensure_ascii=False).encode()
