"""Speaking with push gateways (Push Gateway API, `POST /_matrix/push/v1/notify`).

Users name their gateways, so a request goes only where anybody could send one: the name is looked
up once, its addresses are checked, and the connection is made to the address that was checked.
"""

import asyncio
import socket
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

TIMEOUT_S = 10.0
ANSWER_BYTES = 64 * 1024


class GatewayFailed(Exception):
    """A gateway did not take a notification, for now. The text is for the log."""


class Gateways:
    """A client for all push gateways."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._http = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False)

    async def notify(self, url: str, notification: dict[str, Any]) -> list[str]:
        """Hand a notification over; return the pushkeys that the gateway knows no more.

        Raises:
            GatewayFailed: it was not taken.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = await self._address(host, parts.port or (443 if parts.scheme == "https" else 80))
        at = f"[{address}]" if ":" in address else address
        port = f":{parts.port}" if parts.port else ""
        request = self._http.build_request(
            "POST",
            parts._replace(netloc=at + port).geturl(),
            content=msgspec.json.encode({"notification": notification}),
            headers={"host": host + port, "content-type": "application/json"},
            extensions={"sni_hostname": host},
        )
        try:
            answer = await self._http.send(request, stream=True)
            try:
                return _rejected(answer.status_code, await _read(answer))
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            raise GatewayFailed(type(error).__name__) from error

    async def _address(self, host: str, port: int) -> str:
        """An address of a host that we may connect to.

        Raises:
            GatewayFailed: it has none, or one that is not public.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise GatewayFailed("its name leads nowhere") from error
        addresses = [str(each[4][0]).partition("%")[0] for each in found]
        if not self._private and not all(ip_address(each).is_global for each in addresses):
            raise GatewayFailed(
                "it is in a private network (see the setting push.private_gateways)"
            )
        return addresses[0]

    async def close(self) -> None:
        """Let go of every connection."""
        await self._http.aclose()


async def _read(answer: httpx.Response) -> bytes:
    body = b""
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > ANSWER_BYTES:
            raise GatewayFailed("its answer is too long")
    return body


def _rejected(status: int, body: bytes) -> list[str]:
    if not 200 <= status < 300:
        raise GatewayFailed(f"it answered {status}")
    try:
        found = msgspec.json.decode(body or b"{}", type=dict[str, Any]).get("rejected")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
