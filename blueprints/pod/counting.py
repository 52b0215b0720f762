"""The progress of open blueprints, counted on this pod's own boards, at most once a second.

The event loop only takes what is needed: the placements since the round before, and a copy of the
board under a blueprint that is counted for the first time. A thread of its own does the rest.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from django.db import Error as DatabaseError
from numpy.typing import NDArray

from blueprints import metrics, reads
from blueprints.domain.progress import Cells, Counter, Progress
from blueprints.errors import UnknownPicture
from blueprints.models import Blueprint
from blueprints.pod.openings import Key, Opening, Openings
from blueprints.protocol import blueprint_progress
from canvas.domain.area import Area
from canvas.domain.pixel import Pixel
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from runtime.threads import in_database

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds between two rounds
MAX_CELLS = 32 * 2**20  # of all counted blueprints: two bytes each, and one of the template
MAX_COPIED = 16 * 2**20  # cells of boards copied in one round, which takes some 5 ms


class Count(NamedTuple):
    """The count of one version on one board: begun under these rules, true at `seq`."""

    version: int
    stream: Stream
    palette: Sequence[str]
    counter: Counter

    def holds(self, shown: Blueprint, stream: Stream) -> bool:
        """Tell whether it can go on, or has to begin anew."""
        return (
            self.version == shown.version
            and self.stream is stream
            and self.palette == stream.meta.palette
        )


class Job(NamedTuple):
    """The work of the thread for one canvas and round, all of it of the board at `seq`."""

    seq: int
    pixels: Sequence[Pixel]
    going_on: list[tuple[Opening, Count]]
    beginning: list[tuple[Opening, Count, Cells]]


class Counting:
    """Counts all that is open, canvas by canvas."""

    def __init__(self, openings: Openings, relay: Relay) -> None:
        self._openings = openings
        self._relay = relay
        self._counts: dict[Key, Count] = {}
        self._seqs: dict[str, tuple[Stream, int]] = {}  # that all counts of a canvas are at
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="progress")

    async def run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.count()
            except DatabaseError:
                logger.exception("images of open blueprints could not be read")

    def stop(self) -> None:
        self._thread.shutdown(wait=False)

    async def count(self) -> None:
        """Count one round, and tell what has changed."""
        by_slug = defaultdict[str, list[Opening]](list)
        for opening in self._openings:
            if opening.shown is not None:
                by_slug[opening.slug].append(opening)
        self._forget({(each.slug, each.key) for all_of in by_slug.values() for each in all_of})
        for slug, openings in by_slug.items():
            await self._count_canvas(slug, openings)

    async def _count_canvas(self, slug: str, openings: list[Opening]) -> None:
        stream = self._relay.current(slug)
        begun = await self._begin(stream, openings)
        job = self._take(slug, self._relay.current(slug), openings, begun)
        if not (job.pixels or job.beginning):
            return
        loop = asyncio.get_running_loop()
        told = await loop.run_in_executor(self._thread, _work, job)
        for opening, count, progress in told:
            if opening.shown is not None and opening.shown.version == count.version:
                event = blueprint_progress(opening.key, count.version, job.seq, progress)
                opening.tell_progress(event)

    async def _begin(self, stream: Stream, openings: list[Opening]) -> dict[Key, Count]:
        """Read the images of those that have no count which can go on, as many as fit."""
        begun: dict[Key, Count] = {}
        left = MAX_CELLS - sum(_size(each) for each in self._counts.values())
        copied = uncounted = 0
        for opening in openings:
            shown, key = opening.shown, (opening.slug, opening.key)
            count = self._counts.get(key)
            if shown is None or (count is not None and count.holds(shown, stream)):
                continue
            if count is not None:
                left += _size(self._counts.pop(key))
            cells = shown.picture.width * shown.picture.height
            if cells > left:
                uncounted += 1
            elif copied + cells <= MAX_COPIED:
                made = await self._counter(shown, stream)
                if made is not None:
                    begun[key] = Count(shown.version, stream, stream.meta.palette, made)
                    left, copied = left - cells, copied + cells
        metrics.uncounted.set(uncounted)
        return begun

    async def _counter(self, shown: Blueprint, stream: Stream) -> Counter | None:
        try:
            template = await in_database(reads.template, shown.picture.pk)
        except UnknownPicture:
            return None  # deleted since the last look
        size = stream.board.size
        return Counter(template, shown.x, shown.y, stream.meta.palette, size)

    def _take(
        self, slug: str, stream: Stream, openings: list[Opening], begun: dict[Key, Count]
    ) -> Job:
        """Take the placements since the last round and copies of the board, at one seq."""
        seq = stream.last
        before, since = self._seqs.get(slug, (stream, seq))
        pixels = stream.between(since, seq) if before is stream else None
        self._seqs[slug] = stream, seq
        going_on, beginning = [], []
        for opening in openings:
            key, shown = (slug, opening.key), opening.shown
            count = self._counts.get(key)
            if count is not None and pixels is None:
                del self._counts[key]  # older than memory has: it begins anew next time
            elif count is not None and shown is not None and count.holds(shown, stream):
                going_on.append((opening, count))
            new = begun.get(key)
            if new is not None and shown is not None and new.holds(shown, stream):
                self._counts[key] = new
                beginning.append((opening, new, _copy(stream, new.counter.area)))
        return Job(seq, pixels or (), going_on, beginning)

    def _forget(self, open_now: set[Key]) -> None:
        for key in self._counts.keys() - open_now:
            del self._counts[key]
        for slug in self._seqs.keys() - {slug for slug, _key in open_now}:
            del self._seqs[slug]


def _copy(stream: Stream, area: Area) -> Cells:
    board = stream.board
    cells = np.frombuffer(board.cells, np.uint8).reshape(board.height, board.width)
    return cells[area.y : area.y + area.height, area.x : area.x + area.width].ravel().copy()


def _size(count: Count) -> int:
    return count.counter.area.width * count.counter.area.height


@metrics.counting_seconds.time()
def _work(job: Job) -> list[tuple[Opening, Count, Progress]]:
    """Bring all counts of a canvas to the seq of the job; return those that have changed."""
    changed: list[tuple[Opening, Count]] = []
    if job.pixels:
        xs, ys, colors = _columns(job.pixels)
        changed += [each for each in job.going_on if each[1].counter.draw(xs, ys, colors)]
    for opening, count, cells in job.beginning:
        count.counter.start(cells)
        changed.append((opening, count))
    return [(opening, count, count.counter.progress()) for opening, count in changed]


def _columns(pixels: Iterable[Pixel]) -> tuple[NDArray[np.int64], NDArray[np.int64], Cells]:
    xs, ys, colors = zip(*((each.x, each.y, each.color) for each in pixels), strict=True)
    return np.array(xs, np.int64), np.array(ys, np.int64), np.array(colors, np.uint8)
