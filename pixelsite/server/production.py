"""The production server: uvicorn, configured for many sockets that come and go."""

import gc
import sys
from typing import Any

import uvicorn

from pixelsite.server.http_protocol import MAX_CONNECTIONS, BoundedHttp
from pixelsite.server.open_files import connections_within, raise_limit
from pixelsite.server.shutdown import REQUEST_GRACE, DrainingServer
from pixelsite.server.websocket_protocol import BoundedWebSocket

MAX_FRAME = 128 * 1024  # bytes: a frame that is only too long for our limits still gets an error
KEEP_ALIVE = 75  # seconds: longer than the 60 that proxies keep a connection for reuse
PING_INTERVAL = 20.0  # seconds, and as many again until a silent socket is closed
SWITCH_INTERVAL = 0.001  # seconds that a database thread waits for a busy event loop's GIL


def serve(application: Any, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT. HTTP requests and sockets share one event loop."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.freeze()  # imported modules stay: each collection that walks them would pause all sockets
    limit = raise_limit()
    BoundedHttp.max_connections = connections_within(limit, MAX_CONNECTIONS)
    DrainingServer(configuration(application, host, port)).run()


def configuration(
    application: Any,
    host: str,
    port: int,
    *,
    ping_interval: float = PING_INTERVAL,
    keep_alive: int = KEEP_ALIVE,
) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedHttp,
        ws=BoundedWebSocket,
        ws_max_size=MAX_FRAME,
        ws_ping_interval=ping_interval,
        ws_ping_timeout=ping_interval,
        ws_per_message_deflate=False,  # 40 KB a socket, and frames are packed already
        timeout_keep_alive=keep_alive,
        lifespan="on",
        timeout_graceful_shutdown=REQUEST_GRACE,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # accounts.addresses counts the proxies itself
        log_config=None,
    )
