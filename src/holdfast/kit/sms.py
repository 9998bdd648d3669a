"""Text messages, handed to an operator's HTTP gateway (docs/decisions/0020-text-messages.md).

A text message carries a code that is of no use a few minutes later, so nothing is stored: it is
handed over in the background, a few times if need be, and whoever waits for it can ask again.
"""

import asyncio
import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException, HTTPMessage
from typing import IO, Protocol
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from holdfast.kit.log import logger

TIMEOUT_S = 10.0
PAUSES_S = (1.0, 5.0)
MOST_WAITING = 200
AT_ONCE = 4
SHOWN_DIGITS = 2
STOP_WITHIN_S = 2.0

log = logger(__name__)


class TextMessages(Protocol):
    """A way to send text messages."""

    @property
    def works(self) -> bool:
        """Whether they reach anybody: flows that need one are only offered when they do."""
        ...

    def send(self, number: str, text: str) -> None:
        """Send `text` to `number` (international digits without a plus sign) in the background.

        Called on the event loop, after the commit of what it is about. Returns at once.
        """
        ...

    async def stop(self) -> None:
        """Finish what is under way, within a short time."""
        ...


class NoTextMessages:
    """For servers without a gateway."""

    works = False

    def send(self, number: str, text: str) -> None:
        """Send nothing; what needs text messages is not offered."""

    async def stop(self) -> None:
        """Nothing is under way."""


class Refused(Exception):
    """The gateway will not take this message, however often it is asked."""


class _NoRedirects(HTTPRedirectHandler):
    """A gateway that moved must be set anew: following it would repeat the code to a stranger."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow nothing."""


class Gateway:
    """Posts `{"to": "+…", "text": "…"}` to a URL; any 2xx answer means that it was taken.

    A user name and password in the URL are sent as the gateway's login (HTTP Basic).
    """

    works = True

    def __init__(self, url: str, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        self._url = parts._replace(netloc=host).geturl()
        self._headers = {"content-type": "application/json", "user-agent": "Holdfast"}
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["authorization"] = f"Basic {b64encode(login.encode()).decode()}"
        self._pauses_s = pauses_s
        self._open = build_opener(_NoRedirects).open
        self._threads = ThreadPoolExecutor(AT_ONCE, "holdfast-sms")
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, number: str, text: str) -> None:
        """Hand a message over in the background; one too many is dropped, loudly."""
        if len(self._under_way) >= MOST_WAITING:
            log.error("sms.dropped", number=_hidden(number), waiting=MOST_WAITING)
            return
        task = asyncio.create_task(self._deliver(number, text))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def stop(self) -> None:
        """Finish what is under way, within two seconds."""
        if self._under_way:
            _done, late = await asyncio.wait(self._under_way, timeout=STOP_WITHIN_S)
            for task in late:
                task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _deliver(self, number: str, text: str) -> None:
        body = json.dumps({"to": f"+{number}", "text": text}).encode()
        loop = asyncio.get_running_loop()
        for tries, pause in enumerate((*self._pauses_s, None), 1):
            try:
                await loop.run_in_executor(self._threads, self._post, body)
            except Refused as error:
                log.error("sms.refused", number=_hidden(number), reason=str(error))
                return
            except (OSError, HTTPException) as error:
                reason = type(error).__name__
                log.warning("sms.failed", number=_hidden(number), tries=tries, reason=reason)
                if pause is None:
                    log.error("sms.given_up", number=_hidden(number), tries=tries)
                    return
                await asyncio.sleep(pause)
            else:
                log.info("sms.sent", number=_hidden(number), tries=tries)
                return

    def _post(self, body: bytes) -> None:
        """One try, on a thread.

        Raises:
            OSError: no connection, no answer, 429 or 5xx: it may go away by itself.
            Refused: any other answer.
        """
        asked = Request(self._url, body, self._headers)  # noqa: S310 - the setting is http(s)
        try:
            with self._open(asked, timeout=TIMEOUT_S):
                return
        except HTTPError as error:
            error.close()
            if error.code == 429 or error.code >= 500:
                raise ConnectionError(f"the gateway answered {error.code}") from None
            raise Refused(f"the gateway answered {error.code}") from None


def _hidden(number: str) -> str:
    """A number as the log may show it: enough to find a complaint again, not to call somebody."""
    return "…" + number[-SHOWN_DIGITS:]


def text_messages_for(gateway_url: str) -> TextMessages:
    """The way to send text messages that the settings name."""
    return Gateway(gateway_url) if gateway_url else NoTextMessages()
