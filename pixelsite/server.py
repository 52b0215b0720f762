"""The production server: uvicorn, set up for many sockets that come and go."""

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from socket import socket
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MAX_FRAME = 128 * 1024  # bytes; a frame that is only too long for us still gets an error
PING_INTERVAL = 20.0  # seconds, and as many again until a silent socket is given up
GRACE = 10  # seconds in which requests may finish when the pod stops, after the drain
INSISTENCE = 0.1  # seconds until a second signal is noticed
LAST_WORDS = 1.0  # seconds that a close frame may take to leave
SWITCH = 0.001  # seconds that a thread with an answer of the database waits for a busy event loop

logger = logging.getLogger(__name__)


class LeanWebSocket(WebSocketsSansIOProtocol):
    """Lets go of a client that acknowledges but never reads, and of the handshake once it is over.

    uvicorn closes its transport when pings stay unanswered, and a close waits until the buffer
    is empty, which for such a client is never. The headers, and what was said of them, it keeps
    for as long as the socket stays: 4 KB.
    """

    def start_keepalive(self) -> None:
        """Called once, when the socket is accepted."""
        super().start_keepalive()
        for message in (self.request, self.response):
            message.headers.clear()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(LAST_WORDS, self.transport.abort)


class DrainingServer(uvicorn.Server):
    """Goes on listening while its sockets leave, and then ends with exit code 0.

    uvicorn closes every socket at once, so that all of them come back at once, and dies of the
    signal that it got.
    """

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The second signal waits for nobody."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        draining = asyncio.ensure_future(self._drain())
        while not (draining.done() or self.force_exit):
            await asyncio.wait([draining], timeout=INSISTENCE)
        if draining.cancel():
            self.force_exit = False  # it ended the drain; the pod still stops in order
        elif error := draining.exception():
            logger.error("the drain failed", exc_info=error)
        await super().shutdown(sockets)


def serve(application: Any, host: str, port: int, drain: Callable[[], Awaitable[None]]) -> None:
    """Serve until SIGTERM or SIGINT. HTTP requests and sockets share one event loop."""
    sys.setswitchinterval(SWITCH)
    gc.freeze()  # what was imported stays: to look through it again and again is a pause for all
    DrainingServer(configuration(application, host, port), drain).run()


def configuration(
    application: Any, host: str, port: int, ping_interval: float = PING_INTERVAL
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws=LeanWebSocket,
        ws_max_size=MAX_FRAME,
        ws_ping_interval=ping_interval,
        ws_ping_timeout=ping_interval,
        ws_per_message_deflate=False,  # 40 KB a socket, and frames are packed already
        lifespan="on",
        timeout_graceful_shutdown=GRACE,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # accounts.addresses counts the proxies itself
        log_config=None,
    )
