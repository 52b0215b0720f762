"""The merging of sorted runs: all placements in the order of their times, in bounded memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from history.datasets.records import RECORD, Records

AT_ONCE = 2**19  # records in memory, over all runs: 18 MB, and as much twice while they are sorted
LAST = int(np.iinfo(np.int64).max)  # a time after all
LEAST = 512  # records of each run: runs of MAX_ROWS placements have 2**20 together


def merged(runs: Sequence[Path]) -> Iterator[Records]:
    """Yield the records of runs that are sorted by time, in that order.

    Of equal times those of an earlier run come first, and within a run in its order.
    """
    if not runs:
        return
    share = max(LEAST, AT_ONCE // len(runs))
    open_runs = [each for each in (_Run(path, share) for path in runs) if each.fill()]
    while open_runs:
        # Up to the end of the block that ends first, all blocks know what there is.
        ends = ((each.last, number) for number, each in enumerate(open_runs) if each.has_more)
        time, limit = min(ends, default=(LAST, len(open_runs)))
        parts = [
            each.take_until(time, including=number <= limit)
            for number, each in enumerate(open_runs)
            if each.first <= time
        ]
        records = np.concatenate(parts)
        yield records[np.argsort(records["time"], kind="stable")]
        open_runs = [each for each in open_runs if each.fill()]


class _Run:
    """A run, of which a block is in memory. Its file is open only while some of it is read."""

    def __init__(self, path: Path, share: int) -> None:
        self._path, self._share = path, share
        self._read = 0
        self._block: Records = np.empty(0, RECORD)
        self.has_more = True  # beyond the block

    @property
    def first(self) -> int:
        return int(self._block["time"][0])

    @property
    def last(self) -> int:
        return int(self._block["time"][-1])

    def take_until(self, time: int, *, including: bool) -> Records:
        """Take the records of the block before a time, or up to it."""
        side: Literal["left", "right"] = "right" if including else "left"
        count = int(np.searchsorted(self._block["time"], time, side))
        taken, self._block = self._block[:count], self._block[count:]
        return taken

    def fill(self) -> bool:
        """Read on where half of the block is used up; return whether there is one."""
        if self.has_more and len(self._block) <= self._share // 2:
            records = np.load(self._path, mmap_mode="r")
            end = self._read + self._share - len(self._block)
            self._block = np.concatenate((self._block, records[self._read : end]))
            self._read, self.has_more = end, end < len(records)
        return len(self._block) > 0
