"""Reading a request's body, of a limited size and in a limited time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.types import Receive

from holdfast.kit.errors import MatrixError


async def whole(receive: Receive, announced: str, most: int, seconds: float) -> bytes:
    """The whole body, of at most `most` bytes, sent within `seconds`.

    `announced` is what the header says of its length.

    Raises:
        MatrixError: 413 `M_TOO_LARGE`, 408 when it does not arrive in time, 400 when cut off.
    """
    try:
        async with asyncio.timeout(seconds):
            return b"".join([part async for part in parts(receive, announced, most, None)])
    except TimeoutError as error:
        raise _too_late() from error


async def parts(
    receive: Receive, announced: str, most: int, seconds: float | None
) -> AsyncIterator[bytes]:
    """The body of at most `most` bytes as it arrives, each part within `seconds`.

    Raises:
        MatrixError: 413 `M_TOO_LARGE`, 408 when nothing arrives for a while, 400 when cut off.
    """
    # Nobody announces more digits than this and means it, and `int` refuses thousands of them.
    if announced.isdecimal() and int(announced[:20]) > most:
        raise _too_large(most)
    size, more = 0, True
    while more:
        message = await _next(receive, seconds)
        if message["type"] == "http.disconnect":
            raise MatrixError(400, "M_NOT_JSON", "The request was cut off.")
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        more = message.get("more_body", False)
        yield part


async def _next(receive: Receive, seconds: float | None) -> dict[str, Any]:
    try:
        async with asyncio.timeout(seconds):
            return dict(await receive())
    except TimeoutError as error:
        raise _too_late() from error


def _too_large(most: int) -> MatrixError:
    return MatrixError(413, "M_TOO_LARGE", f"The request's body is larger than {most} bytes.")


def _too_late() -> MatrixError:
    return MatrixError(408, "M_UNKNOWN", "The request's body did not arrive in time. Try again.")
