"""The check of the ledger: streams are compared with it, and read anew where they went wrong."""

import logging
from collections.abc import Callable

from django.db import Error as DatabaseError

from canvas import metrics, services
from canvas.domain.errors import UnknownCanvas
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.pod.catch_up import CatchUp
from canvas.pod.damaged_canvases import DamagedCanvases
from canvas.pod.stream import Stream
from canvas.pod.streams import Streams
from runtime.outages import reason_of
from runtime.tasks import KeyedTasks
from runtime.threads import WATCH, in_database

logger = logging.getLogger(__name__)


class LedgerCheck:
    """Finds what no message told of: lost placements, other rules, another past."""

    def __init__(
        self,
        streams: Streams,
        damaged: DamagedCanvases,
        catch_up: CatchUp,
        on_rebuilt: Callable[[Stream], None],
    ) -> None:
        """`on_rebuilt` is called with a stream that was read anew."""
        self._streams = streams
        self._damaged = damaged
        self._catch_up = catch_up
        self._on_rebuilt = on_rebuilt
        self._rebuilding = KeyedTasks[None]()
        self._suspects: set[str] = set()
        self._doubted: dict[str, int] = {}  # seqs to be compared at the next look

    def suspect(self, slug: str) -> None:
        """Have a board read anew at the next look."""
        self._suspects.add(slug)

    def doubt(self, slug: str, seq: int) -> None:
        """Compare what is remembered at a seq at the next look, in place of the newest."""
        self._doubted[slug] = seq

    def needs(self, slug: str) -> bool:
        """Tell whether a stream has to stay in memory: it is being read anew, or damaged."""
        return slug in self._rebuilding or slug in self._damaged

    def forget(self, slug: str) -> None:
        """Forget a canvas whose stream has left memory."""
        self._suspects.discard(slug)
        self._doubted.pop(slug, None)

    def disprove(self, stream: Stream, seq: int) -> None:
        """Have a board read anew that was another one at a seq than what has been sealed."""
        slug = stream.meta.slug
        if self._streams.get(slug) is stream and slug not in self._rebuilding:
            logger.error("the board of %s at seq %d is not the one that was sealed", slug, seq)
            self._rebuild_soon(slug, "proof")

    async def look(self) -> None:
        """Compare all streams with the ledger; raise DatabaseError.

        What was read while a stream was replaced or let go is of no use for the one there is now.
        """
        streams = dict(self._streams)
        doubted, self._doubted = self._doubted, {}
        before = {slug: doubted.get(slug, stream.last) for slug, stream in streams.items()}
        for slug, found in (await WATCH.run(reads.compared, before)).items():
            stream, head = streams[slug], found.head
            if self._streams.get(slug) is not stream or slug in self._rebuilding:
                continue
            if head.meta.revision < stream.meta.revision:
                await self._settle_lost_rules(stream, head.meta.epoch)
            elif head.meta.epoch != stream.meta.epoch:
                self._rebuild_soon(slug, "epoch")
            elif head.seq < before[slug] or stream.contradicts(found.at):
                await self._settle_ahead(stream, before[slug])
            elif slug in self._suspects:
                self._rebuild_soon(slug, "conflict")
            else:
                self._compare(stream, found)
                if slug in self._damaged:
                    await self._look_again(slug)

    async def _settle_ahead(self, stream: Stream, seq: int) -> None:
        """Have a canvas begin another past and read it anew: the ledger lacks what was at `seq`."""
        epoch, seen = stream.meta.epoch, stream.at(seq)
        if await self._settle(stream, f"what was at seq {seq}", epoch, seq, seen):
            self._rebuild_soon(stream.meta.slug, "ahead")

    async def _settle_lost_rules(self, stream: Stream, epoch: int) -> None:
        """Have a canvas begin another past where the ledger lacks rules that were committed.

        Those may have been a new epoch: people who know the one before would go on with another
        past. A look that began before the rules were committed finds them under the lock.
        """
        revision = stream.meta.revision
        meta = await self._settle(stream, f"revision {revision}", epoch, 0, None, revision)
        if meta is not None and meta.epoch != stream.meta.epoch:
            self._rebuild_soon(stream.meta.slug, "ahead")

    async def _settle(
        self,
        stream: Stream,
        lacking: str,
        epoch: int,
        seq: int,
        seen: Pixel | None,
        revision: int = 0,
    ) -> CanvasMeta | None:
        """Renew the epoch where the ledger lacks what this pod has seen; return the rules then.

        None on a database that cannot be written to: a replica may only be late.
        """
        slug = stream.meta.slug
        try:
            return await WATCH.run(services.settle_ahead, slug, epoch, seq, seen, revision)
        except DatabaseError as error:
            reason = reason_of(error)
            logger.warning("the ledger of %s lacks %s for now: %s", slug, lacking, reason)
            return None

    def _compare(self, stream: Stream, found: reads.Compared) -> None:
        """Take what the ledger says of the past that the stream is of."""
        slug, head = stream.meta.slug, found.head
        self._catch_up.set_rules(stream, head.meta)
        if found.fault is not None:
            self._damaged.report(slug, found.fault)
        if slug not in self._damaged:
            self._catch_up.expect(stream, head.seq, "check")

    async def _look_again(self, slug: str) -> None:
        """Read a damaged board anew where its fault is gone; that tells whether it is whole."""
        fault = self._damaged.due(slug)
        if fault is not None and await in_database(fault.is_mended, slug):
            self._rebuild_soon(slug, "mended")

    def _rebuild_soon(self, slug: str, reason: str) -> None:
        """Read a board anew in a task of its own: the check of the others goes on."""
        self._rebuilding.start(slug, self._rebuild(slug, reason))

    async def _rebuild(self, slug: str, reason: str) -> None:
        logger.warning("the board of %s is read anew: %s", slug, reason)
        metrics.rebuilds.labels(reason).inc()
        try:
            stream = await self._streams.load(slug)
        except (DatabaseError, UnknownCanvas):
            logger.exception("the board of %s could not be read anew", slug)
            return
        self._suspects.discard(slug)
        self._doubted.pop(slug, None)
        self._on_rebuilt(stream)
