"""The production server: uvicorn, set up for many sockets that come and go."""

from typing import Any

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MAX_FRAME = 128 * 1024  # bytes; a frame that is only too long for us still gets an error
PING_INTERVAL = 20.0  # seconds, and as many again until a silent socket is given up
GRACE = 20  # seconds in which sockets and requests may finish when the pod stops
LAST_WORDS = 1.0  # seconds that a close frame may take to leave


class AbortingWebSocket(WebSocketsSansIOProtocol):
    """Lets go of a client that acknowledges but never reads.

    uvicorn closes its transport when pings stay unanswered, and a close waits until the buffer
    is empty, which for such a client is never.
    """

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(LAST_WORDS, self.transport.abort)


def serve(application: Any, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT. HTTP requests and sockets share one event loop."""
    uvicorn.Server(configuration(application, host, port)).run()


def configuration(
    application: Any, host: str, port: int, ping_interval: float = PING_INTERVAL
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws=AbortingWebSocket,
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
