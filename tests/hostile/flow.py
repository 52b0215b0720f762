"""Honest sockets that draw, and how long each pixel takes to all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from runtime.tasks import end
from tests.hostile.witness import SETTLE, Witness, fresh_order
from tests.support.sockets import Watcher

PERIOD = 0.1  # seconds between two pixels of one socket


class Flow:
    """Sockets that draw ten pixels a second each, and see those of all."""

    def __init__(self, witness: Witness, sockets: list[Watcher]) -> None:
        self._witness = witness
        self._sockets = sockets
        self._sent_at: dict[str, float] = {}

    async def run(self) -> None:
        while True:
            for socket in self._sockets:
                cell, order = fresh_order("Honest")
                self._witness.allow(cell)
                self._sent_at[order["id"]] = asyncio.get_running_loop().time()
                socket.send(order)
                await asyncio.sleep(PERIOD / len(self._sockets))

    async def p99(self, seconds: float) -> float:
        """Return the 99th percentile, in seconds, from sending to each socket, over that time."""
        begun = asyncio.get_running_loop().time()
        await asyncio.sleep(seconds)
        ended = asyncio.get_running_loop().time()
        await asyncio.sleep(1)
        delays = sorted(
            seen - self._sent_at[ack["id"]]
            for sender in self._sockets
            for ack in sender.of_type("ack")
            if begun <= self._sent_at[ack["id"]] < ended
            for seen in (each.seen_at.get(ack["seq"]) for each in self._sockets)
            if seen is not None
        )
        return delays[int(len(delays) * 0.99)]

    async def check(self) -> None:
        """Fail where a socket was closed, told to resync, or missed a placement."""
        last = await asyncio.to_thread(self._witness.site.last)
        for socket in self._sockets:
            await socket.reach(last, SETTLE)
            assert (socket.closed, socket.faults, socket.of_type("resync")) == (None, [], [])


@asynccontextmanager
async def flowing(witness: Witness, sockets: int) -> AsyncIterator[Flow]:
    """Let so many honest sockets draw; in the end each must have got everything."""
    url, last = witness.site.pod.ws_url(), witness.site.last()
    watchers = [Watcher(url, since=last, timed=True) for _ in range(sockets)]
    await asyncio.gather(*(watcher.connect() for watcher in watchers))
    flow = Flow(witness, watchers)
    drawing = asyncio.create_task(flow.run())
    try:
        yield flow
        await end(drawing)
        await flow.check()
    finally:
        await end(drawing)
        await asyncio.gather(*(watcher.close() for watcher in watchers))
