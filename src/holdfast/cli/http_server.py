"""Holdfast on uvicorn: how connections are kept, limited and ended."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.supervisors import Multiprocess

from holdfast.app import Server as Application
from holdfast.app import build_app
from holdfast.config import Settings
from holdfast.kit import log
from holdfast.kit.db import DatabaseUnavailable

GRACE_SECONDS = 3
"""How long requests in flight may take to finish once the server has been told to stop."""
KEEP_ALIVE_SECONDS = 5
START_SECONDS = 60
MAX_HEAD_BYTES = 64 * 1024


class Config(uvicorn.Config):
    """uvicorn's configuration, with our deadline for the head of a request."""

    header_timeout: int


class Protocol(HttpToolsProtocol):
    """One connection.

    uvicorn waits without end for a client that stays silent or sends half a head, and keeps as
    much of a head as it is sent. Here a head that is late or too long ends the connection.
    """

    config: Config
    app: Application
    _late: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._head_is_here()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head count towards its limit."""
        if not self._answering():
            self._expect_head()
        super().data_received(data)
        if self._late is None:
            return
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """Begin a request, perhaps while the one before it is still being answered."""
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Hand the request over."""
        self._head_is_here()
        super().on_headers_complete()

    def shutdown(self) -> None:
        """Finish: the server stops, and what is waiting for news has nothing to wait for."""
        self.app.end_waits()
        super().shutdown()

    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # None before the first request
        return cycle is not None and not cycle.response_complete

    def _expect_head(self) -> None:
        if self._late is None:
            self._head_bytes = 0
            late = partial(self._refuse, b"408 Request Timeout")
            self._late = self.loop.call_later(self.config.header_timeout, late)

    def _head_is_here(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: bytes) -> None:
        self._head_is_here()
        if self.transport.is_closing():
            return
        if self._head_bytes and not self._answering():
            head = b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(head)
        self.transport.close()


class _OneProcess(uvicorn.Server):
    """A server in this process, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._ready()


class _ManyProcesses(Multiprocess):
    """Several servers on the same sockets, and the process that looks after them."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], ready: Callable[[], None]
    ) -> None:
        super().__init__(config, sockets)
        self._ready = ready
        self.served = False

    def init_processes(self) -> None:
        """Start them all; once each of them serves, say so."""
        super().init_processes()
        if all(each.wait_until_ready(START_SECONDS, self.should_exit) for each in self.processes):
            self.served = True
            self._ready()


def make_app(settings: Settings) -> Application:
    """Make the application of one process; a worker begins with nothing but its settings."""
    log.configure(settings.log_format, settings.log_level)
    try:
        return build_app(settings)
    except DatabaseUnavailable as error:
        log.logger(__name__).error("database.unavailable", error=str(error))
        sys.exit(STARTUP_FAILURE)  # with any other status it would be started again and again


def run(settings: Settings, sockets: list[socket.socket], ready: Callable[[], None]) -> bool:
    """Serve on `sockets` until SIGINT or SIGTERM; call `ready` once requests are answered.

    On either signal the requests in flight are finished, for at most `GRACE_SECONDS`. Returns
    False when the server could not start.
    """
    # uvicorn raises the signal again after a clean stop; without this it would end as a crash.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _already_stopped)
    config = _config(settings)
    if settings.workers > 1:
        many = _ManyProcesses(config, sockets, ready)
        many.run()
        return many.served
    one = _OneProcess(config, ready)
    try:
        one.run(sockets)
    except SystemExit:  # uvicorn's word for an application that did not start; it is in the log
        return False
    return one.started


def _already_stopped(_signal: int, _frame: Any) -> None:
    """Do nothing: the server has ended its work by now."""


def _config(settings: Settings) -> Config:
    config = Config(
        partial(make_app, settings),
        factory=True,
        workers=settings.workers,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the application itself decides whom to believe
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.header_timeout = settings.header_timeout
    return config
