"""Shutdown on SIGTERM or SIGINT: drain the sockets, finish the requests, stop the pod.

`DrainingServer.shutdown` is the order of events. The pod itself is stopped at the end, by
`pixelsite.lifespan`.
"""

import asyncio
import logging
from socket import socket
from types import FrameType

import uvicorn
from django.conf import settings

from canvas.pod.pod import current_pod
from pixelsite.server.http_protocol import BoundedHttp

REQUEST_GRACE = 10  # seconds in which requests may finish after the drain
SIGNAL_POLL_INTERVAL = 0.1  # seconds until a second signal is noticed

logger = logging.getLogger(__name__)


class DrainingServer(uvicorn.Server):
    """A server that goes on listening while its sockets leave, and then ends with exit code 0.

    uvicorn's own closes all sockets at once, so that all clients come back at once, and dies of
    the signal that it got.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown at the first signal, and end the drain at the second one."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        BoundedHttp.is_draining = True
        draining = asyncio.ensure_future(drain())
        while not (draining.done() or self.force_exit):
            await asyncio.wait([draining], timeout=SIGNAL_POLL_INTERVAL)
        if draining.cancel():
            self.force_exit = False  # it ended the drain; the pod still stops in order
        elif error := draining.exception():
            logger.error("the drain failed", exc_info=error)
        await super().shutdown(sockets)


async def drain() -> None:
    """Close the pod's sockets over DRAIN_SECONDS, so that clients move to other pods."""
    pod = current_pod.get()
    if pod is not None:
        await pod.drain(settings.DRAIN_SECONDS)
