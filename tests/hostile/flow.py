"""Honest sockets that draw, and how long each pixel takes to all of them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Set
from contextlib import asynccontextmanager

from runtime.tasks import end
from tests.hostile.witness import SETTLE, Witness, fresh_order
from tests.support.sockets import Watcher

PERIOD = 0.1  # seconds between two pixels of one socket
ARRIVAL = 30.0  # seconds in which each pixel has to come to all, on the slowest of machines
POLL = 0.05  # seconds


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
        """Return the 99th percentile, in seconds, from sending to each socket, over that time.

        Fail where nothing was drawn, or a pixel does not come to all within ARRIVAL.
        """
        before = set(self._sent_at)
        await asyncio.sleep(seconds)
        asked = self._sent_at.keys() - before
        assert asked, f"nobody drew in {seconds} s"
        seqs = await self._arrived(asked)
        delays = sorted(
            socket.seen_at[seqs[each]] - self._sent_at[each]
            for each in asked
            for socket in self._sockets
        )
        return delays[int(len(delays) * 0.99)]

    async def _arrived(self, asked: Set[str]) -> dict[str, int]:
        """Wait until all that was asked for is acknowledged and has come to all; return the seqs.

        Fail with what is missing after ARRIVAL.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + ARRIVAL
        while missing := self._missing(asked, seqs := self._acked()):
            assert clock() < until, f"after {ARRIVAL} s {missing}"
            await asyncio.sleep(POLL)
        return seqs

    def _acked(self) -> dict[str, int]:
        return {ack["id"]: ack["seq"] for each in self._sockets for ack in each.of_type("ack")}

    def _missing(self, asked: Set[str], seqs: Mapping[str, int]) -> str:
        """Return in words what has no ack, or has not come to all; empty for none."""
        if unanswered := asked - seqs.keys():
            errors = [error for each in self._sockets for error in each.of_type("error")]
            return f"{len(unanswered)} of {len(asked)} have no ack; errors: {errors[:5]}"
        wanted = {seqs[each] for each in asked}
        lacking = [len(wanted - each.seen_at.keys()) for each in self._sockets]
        return f"sockets lack so many of {len(wanted)}: {lacking}" if any(lacking) else ""

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
