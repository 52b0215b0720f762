"""Catching up: what a stream lacks is read from the ledger, once for all that ask at a time."""

import asyncio
import logging
from collections.abc import Callable

from django.db import Error as DatabaseError

from canvas import metrics
from canvas.domain.rules import CanvasMeta
from canvas.ledger import faults, fold, reads
from canvas.pod.damaged_canvases import DamagedCanvases
from canvas.pod.hub import Hub
from canvas.pod.stream import Stream
from canvas.protocol import events
from runtime.tasks import KeyedTasks
from runtime.threads import WATCH

logger = logging.getLogger(__name__)

GAP_TIMEOUT = 0.05  # seconds that a gap may last before the ledger is read
ADVANCE_PAUSE = 0.1  # seconds that large commits are gathered for one read


class CatchUp:
    """Reads of the ledger that follow a stream's newest placement."""

    def __init__(
        self,
        hub: Hub,
        damaged: DamagedCanvases,
        look: Callable[[], None],
        suspect: Callable[[str], None],
    ) -> None:
        """`look` is called where a read finds another past, `suspect` with the slug where it finds
        another placement than the stream's newest.
        """
        self._hub = hub
        self._damaged = damaged
        self._look = look
        self._suspect = suspect
        self._reading = KeyedTasks[None]()
        self._gathering: set[str] = set()  # canvases that are read after ADVANCE_PAUSE
        self._again: set[str] = set()  # canvases that are to be read once more

    def expect(self, stream: Stream, seq: int, reason: str) -> None:
        """Read the ledger if the stream has not reached `seq` by GAP_TIMEOUT."""

        def look_again() -> None:
            if stream.last < seq:
                self.start(stream, reason)

        if stream.last < seq:
            asyncio.get_running_loop().call_later(GAP_TIMEOUT, look_again)

    def start(self, stream: Stream, reason: str) -> None:
        """Read what is missing, unless it would end before a known fault.

        A read that is under way may have looked already: it looks once more.
        """
        slug = stream.meta.slug
        if slug in self._reading:
            self._again.add(slug)
        elif slug not in self._damaged:
            self._read_soon(stream, reason)

    def gather(self, stream: Stream) -> None:
        """Read large commits that were only announced, those of ADVANCE_PAUSE together."""
        slug = stream.meta.slug
        if slug in self._gathering:
            return

        def read() -> None:
            self._gathering.discard(slug)
            self.start(stream, "advanced")

        self._gathering.add(slug)
        asyncio.get_running_loop().call_later(ADVANCE_PAUSE, read)

    async def finish(self, stream: Stream) -> None:
        """Read all that the ledger has now. A read under way may have looked already: it is
        followed by another.
        """
        if under_way := self._reading.get(stream.meta.slug):
            await asyncio.shield(under_way)
        if stream.meta.slug not in self._reading:
            self._read_soon(stream, "asked")
        await asyncio.shield(self._reading[stream.meta.slug])

    def set_rules(self, stream: Stream, meta: CanvasMeta) -> None:
        """Take other rules over, but not older ones that were read before a commit."""
        if meta.revision >= stream.meta.revision and meta != stream.meta:
            stream.meta = meta
            self._hub.notify(meta.slug, events.canvas_changed(meta, stream.last))

    def _read_soon(self, stream: Stream, reason: str) -> None:
        metrics.catch_ups.labels(reason).inc()
        self._reading.start(stream.meta.slug, self._read(stream))

    async def _read(self, stream: Stream) -> None:
        """Fill the gap, and drop what waited before but is not in the ledger: it was never
        committed.
        """
        waiting = stream.waiting()
        try:
            if await self._fill(stream):
                stream.forget(waiting)
        except DatabaseError:
            logger.exception("the ledger could not be read")
        self._hub.advance()

    async def _fill(self, stream: Stream) -> bool:
        """Take the placements that follow, page after page; return whether the stream has them all.

        Another past or a fault of the ledger ends it.
        """
        while page := await self._next_page(stream, last := stream.last):
            if page.meta.epoch != stream.meta.epoch:
                self._look()
                return False
            if stream.contradicts(page.pixels[0]):
                self._suspect(stream.meta.slug)
                return False
            self.set_rules(stream, page.meta)
            pixels = [pixel for pixel in page.pixels if pixel.seq > last]
            fault = faults.first_fault(page.meta, last, pixels)
            whole = pixels if fault is None else pixels[: fault.first - last - 1]
            metrics.caught_up.inc(stream.fill(whole))
            if fault is not None and fault.first > stream.last:
                self._damaged.report(stream.meta.slug, fault)
                return False
            if len(page.pixels) < fold.PAGE and stream.meta.slug not in self._again:
                break  # there was no more when it was read, and none was told of since
        return True

    async def _next_page(self, stream: Stream, last: int) -> reads.Page | None:
        """Read from the stream's newest placement on: a ledger that lost its end has another."""
        self._again.discard(stream.meta.slug)
        return await WATCH.run(reads.page_after, stream.meta, max(0, last - 1))
