"""What a client may ask of `POST /pushers/set`, and what is wrong with it otherwise."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec

from holdfast.kit.errors import InvalidParam, MissingParam
from holdfast.kit.http.request import decode
from holdfast.push.rules import Pusher

HTTP, EMAIL = "http", "email"
APP_ID_LENGTH = 64
PUSHKEY_BYTES = 512
NAME_LENGTH = 255
DATA_BYTES = 16 * 1024
GATEWAY_PATH = "/_matrix/push/v1/notify"


class PusherBody(msgspec.Struct):
    """A pusher to set; with `kind` null, one to remove."""

    app_id: str
    pushkey: str
    kind: str | None
    app_display_name: str | None = None
    device_display_name: str | None = None
    profile_tag: str | None = None
    lang: str | None = None
    data: msgspec.Raw = msgspec.Raw()  # `Raw | None` would take nothing but null
    append: bool = False


def check(body: PusherBody) -> None:
    """Refuse an app ID or pushkey that names nothing.

    Raises:
        InvalidParam: empty or too long.
    """
    if not 0 < len(body.app_id) <= APP_ID_LENGTH:
        raise InvalidParam(f"An app_id has 1 to {APP_ID_LENGTH} characters.")
    if not 0 < len(body.pushkey.encode()) <= PUSHKEY_BYTES:
        raise InvalidParam(f"A pushkey has 1 to {PUSHKEY_BYTES} bytes.")


def pusher_of(body: PusherBody, kind: str, device_id: str) -> Pusher:
    """The pusher that a session asks for.

    Raises:
        MissingParam: what every pusher, or one of this kind, must have was left out.
        InvalidParam: a value cannot be used.
    """
    app, device, lang = body.app_display_name, body.device_display_name, body.lang
    if app is None:
        raise MissingParam("app_display_name")
    if device is None:
        raise MissingParam("device_display_name")
    if lang is None:
        raise MissingParam("lang")
    if bytes(body.data) in (b"", b"null"):
        raise MissingParam("data")
    if any(len(text) > NAME_LENGTH for text in (app, device, lang, body.profile_tag or "")):
        raise InvalidParam(f"A pusher's names have at most {NAME_LENGTH} characters.")
    if kind not in (HTTP, EMAIL):
        raise InvalidParam("A pusher is of the kind 'http' or 'email'.")
    data_given = decode(body.data, dict[str, Any])
    if kind == HTTP:
        _check_gateway(data_given.get("url"))
    # As it was sent: it may hold numbers that we could not write again.
    data = bytes(body.data)
    if len(data) > DATA_BYTES:
        raise InvalidParam(f"A pusher's data has at most {DATA_BYTES} bytes.")
    names = (app, device, body.profile_tag, lang)
    return Pusher(body.app_id, body.pushkey, device_id, kind, *names, data.decode())


def _check_gateway(url: Any) -> None:
    """The gateway's URL as the specification wants it: HTTPS, and always the same path.

    Without encryption only to this very machine, where nobody can listen on the way.
    """
    if url is None:
        raise MissingParam("data.url")
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise _wrong_gateway() from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))
    if not (safe and host and parts.path == GATEWAY_PATH):
        raise _wrong_gateway()


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _wrong_gateway() -> InvalidParam:
    return InvalidParam(f"data.url must be an https:// address with the path {GATEWAY_PATH}.")
