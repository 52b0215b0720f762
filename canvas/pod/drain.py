"""The drain: the sockets of a pod that stops go to other pods."""

import asyncio
import math

from canvas import metrics
from canvas.pod.hub import Hub
from canvas.protocol.close_codes import CloseCode

DRAIN_STEP = 0.1  # seconds between two groups of sockets that are sent elsewhere


async def drain(hub: Hub, seconds: float) -> None:
    """Send all sockets elsewhere, evenly over so many seconds, each after its last frames.

    A socket that joins meanwhile goes with the others. Ends as soon as none stays.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    while staying := [socket for socket in hub.sockets() if not socket.outbox.closing]:
        left = max(0.0, deadline - clock())
        pause = max(DRAIN_STEP, left / len(staying))
        count = math.ceil(len(staying) * min(1.0, pause / left)) if left else len(staying)
        for socket in staying[:count]:
            socket.outbox.close(CloseCode.RESTARTING, "restarting", flush=True)
        metrics.drained.inc(count)
        if count < len(staying):
            await asyncio.sleep(pause)
