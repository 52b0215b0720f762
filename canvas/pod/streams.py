"""The streams that a pod serves, each loaded once from the database."""

import asyncio

from canvas.domain.pixel import Pixel
from canvas.ledger import faults, reads, tip_copies, tips
from canvas.ledger.faults import LedgerFault
from canvas.ledger.tip_copies import TipCopy
from canvas.pod.damaged_canvases import DamagedCanvases
from canvas.pod.stream import MEMORY, Stream
from canvas.pod.tip_cache import TipCache, count_use
from canvas.protocol.signatures import signer
from runtime.tasks import KeyedTasks, spawn_detached
from runtime.threads import in_database


class Streams(dict[str, Stream]):
    """The streams by slug."""

    def __init__(self, damaged: DamagedCanvases, tip_cache: TipCache) -> None:
        super().__init__()
        self._tip_cache = tip_cache
        self._damaged = damaged
        self._loading = KeyedTasks[Stream]()

    async def get_or_load(self, slug: str) -> Stream:
        """Return a stream; load it when there is none yet, once for all that ask at a time.

        Raise UnknownCanvas, or DatabaseError.
        """
        if slug in self:
            return self[slug]
        loading = self._loading.get(slug) or self._loading.start(slug, self.load(slug))
        # shielded: a request that gives up must not cancel it for the others that wait
        return await asyncio.shield(loading)

    async def load(self, slug: str) -> Stream:
        """Read a stream from the database, in place of the one that there was.

        Raise UnknownCanvas, or DatabaseError.
        """
        await in_database(reads.head, slug)  # of a canvas that is none, nothing is asked for
        copy = await self._tip_cache.read(slug)
        self[slug], fault, fresh = await in_database(_read, slug, copy)
        self._damaged.settle(slug, fault)
        if fresh is not None:
            spawn_detached(self._tip_cache.write(slug, fresh))
        return self[slug]


def _read(slug: str, copy: TipCopy | None) -> tuple[Stream, LedgerFault | None, TipCopy | None]:
    """Read the newest board that there is without a fault, and what is remembered with it.

    Also return a copy of the tip where the one that there was is of no use.
    """
    meta, seq = reads.head(slug)
    tip, is_copy = tip_copies.read_tip(meta, copy)
    board, fault = tips.load_whole(meta, seq, tip)
    fresh = None
    if tip is not None:
        count_use(copy, used=is_copy)
        fresh = None if is_copy else tip_copies.copy_of(tip, meta, signer().site)
    since = max(0, board.seq - MEMORY)
    recent = [each for each in reads.pixels_after(meta, since, MEMORY) if each.seq <= board.seq]
    last = recent[-1].seq if recent else since
    behind = faults.first_fault(meta, since, recent) or faults.fault_at_end(board.seq, last)
    return Stream(meta, board, _unbroken(recent, board.seq)), fault or behind, fresh


def _unbroken(pixels: list[Pixel], last: int) -> list[Pixel]:
    """Return the placements at the end that follow one another up to the seq `last`."""
    for left, pixel in enumerate(reversed(pixels)):
        if pixel.seq != last - left:
            return pixels[len(pixels) - left :]
    return pixels
