"""The progress of open blueprints, counted on this pod's own boards, at most once a second.

The event loop only hands over the placements since the round before. A count begins in a thread,
with a copy of the board that is made while others draw: the placements since then, drawn once more
in their order, make it the board of a seq again.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blueprints import metrics, reads
from blueprints.domain.progress import Cells, Counter, Progress
from blueprints.errors import UnknownPicture
from blueprints.models import Blueprint
from blueprints.pod.openings import Key, Opening, Openings
from blueprints.protocol import blueprint_progress
from canvas.domain.area import Area
from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from runtime.threads import in_database

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds between two rounds
MAX_CELLS = 32 * 2**20  # of all counted blueprints: two bytes each, and one of the template
MAX_BEGUN = 4 * 2**20  # cells of blueprints whose count begins in one round, the first one excepted


class Count(NamedTuple):
    """The count of one version on one board, begun under this palette."""

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
    """The work of the thread for one canvas and round: all counts come to the board at `seq`."""

    seq: int
    pixels: Sequence[Pixel]
    going_on: Sequence[tuple[Opening, Count]]
    begun: Sequence[tuple[Opening, Count]]


class Counting:
    """Counts all that is open, canvas by canvas."""

    def __init__(self, openings: Openings, relay: Relay) -> None:
        self._openings = openings
        self._relay = relay
        self._counts: dict[Key, Count] = {}
        self._seqs: dict[str, tuple[Stream, int]] = {}  # that all counts of a canvas are at
        self._uncounted = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="progress")

    async def run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.count()
            except Exception:  # a round that has not ended leaves counts that are not of its seq
                logger.exception("open blueprints could not be counted, and are counted anew")
                self._counts.clear()
                self._seqs.clear()

    def stop(self) -> None:
        self._thread.shutdown(wait=False)

    async def count(self) -> None:
        """Count one round, and tell what has changed."""
        by_slug = defaultdict[str, list[Opening]](list)
        for opening in self._openings:
            if opening.shown is not None:
                by_slug[opening.slug].append(opening)
        self._forget({(each.slug, each.key) for all_of in by_slug.values() for each in all_of})
        self._uncounted = 0
        for slug, openings in by_slug.items():
            if self._relay.known(slug) is not None:  # or all sockets have left meanwhile
                await self._count_canvas(self._relay.current(slug), openings)
        metrics.uncounted.set(self._uncounted)

    async def _count_canvas(self, stream: Stream, openings: list[Opening]) -> None:
        slug = stream.meta.slug
        if slug not in self._seqs or self._seqs[slug][0] is not stream:
            self._seqs[slug] = stream, stream.last
        begun = await self._begin(stream, openings)
        job = self._take(stream, openings, begun)
        if not (job.pixels or job.begun):
            return
        loop = asyncio.get_running_loop()
        for opening, count, progress in await loop.run_in_executor(self._thread, _work, job):
            if opening.shown is not None and opening.shown.version == count.version:
                event = blueprint_progress(opening.key, count.version, job.seq, progress)
                opening.tell_progress(event)

    async def _begin(self, stream: Stream, openings: list[Opening]) -> set[Key]:
        """Begin counts for those that have none which can go on, as many as fit."""
        begun: set[Key] = set()
        left = MAX_CELLS - sum(_size(each) for each in self._counts.values())
        cells_begun = 0
        for opening in openings:
            shown, key = opening.shown, (opening.slug, opening.key)
            count = self._counts.get(key)
            if shown is None or (count is not None and count.holds(shown, stream)):
                continue
            if count is not None:
                left += _size(self._counts.pop(key))
            cells = shown.picture.width * shown.picture.height
            if cells > left:
                self._uncounted += 1
                continue
            if begun and cells_begun + cells > MAX_BEGUN:
                continue  # the next round
            if (made := await self._new(shown, stream)) is not None:
                self._counts[key] = made
                begun.add(key)
                left, cells_begun = left - cells, cells_begun + cells
        return begun

    async def _new(self, shown: Blueprint, stream: Stream) -> Count | None:
        palette, place = stream.meta.palette, (shown.x, shown.y)
        try:
            counter = await in_database(_load, shown.picture.pk, place, palette, stream.board)
        except UnknownPicture:
            return None  # deleted since the last look
        return Count(shown.version, stream, palette, counter)

    def _take(self, stream: Stream, openings: list[Opening], begun: set[Key]) -> Job:
        """Take the placements since the last round, and the counts that they belong to."""
        _stream, since = self._seqs[stream.meta.slug]
        seq = stream.last
        pixels = stream.between(since, seq)
        self._seqs[stream.meta.slug] = stream, seq
        going_on: list[tuple[Opening, Count]] = []
        new: list[tuple[Opening, Count]] = []
        for opening in openings:
            key, shown = (opening.slug, opening.key), opening.shown
            count = self._counts.get(key)
            if shown is None or count is None or not count.holds(shown, stream) or pixels is None:
                self._counts.pop(key, None)  # or more was placed than memory has: it begins anew
            else:
                (new if key in begun else going_on).append((opening, count))
        return Job(seq, pixels or (), going_on, new)

    def _forget(self, open_now: set[Key]) -> None:
        for key in self._counts.keys() - open_now:
            del self._counts[key]
        for slug in self._seqs.keys() - {slug for slug, _key in open_now}:
            del self._seqs[slug]


def _load(sha256: str, place: tuple[int, int], palette: Sequence[str], board: Board) -> Counter:
    counter = Counter(reads.template(sha256), *place, palette, board.size)
    counter.start(_copy(board, counter.area))
    return counter


def _copy(board: Board, area: Area) -> Cells:
    cells = np.frombuffer(board.cells, np.uint8).reshape(board.height, board.width)
    return cells[area.y : area.y + area.height, area.x : area.x + area.width].copy().ravel()


def _size(count: Count) -> int:
    return count.counter.area.width * count.counter.area.height


@metrics.counting_seconds.time()
def _work(job: Job) -> list[tuple[Opening, Count, Progress]]:
    """Bring all counts of a canvas to the seq of the job; return those that have changed."""
    changed = list(job.begun)
    if job.pixels:
        columns = _columns(job.pixels)
        for _opening, count in job.begun:
            count.counter.draw(*columns)
        changed += [each for each in job.going_on if each[1].counter.draw(*columns)]
    return [(opening, count, count.counter.progress()) for opening, count in changed]


def _columns(pixels: Iterable[Pixel]) -> tuple[NDArray[np.int64], NDArray[np.int64], Cells]:
    xs, ys, colors = zip(*((each.x, each.y, each.color) for each in pixels), strict=True)
    return np.array(xs, np.int64), np.array(ys, np.int64), np.array(colors, np.uint8)
