"""What is sent for dehydrated devices and answered, checked as far as it needs no database."""

import re

import msgspec

from holdfast.device_keys.uploads import Sent
from holdfast.kit.errors import InvalidParam, MatrixError, MissingParam
from holdfast.kit.http import Request
from holdfast.kit.http.request import decode
from holdfast.to_device.feed import MOST_AT_ONCE

NAME_LENGTH = 255
DATA_BYTES = 256 * 1024
_TOKEN = re.compile(r"d(0|[1-9][0-9]{0,17})")


class DeviceData(msgspec.Struct):
    """What every client looks at before it decrypts the rest."""

    algorithm: str


class PutBody(Sent, kw_only=True):
    """A dehydrated device with its keys, which are those of `POST /keys/upload`."""

    device_id: str
    device_data: msgspec.Raw
    initial_device_display_name: str | None = None

    def check(self) -> None:
        """Refuse what cannot be a dehydrated device, whatever its keys are.

        Raises:
            MatrixError: a member is missing, too long or of the wrong shape.
        """
        if not (0 < len(self.device_id) <= NAME_LENGTH and self.device_id.isprintable()):
            raise InvalidParam("A device_id has 1 to 255 printable characters.")
        if len(self.initial_device_display_name or "") > NAME_LENGTH:
            raise InvalidParam("A device's name has at most 255 characters.")
        if len(memoryview(self.device_data)) > DATA_BYTES:
            raise MatrixError(413, "M_TOO_LARGE", f"device_data is larger than {DATA_BYTES} bytes.")
        decode(self.device_data, DeviceData)
        if self.device_keys is None:  # nobody could encrypt for it
            raise MissingParam("device_keys")


class Shown(msgspec.Struct):
    """A dehydrated device as clients see it."""

    device_id: str
    device_data: msgspec.Raw


class EventsBody(msgspec.Struct):
    """Which page is wanted: the one that begins at an earlier answer's `next_batch`."""

    next_batch: str | None = None
    limit: int | None = None


class Page(msgspec.Struct, omit_defaults=True):
    """Messages, each as it was stored.

    Clients that ask with GET go on while there is a `next_batch`; those that ask with POST, as
    MSC3814 had it first, until a page is empty, and begin anew where one has no `next_batch`.
    """

    events: list[msgspec.Raw]
    next_batch: str | None = None


def page_asked_for(request: Request) -> tuple[int, int]:
    """The position after which the page begins, and how many messages it has at most.

    With POST they are in the body, with GET in the address, where the former is called `from`.

    Raises:
        MatrixError: one of them cannot be used.
    """
    asked = decode(request.body, EventsBody)
    token = asked.next_batch or request.query("from") or request.query("next_batch")
    match = _TOKEN.fullmatch(token or "d0")
    if match is None:
        raise InvalidParam("A page begins at the next_batch of an earlier answer.")
    if asked.limit is None:
        limit = request.query_number("limit", MOST_AT_ONCE, least=1, most=MOST_AT_ONCE)
    elif asked.limit < 1:
        raise InvalidParam("limit is at least 1.")
    else:
        limit = min(asked.limit, MOST_AT_ONCE)
    return int(match[1]), limit


def token_of(position: int) -> str:
    """The `next_batch` that stands for a position."""
    return f"d{position}"
