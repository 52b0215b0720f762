"""The streams that a pod serves: loaded once each from the database, and let go when idle."""

import asyncio
import time

from canvas import metrics
from canvas.domain.errors import Busy
from canvas.domain.pixel import Pixel
from canvas.ledger import faults, reads, tip_copies, tips
from canvas.ledger.faults import LedgerFault
from canvas.ledger.tip_copies import TipCopy
from canvas.pod.damaged_canvases import DamagedCanvases
from canvas.pod.stream import MEMORY, Stream
from canvas.pod.tip_cache import TipCache, count_use
from canvas.protocol.signatures import signer
from runtime.hold_count import HoldCount
from runtime.tasks import KeyedTasks, spawn_detached
from runtime.threads import in_database

IDLE = 60.0  # seconds without a socket or a request until a board leaves memory
FRESH = 5.0  # seconds that a board stays in any case: a socket or request is about to use it
MAX_BYTES = 512 * 2**20  # of boards in memory; what has sockets stays, and no other is loaded
LOADS_AT_ONCE = 2  # boards read from the database at a time
MAX_LOADING = 50  # boards that wait for it; more are refused as busy


class Streams(dict[str, Stream]):
    """The streams by slug.

    A stream that is held stays. Another one goes when it has not been asked for in IDLE
    seconds, or when MAX_BYTES are needed for others: that which was asked for longest ago first.
    """

    def __init__(self, damaged: DamagedCanvases, tip_cache: TipCache) -> None:
        super().__init__()
        self._tip_cache = tip_cache
        self._damaged = damaged
        self._loading = KeyedTasks[Stream]()
        self._gate = asyncio.Semaphore(LOADS_AT_ONCE)
        self._holders = HoldCount()
        self._used_at: dict[str, float] = {}

    async def get_or_load(self, slug: str) -> Stream:
        """Return a stream; load it when there is none yet, once for all that ask at a time.

        Raise UnknownCanvas, Busy, or DatabaseError.
        """
        self._used_at[slug] = time.monotonic()
        if slug in self:
            return self[slug]
        loading = self._loading.get(slug)
        if loading is None:
            self._require_room()
            loading = self._loading.start(slug, self._load_in_turn(slug))
        try:
            # shielded: a request that gives up must not cancel it for the others that wait
            return await asyncio.shield(loading)
        finally:
            if slug not in self and slug not in self._loading:
                self._used_at.pop(slug, None)  # there is no such canvas

    def hold(self, slug: str) -> None:
        """Keep a stream in memory until it is let go as often."""
        self._holders.hold(slug)

    def let_go(self, slug: str) -> None:
        self._holders.let_go(slug)
        self._used_at[slug] = time.monotonic()

    def idle(self) -> list[str]:
        """Return the slugs of the streams that should leave memory."""
        now = time.monotonic()
        free = sorted(self.keys() - self._holders.keys(), key=self._used_at.__getitem__)
        too_many = self.size() - MAX_BYTES
        leaving = []
        for slug in free:
            age = now - self._used_at[slug]
            if age > IDLE or (too_many > 0 and age > FRESH):
                leaving.append(slug)
                too_many -= self[slug].size
        return leaving

    def unload(self, slug: str) -> None:
        del self[slug]
        self._used_at.pop(slug, None)
        metrics.boards_unloaded.inc()

    def size(self) -> int:
        """Return the bytes of memory that all of them take, about."""
        return sum(stream.size for stream in self.values())

    def _require_room(self) -> None:
        """Raise Busy where too many boards are being loaded, or in use."""
        in_use = sum(self[slug].size for slug in self.keys() & self._holders.keys())
        if len(self._loading) >= MAX_LOADING or in_use >= MAX_BYTES:
            raise Busy("Too many canvases are in use on this server; try again.")

    async def _load_in_turn(self, slug: str) -> Stream:
        async with self._gate:
            return await self.load(slug)

    async def load(self, slug: str) -> Stream:
        """Read a stream from the database, in place of the one that there was.

        Raise UnknownCanvas, or DatabaseError.
        """
        await in_database(reads.head, slug)  # of a canvas that is none, nothing is asked for
        copy = await self._tip_cache.read(slug)
        self[slug], fault, fresh = await in_database(_read, slug, copy)
        self._used_at.setdefault(slug, time.monotonic())
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
